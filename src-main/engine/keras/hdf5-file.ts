/** HDF5 files as far as Keras uses them: groups with attributes, and datasets of numbers. */
import type * as h5wasm from 'h5wasm';
import { AppError } from '../../contract/errors.ts';
import { numbersOf } from './hdf5-numbers.ts';

/** Numbers in a file, read when asked for. */
export interface Hdf5Dataset {
  readonly name: string;
  readonly shape: readonly number[];
  read(): Float32Array;
}

export interface Hdf5Group {
  /** Names of what lies directly in it. */
  names(): string[];
  /** Undefined when there is none. */
  attribute(name: string): unknown;
  /** A group below, by path; null when there is none. */
  group(path: string): Hdf5Group | null;
  /** A dataset below, by path; null when there is none. */
  dataset(path: string): Hdf5Dataset | null;
}

export interface Hdf5File extends Hdf5Group {
  close(): void;
}

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** True when bytes begin as HDF5 files do. */
export function isHdf5(bytes: Uint8Array): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/** The library comes as WebAssembly and is loaded when the first file needs it. */
let library: Promise<{ h5: typeof h5wasm; fs: FileSystem }> | null = null;
let opened = 0;

interface FileSystem {
  writeFile(path: string, bytes: Uint8Array, options: { canOwn: boolean }): void;
  unlink(path: string): void;
}

async function load(): Promise<{ h5: typeof h5wasm; fs: FileSystem }> {
  const h5 = await import('h5wasm');
  const module = await h5.ready;
  // Otherwise it prints what it does not like.
  module.activate_throwing_error_handler();
  return { h5, fs: module.FS as unknown as FileSystem };
}

/**
 * Opens an HDF5 file in memory, without copying it.
 * @param path for messages
 * @throws AppError MODEL_FILE_INVALID
 */
export async function openHdf5(bytes: Uint8Array, path: string): Promise<Hdf5File> {
  const { h5, fs } = await (library ??= load());
  const name = `/model-${++opened}.h5`;
  fs.writeFile(name, bytes, { canOwn: true });
  try {
    const file = new h5.File(name, 'r');
    return wrapHdf5(file, path, () => fs.unlink(name));
  } catch (error) {
    fs.unlink(name);
    throw damaged(path, error);
  }
}

function damaged(path: string, cause: unknown): AppError {
  const reason = 'it is cut off or damaged (an HDF5 file that cannot be opened)';
  return new AppError('MODEL_FILE_INVALID', { path, reason }, { cause });
}

/** An open file of the library. @param release called once it is closed */
export function wrapHdf5(file: h5wasm.File, path: string, release: () => void): Hdf5File {
  return {
    ...wrapGroup(file, path),
    close() {
      file.close();
      release();
    },
  };
}

function wrapGroup(group: h5wasm.Group, file: string): Hdf5Group {
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw error instanceof AppError ? error : damaged(file, error);
    }
  };
  const find = (path: string): unknown => {
    const parts = path.split('/').filter((part) => part !== '');
    let at: unknown = group;
    for (const part of parts) {
      if (!isGroup(at) || !at.keys().includes(part)) return null;
      at = at.get(part);
    }
    return at;
  };
  return {
    names: () => guarded(() => group.keys()),
    attribute: (name) => guarded(() => group.attrs[name]?.value as unknown),
    group: (path) =>
      guarded(() => {
        const found = find(path);
        return isGroup(found) ? wrapGroup(found, file) : null;
      }),
    dataset: (path) =>
      guarded(() => {
        const found = find(path);
        return isDataset(found) ? wrapDataset(found, path, file) : null;
      }),
  };
}

function isGroup(entity: unknown): entity is h5wasm.Group {
  return entity !== null && typeof entity === 'object' && 'keys' in entity;
}

function isDataset(entity: unknown): entity is h5wasm.Dataset {
  return entity !== null && typeof entity === 'object' && 'shape' in entity && !isGroup(entity);
}

function wrapDataset(dataset: h5wasm.Dataset, name: string, file: string): Hdf5Dataset {
  return {
    name,
    shape: dataset.shape ?? [],
    read() {
      try {
        return numbersOf(dataset, name, file);
      } catch (error) {
        throw error instanceof AppError ? error : damaged(file, error);
      }
    },
  };
}

/** A list of names in an attribute, which Keras splits into parts when it is long. */
export function namesIn(group: Hdf5Group, attribute: string): string[] | null {
  const whole = group.attribute(attribute);
  if (whole !== undefined) return listOf(whole);
  const parts: string[] = [];
  for (let part = 0; ; part++) {
    const value = group.attribute(`${attribute}${part}`);
    if (value === undefined) return part === 0 ? null : parts;
    parts.push(...listOf(value));
  }
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((name) => (typeof name === 'string' ? [name] : []));
}
