// @ts-check
/** The checks of an unpacked program. Each is one thing that would break Lenslet on a user's machine. */
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { electronFiles, plainFiles } from '../../rolldown.config.mjs';
import { defaultBackbone } from '../setup/backbone.mjs';
import { bytesOf, openArchive, parseYaml } from './archive.mjs';
import { runPackaged } from './run-packaged.mjs';
import { fuseSentinel } from './stand-in-electron.mjs';

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {string | null} problem null when it is right
 * @property {string} [detail]
 */
/** @typedef {import('./archive.mjs').Archive} Archive */

/** Gigabytes that the unpacked program may have; TensorFlow alone has 0.65. */
const LARGEST = 1.2;

/** @param {readonly (string | false)[]} problems */
function first(problems) {
  return problems.find((problem) => problem !== false) ?? null;
}

/** @param {string} root @returns {Result} */
function checkTargets(root) {
  const config = parseYaml(root, readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
  const wanted = { linux: ['AppImage', 'deb'], win: ['nsis'], mac: ['dmg'] };
  const missing = Object.entries(wanted).flatMap(([system, targets]) =>
    targets
      .filter((target) => !config[system].target.includes(target))
      .map((target) => `${system} ${target}`),
  );
  const icons = Object.keys(wanted).filter((system) => !existsSync(join(root, config[system].icon)));
  return {
    name: 'configuration',
    problem: first([
      missing.length > 0 && `no ${missing.join(', ')}`,
      icons.length > 0 && `no icon for ${icons.join(', ')}`,
      config.asar !== true && 'no asar',
    ]),
    detail: 'AppImage, deb, NSIS, dmg',
  };
}

/** @param {Archive} archive @returns {Result} */
function checkEntries(archive) {
  const manifest = JSON.parse(archive.read('package.json').toString());
  const page = archive.files.includes('build/renderer/index.html')
    ? archive.read('build/renderer/index.html').toString()
    : '';
  const assets = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(
    ([, path]) => `build/renderer/${path}`,
  );
  const wanted = [
    ...[manifest.main, ...electronFiles, ...plainFiles],
    ...['build/renderer/index.html', ...assets, 'assets/icon.png'],
    ...['assets/cluster/lenslet_job.py', 'assets/cluster/requirements.txt'],
  ];
  const missing = wanted.filter((file) => !archive.files.includes(file));
  return {
    name: 'entry points and page',
    problem: first([
      missing.length > 0 && `missing ${missing.join(', ')}`,
      manifest.type !== 'module' && 'not an ES module',
    ]),
    detail: `${wanted.length} files`,
  };
}

/** @param {string} root @param {Archive} archive @returns {Result} */
function checkLeftOut(root, archive) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const development = Object.keys(devDependencies).filter((name) =>
    archive.files.some((file) => file.startsWith(`node_modules/${name}/`)),
  );
  const strays = archive.files.filter((file) =>
    /^(src-main|src-renderer|test|scripts|docs|\.)|\.(ts|map|env)$|^(?!node_modules).*\.(jpe?g|log)$/.test(
      file,
    ),
  );
  return {
    name: 'nothing that does not belong',
    problem: first([
      development.length > 0 && `development dependencies ${development.join(', ')}`,
      strays.length > 0 && `${strays.length} files such as ${strays.slice(0, 3).join(', ')}`,
    ]),
    detail: `${archive.files.length} files in all`,
  };
}

/**
 * Electron loads its part from the archive; plain Node cannot, and has everything it opens beside it.
 * @param {Archive} archive @param {string} resources @returns {Result}
 */
function checkPlaces(archive, resources) {
  const ofPlainNode = archive.files.filter((file) =>
    /^(package\.json$|build\/(core|renderer)\/|assets\/cluster\/|node_modules\/)/.test(file),
  );
  const packed = ofPlainNode.filter((file) => !archive.isUnpacked(file));
  const unpacked = archive.files.filter((file) => file.startsWith('build/main/') && archive.isUnpacked(file));
  const node = join(resources, 'node', process.platform === 'win32' ? 'node.exe' : 'node');
  return {
    name: 'places of the files',
    problem: first([
      packed.length > 0 &&
        `inside the archive, where plain Node cannot read: ${packed.slice(0, 3).join(', ')}`,
      unpacked.length > 0 &&
        `outside the archive, where Electron does not look after them: ${unpacked.join(', ')}`,
      !existsSync(node) && 'no plain Node',
      existsSync(node) && (statSync(node).mode & 0o111) === 0 && 'the plain Node cannot be run',
    ]),
    detail: `${ofPlainNode.length} files and a Node of ${existsSync(node) ? Math.round(statSync(node).size / 1e6) : 0} MB beside the archive`,
  };
}

