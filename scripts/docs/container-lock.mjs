// @ts-check
/** The lock of packages that an export in a container installs: the part of ours that they need. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>, version: string }} Entry */

const wanted = ['onnxruntime-node', 'sharp'];

/** @param {string} root of the repository @returns {string} JSON */
export function containerLock(root) {
  /** @type {{ packages: Record<string, Entry> }} */
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  /** As Node looks for a package: beside the one that asks, then further out. @param {string} from @param {string} name */
  const find = (from, name) => {
    for (
      let folder = from;
      ;
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))
    ) {
      const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
      if (path in packages) return path;
      if (folder === '') return null;
    }
  };
  /** @type {Map<string, Entry>} */
  const found = new Map();
  /** @param {string} from @param {string[]} names */
  const add = (from, names) => {
    for (const name of names) {
      const path = find(from, name);
      if (path === null || found.has(path)) continue;
      const entry = packages[path];
      found.set(path, entry);
      add(path, Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }));
    }
  };
  add('', wanted);
  const dependencies = Object.fromEntries(
    wanted.map((name) => [name, packages[`node_modules/${name}`].version]),
  );
  const own = { name: 'lenslet-export', dependencies };
  const entries = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const lock = {
    name: own.name,
    lockfileVersion: 3,
    requires: true,
    packages: { '': own, ...Object.fromEntries(entries) },
  };
  return JSON.stringify(lock);
}
