// @ts-check
/**
 * A runtime in the cache: `deps/lib` (TensorFlow), `deps/nvidia` (CUDA), `lib/napi-v8` (the addon), `licences`, and
 * `runtime.json`, which says what it is and is written last.
 */
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

/** @typedef {{ path: string, bytes: number, modified?: number, sha256?: string }} DescribedFile */

/**
 * @typedef {object} RuntimeDescription
 * @property {'cpu' | 'gpu'} kind
 * @property {string} tensorflow version
 * @property {string} addon version of `@tensorflow/tfjs-node`
 * @property {string} platform
 * @property {string} source where it came from, for people
 * @property {string[]} libraryFolders relative; what the engine's process needs on its library path
 * @property {DescribedFile[]} files relative; all of them, to notice one that is missing, cut short or changed
 */

/** @param {string} folder @returns {RuntimeDescription | null} */
export function describeRuntime(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'runtime.json'), 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} file @returns {string} hexadecimal */
function sha256(file) {
  const hash = createHash('sha256');
  const block = Buffer.allocUnsafe(1 << 20);
  const handle = openSync(file, 'r');
  try {
    for (let read; (read = readSync(handle, block)) > 0;) hash.update(block.subarray(0, read));
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex');
}

/**
 * Whether a runtime is there, whole. A file whose time differs from the described one is compared by its SHA-256, the
 * others by size, so that a start stays fast. A runtime of earlier versions has no hashes: they are taken once.
 * @param {string} folder
 */
export function isWhole(folder) {
  const description = describeRuntime(folder);
  if (description === null) return false;
  // Where a hash cannot be kept it would be compared with nothing.
  const keeps = isWritable(folder);
  let touched = false;
  const whole = description.files.every((file) => {
    try {
      const path = join(folder, file.path);
      const { size, mtimeMs } = statSync(path);
      if (size !== file.bytes) return false;
      if (file.sha256 === undefined && !keeps) return true;
      if (file.sha256 !== undefined && mtimeMs === file.modified) return true;
      const found = sha256(path);
      if (file.sha256 !== undefined && file.sha256 !== found) return false;
      Object.assign(file, { modified: mtimeMs, sha256: found });
      touched = true;
      return true;
    } catch {
      return false;
    }
  });
  if (whole && touched) remember(folder, description);
  return whole;
}

/**
 * Keeps the times at which files were found unchanged, so that they are not read again.
 * @param {string} folder
 * @param {RuntimeDescription} description
 */
function remember(folder, description) {
  const fresh = join(folder, `runtime.json.${process.pid}`);
  try {
    writeFileSync(fresh, JSON.stringify(description, null, 2));
    renameSync(fresh, join(folder, 'runtime.json'));
  } catch {
    // In a folder that cannot be written the next start reads them again.
  }
}

/** @param {string} folder @returns {string[]} every file below it */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** @param {string} file */
function flush(file) {
  const handle = openSync(file, 'r');
  try {
    fsyncSync(handle);
  } catch {
    // Some network file systems know no fsync; the sizes in the description still tell a torn file.
  } finally {
    closeSync(handle);
  }
}

/**
 * Writes the description of a finished runtime.
 * @param {string} folder
 * @param {Omit<RuntimeDescription, 'files' | 'libraryFolders'>} facts
 */
export function writeDescription(folder, facts) {
  const files = filesBelow(folder).filter((file) => !file.endsWith('runtime.json'));
  files.forEach(flush);
  const nvidia = join(folder, 'deps', 'nvidia');
  const cuda = existsSync(nvidia)
    ? readdirSync(nvidia).map((name) => join('deps', 'nvidia', name, 'lib'))
    : [];
  const description = {
    ...facts,
    libraryFolders: [join('deps', 'lib'), ...cuda.filter((path) => existsSync(join(folder, path)))],
    files: files.map((file) => {
      const { size, mtimeMs } = statSync(file);
      return { path: relative(folder, file), bytes: size, modified: mtimeMs, sha256: sha256(file) };
    }),
  };
  writeFileSync(join(folder, 'runtime.json'), JSON.stringify(description, null, 2));
  flush(join(folder, 'runtime.json'));
}

/**
 * Puts a finished runtime in its place, in one step. One that another process put there meanwhile stays; a damaged
 * one gives way.
 * @param {string} made
 * @param {string} folder
 */
export function placeRuntime(made, folder) {
  for (;;) {
    if (existsSync(folder)) {
      if (isWhole(folder)) return;
      const damaged = `${made}.damaged`;
      renameSync(folder, damaged);
      rmSync(damaged, { recursive: true, force: true });
    }
    try {
      renameSync(made, folder);
      return;
    } catch (error) {
      const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? '';
      if (!['EEXIST', 'ENOTEMPTY'].includes(code)) throw error;
    }
  }
}
