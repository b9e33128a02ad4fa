// @ts-check
/** Makes `node_modules/@tensorflow/tfjs-node` find the runtime in the cache. */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** @param {string} path */
function realPath(path) {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** @param {string} path */
function isLink(path) {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** @param {string} target @param {string} place */
function linkFolder(target, place) {
  if (realPath(place) === realPath(target)) return;
  const fresh = `${place}.new-${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  try {
    symlinkSync(target, fresh, 'junction');
  } catch {
    // No links here (some file systems, some Windows policies): 700 MB more, but it works.
    cpSync(target, fresh, { recursive: true });
  }
  // Renaming a link over a link is one step; a folder has to go first.
  if (!isLink(place)) rmSync(place, { recursive: true, force: true });
  try {
    renameSync(fresh, place);
  } catch {
    rmSync(place, { recursive: true, force: true });
    renameSync(fresh, place);
  }
}

/** @param {string} place */
function unlink(place) {
  if (isLink(place)) rmSync(place, { force: true });
}

/**
 * Links a runtime into both packages. The GPU's library computes on the CPU as well, so it serves both: two
 * TensorFlow libraries in one process would be asking for trouble.
 * @param {string} modules the checkout's node_modules
 * @param {{ folder: string, kind: 'cpu' | 'gpu' } | null} runtime null takes our links away
 */
export function linkRuntime(modules, runtime) {
  for (const name of ['tfjs-node', 'tfjs-node-gpu']) {
    const wanted = runtime !== null && (name === 'tfjs-node' || runtime.kind === 'gpu');
    for (const part of ['deps', 'lib']) {
      const place = join(modules, '@tensorflow', name, part);
      if (wanted) linkFolder(join(runtime.folder, part), place);
      else unlink(place);
    }
  }
}

/**
 * Tells the engine what set-up could not get, so that the app can say it (`src-main/backends/runtime-folder.ts`).
 * @param {string} file
 * @param {readonly { engine: string, reason: string, remedy: string }[]} failures reasons without capital and full stop
 */
export function writeNotes(file, failures) {
  const sentences = failures.map(({ engine, reason, remedy }) => ({
    engine,
    reason: `${reason[0].toUpperCase()}${reason.slice(1)}.`,
    remedy,
  }));
  const text = JSON.stringify(sentences, null, 2);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}