/** @param {Archive} archive @returns {Result} */
function checkNative(archive) {
  const wanted = [
    /tfjs-node\/lib\/napi-v\d+\/tfjs_binding\.node$/,
    /tfjs-node\/deps\/lib\/libtensorflow_\w+\.so|tensorflow\.dll|libtensorflow\w*\.dylib/,
    /@img\/sharp-[\w-]+\/.*\.node$/,
    /onnxruntime-node\/bin\/.*\/onnxruntime_binding\.node$/,
    /onnxruntime-node\/bin\/.*\/(libonnxruntime|onnxruntime\.dll)/,
    /@img\/sharp-libvips[\w-]*\/.*libvips/,
  ];
  const native = archive.files.filter((file) => /\.(node|so|dll|dylib)(\.\d+)*$/.test(file));
  const packed = native.filter((file) => !archive.isUnpacked(file));
  const others = native.filter(
    (file) => /\/bin\/.*\/(darwin|linux|win32)\//.test(file) && !file.includes(`/${process.platform}/`),
  );
  const missing = wanted.filter((pattern) => !native.some((file) => pattern.test(file)));
  const places = native
    .filter((file) => archive.isUnpacked(file))
    .map((file) => join(`${archive.path}.unpacked`, file));
  const notReal = places.filter((place) => !existsSync(place) || !lstatSync(place).isFile());
  return {
    name: 'native parts',
    problem: first([
      missing.length > 0 && `missing ${missing.join(', ')}`,
      others.length > 0 && `of other systems: ${others.slice(0, 3).join(', ')}`,
      packed.length > 0 && `inside the archive, where the system cannot load them: ${packed.join(', ')}`,
      notReal.length > 0 && `not real files: ${notReal.join(', ')}`,
    ]),
    detail: `${native.length} unpacked, ${Math.round(places.reduce((sum, place) => sum + (existsSync(place) ? statSync(place).size : 0), 0) / 1e6)} MB`,
  };
}

/** @param {string} folder @returns {Result} */
function checkFuses(folder) {
  const executable = ['lenslet-desktop', 'Lenslet.exe']
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  if (executable === undefined)
    return { name: 'fuses', problem: null, detail: 'not looked at on this system' };
  const bytes = readFileSync(executable);
  const at = bytes.indexOf(fuseSentinel) + fuseSentinel.length + 2;
  const states = bytes.subarray(at, at + 9).toString();
  // Run as Node off, cookies encrypted, no NODE_OPTIONS, no inspector, asar integrity, only asar, no file privileges.
  const wanted = /^010011.0/;
  return { name: 'fuses', problem: wanted.test(states) ? null : `they are ${states}`, detail: states };
}

/** @param {string} resources @returns {Result} */
function checkResources(resources) {
  const command = process.platform === 'win32' ? 'bin/lenslet.cmd' : 'bin/lenslet';
  const licences = ['third-party.txt', 'tensorflow', 'node.txt', 'LICENSE'].map((file) => `licences/${file}`);
  const wanted = [command, ...licences];
  const missing = wanted.filter((file) => !existsSync(join(resources, file)));
  const runnable =
    missing.length > 0 ||
    process.platform === 'win32' ||
    (statSync(join(resources, command)).mode & 0o111) !== 0;
  const list = existsSync(join(resources, 'licences/third-party.txt'))
    ? readFileSync(join(resources, 'licences/third-party.txt'), 'utf8')
    : '';
  const unlisted = ['libheif-js', '@tensorflow/tfjs-node', 'sharp', 'vue'].filter(
    (name) => !new RegExp(`^  ${name} \\d`, 'm').test(list),
  );
  return {
    name: 'licences and command',
    problem: first([
      missing.length > 0 && `missing ${missing.join(', ')}`,
      !runnable && `${command} cannot be run`,
      unlisted.length > 0 && `not listed: ${unlisted.join(', ')}`,
    ]),
  };
}

/** @param {string} root @param {string} resources @returns {Result} */
function checkBackbone(root, resources) {
  const name = 'default pretrained network';
  const made = join(root, 'build', 'backbones', defaultBackbone);
  if (!existsSync(made)) return { name, problem: null, detail: 'could not be had, and is not inside' };
  const files = ['model.json', 'weights.bin', 'NOTICE.txt', 'LICENSE.txt'];
  const different = files.filter((file) => {
    const [inside, wanted] = [join(resources, 'backbones', defaultBackbone, file), join(made, file)];
    return !existsSync(inside) || !readFileSync(inside).equals(readFileSync(wanted));
  });
  return {
    name,
    problem: first([different.length > 0 && `missing or different: ${different.join(', ')}`]),
    detail: `${defaultBackbone}, with notice and licence`,
  };
}

/** @param {string} folder @returns {Result} */
function checkSize(folder) {
  const gigabytes = bytesOf(folder) / 1e9;
  return {
    name: 'size',
    problem: gigabytes > LARGEST ? `${gigabytes.toFixed(2)} GB; the limit is ${LARGEST}` : null,
    detail: `${gigabytes.toFixed(2)} GB unpacked`,
  };
}

/**
 * Checks an unpacked program: what is in it, and whether its core, command line and engine run from it alone.
 * @param {string} root the checkout it was built from
 * @param {string} folder of the program
 * @returns {AsyncGenerator<Result>}
 */
export async function* checkPackage(root, folder) {
  const resources =
    [join(folder, 'resources'), join(folder, 'Resources')].find((path) => existsSync(path)) ?? folder;
  const archive = openArchive(root, join(resources, 'app.asar'));
  yield checkTargets(root);
  yield checkEntries(archive);
  yield checkLeftOut(root, archive);
  yield checkPlaces(archive, resources);
  yield checkNative(archive);
  yield checkFuses(folder);
  yield checkResources(resources);
  yield checkBackbone(root, resources);
  yield checkSize(folder);
  yield* runPackaged(archive, resources);
}
