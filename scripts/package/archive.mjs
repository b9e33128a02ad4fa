// @ts-check
/** What is inside an unpacked program: the archive and the files beside it. */
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** electron-builder's own tools, in the versions it uses. @param {string} root */
function builderTools(root) {
  const require = createRequire(
    createRequire(join(root, 'package.json')).resolve('app-builder-lib/package.json'),
  );
  return { asar: require('@electron/asar'), yaml: require('js-yaml') };
}

/** The configuration as data. @param {string} root @param {string} text */
export function parseYaml(root, text) {
  return builderTools(root).yaml.load(text);
}

/**
 * @typedef {object} Archive
 * @property {string} path
 * @property {readonly string[]} files inside, with forward slashes, folders left out
 * @property {(file: string) => boolean} isUnpacked
 * @property {(file: string) => Buffer} read
 */

/**
 * Opens `app.asar`.
 * @param {string} root
 * @param {string} path
 * @returns {Archive}
 */
export function openArchive(root, path) {
  const { asar } = builderTools(root);
  const stat = (/** @type {string} */ file) =>
    asar.statFile(path, file.split('/').join(process.platform === 'win32' ? '\\' : '/'));
  const files = asar
    .listPackage(path, { isPack: false })
    .map((/** @type {string} */ file) => file.replaceAll('\\', '/').replace(/^\//, ''))
    .filter((/** @type {string} */ file) => !('files' in stat(file)));
  return {
    path,
    files,
    isUnpacked: (file) => stat(file).unpacked === true,
    read: (file) => asar.extractFile(path, file),
  };
}

/**
 * Lays the archive out as a folder that plain Node can run. Unpacked files are links, not copies: they are large.
 * @param {Archive} archive
 * @param {string} folder replaced
 */
export function layOut(archive, folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const file of archive.files) {
    const place = join(folder, file);
    mkdirSync(dirname(place), { recursive: true });
    if (archive.isUnpacked(file)) symlinkSync(join(`${archive.path}.unpacked`, file), place);
    else writeFileSync(place, archive.read(file));
  }
}

/** The bytes in a folder, with all below it. @param {string} folder @returns {number} */
export function bytesOf(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? bytesOf(path) : statSync(path).size;
  }
  return bytes;
}
