// @ts-check
/** The licences of everything that goes into the package, collected from what is installed. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeLicence } from '../setup/node-runtime.mjs';

/**
 * @typedef {object} Installed
 * @property {string} name
 * @property {string} version
 * @property {string} licence SPDX id
 * @property {string} folder
 */

/** @param {unknown} licence the package.json field, in any of its historical forms */
function licenceId(licence) {
  if (typeof licence === 'string') return licence;
  const list = Array.isArray(licence) ? licence : [licence];
  return list.map((entry) => entry?.type ?? '').join(' OR ') || 'see its files';
}

/**
 * Everything installed that is no development dependency, from the lock file.
 * @param {string} root
 * @returns {Installed[]}
 */
export function productionPackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || entry.dev || entry.devOptional) continue;
    const folder = join(root, path);
    if (!existsSync(join(folder, 'package.json'))) continue;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    found.push({
      name: manifest.name,
      version: manifest.version,
      licence: licenceId(manifest.license ?? manifest.licenses),
      folder,
    });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @param {string} folder */
function licenceTexts(folder) {
  return readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice|third.?party)/i.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());
}

/** What the renderer's bundle holds of development dependencies. */
const bundledForThePage = [
  ...['vue', 'pinia', 'vue-router', '@nuxt/ui', '@vueuse/core', 'tailwindcss', 'reka-ui'],
  ...[
    'chart.js',
    'vue-chartjs',
    '@tanstack/vue-virtual',
    '@fontsource-variable/inter',
    '@iconify-json/lucide',
  ],
];

/** @param {string} root @param {string} name */
function installed(root, name) {
  const folder = join(root, 'node_modules', name);
  if (!existsSync(folder)) return [];
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return [{ name, version: manifest.version, licence: licenceId(manifest.license), folder }];
}

const introduction = `Lenslet is under the MIT licence (LICENSE). It contains the software listed here.

Under the LGPL, as separate files that you may replace by your own builds:
  libheif (with libde265), in node_modules/libheif-js of app.asar: LGPL-3.0
  libvips and what it is linked with, in app.asar.unpacked/node_modules/@img: LGPL-3.0-or-later
Their sources: the packages "libheif-js" and "sharp-libvips" name them for exactly these versions.

Under the Apache License 2.0, where they are inside: the weights of EfficientNet-Lite0, in backbones/efficientnet-lite0
beside this folder. NOTICE.txt there says where they come from; the text of the licence stands below, with sharp.
`;

/**
 * Writes the licences folder: Lenslet's own, one list of all parts with their texts, Node.js' and TensorFlow's own files.
 * @param {string} root the checkout
 * @param {string} folder replaced
 */
export function writeLicences(root, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (existsSync(join(root, 'LICENSE'))) cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  if (existsSync(nodeLicence(root))) cpSync(nodeLicence(root), join(folder, 'node.txt'));
  const parts = [...productionPackages(root), ...bundledForThePage.flatMap((name) => installed(root, name))];
  const list = parts.map(({ name, version, licence }) => `  ${name} ${version}: ${licence}`);
  const texts = parts.map(({ name, version, licence, folder: from }) =>
    [`${'='.repeat(80)}\n${name} ${version} (${licence})`, ...licenceTexts(from)].join('\n\n'),
  );
  writeFileSync(join(folder, 'third-party.txt'), [introduction, ...list, '', ...texts, ''].join('\n'));
  const library = join(root, 'node_modules', '@tensorflow', 'tfjs-node', 'lib');
  const notices = existsSync(library) ? join(dirname(realpathSync(library)), 'licences') : '';
  if (notices !== '' && existsSync(notices)) cpSync(notices, join(folder, 'tensorflow'), { recursive: true });
}
