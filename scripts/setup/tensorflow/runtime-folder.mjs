// @ts-check
/**
 * A runtime in the cache: `deps/lib` (TensorFlow), `deps/nvidia` (CUDA), `lib/napi-v8` (the addon), `licences`, and
 * `runtime.json`, which says what it is and is written last.
 */
import {
  existsSync,
  fsyncSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

/**
 * @typedef {object} RuntimeDescription
 * @property {'cpu' | 'gpu'} kind
 * @property {string} tensorflow version
 * @property {string} addon version of `@tensorflow/tfjs-node`
 * @property {string} platform
 * @property {string} source where it came from, for people
 * @property {string[]} libraryFolders relative; what the engine's process needs on its library path
 * @property {{ path: string, bytes: number }[]} files relative; all of them, to notice one that is missing or cut short
 */

/** @param {string} folder @returns {RuntimeDescription | null} */
export function describeRuntime(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'runtime.json'), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Whether a runtime is there, whole.
 * @param {string} folder
 */
export function isWhole(folder) {
  const description = describeRuntime(folder);
  if (description === null) return false;
  return description.files.every(({ path, bytes }) => {
    try {
      return statSync(join(folder, path)).size === bytes;
    } catch {
      return false;
    }
  });
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
    files: files.map((file) => ({ path: relative(folder, file), bytes: statSync(file).size })),
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
