/** Where the TensorFlow packages and the runtime that set-up linked into them are. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RejectedEngine } from './candidate.ts';

/** The two packages with the same addon: `-gpu` is the one made for NVIDIA GPUs. */
export type TensorflowPackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** What set-up wrote about a runtime it made (`runtime.json`). */
export interface RuntimeDescription {
  readonly kind: 'cpu' | 'gpu';
  readonly tensorflow: string;
  /** Where it came from, for people. */
  readonly source: string;
  /** Relative to the runtime's folder. */
  readonly libraryFolders: readonly string[];
}

/** A runtime linked into a package. */
export interface LinkedRuntime {
  readonly folder: string;
  /** Null for one that set-up did not make, such as tfjs-node's own download. */
  readonly description: RuntimeDescription | null;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * The folder of a package.
 * @param base a file from whose place the package is looked for, as `require` does
 * @returns null when it is not installed
 */
export function packageFolder(name: TensorflowPackage, base: string): string | null {
  try {
    return dirname(createRequire(base).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

/**
 * The runtime of a package.
 * @returns null when it has none
 */
export function linkedRuntime(folder: string): LinkedRuntime | null {
  const addon = join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
  if (!existsSync(addon)) return null;
  const runtime = join(realpathSync(join(folder, 'lib')), '..');
  return {
    folder: runtime,
    description: readJson(join(runtime, 'runtime.json')) as RuntimeDescription | null,
  };
}

/** Why set-up could not get the runtime of an engine; null when it did not say. */
export function setupNote(folder: string, engine: string): RejectedEngine | null {
  const notes = readJson(join(folder, '..', '..', '.lenslet', 'engines.json'));
  if (!Array.isArray(notes)) return null;
  return (notes as RejectedEngine[]).find((note) => note.engine === engine) ?? null;
}
