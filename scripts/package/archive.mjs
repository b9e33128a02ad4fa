// @ts-check
/** What is inside an unpacked program: the archive and the files beside it. */
import { copyFileSync, linkSync, mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

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
 * Puts the files of a folder in another place as well, as links of their own name where the disk can do that: what runs
 * there finds nothing of the checkout around it.
 * @param {string} from
 * @param {string} to made here
 */
export function linkFolder(from, to) {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkFile(source, target);
  }
}

/** @param {string} source @param {string} target */
function linkFile(source, target) {
  try {
    linkSync(source, target);
  } catch {
    // Another disk.
    copyFileSync(source, target);
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
