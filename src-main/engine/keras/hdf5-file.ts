/** HDF5 files as far as Keras uses them: groups with attributes, and datasets of numbers. */
import type * as h5wasm from 'h5wasm';
import { AppError } from '../../contract/shared/errors.ts';
import { numbersOf } from './hdf5-numbers.ts';

/** Numbers in a file, read when needed. */
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

/** The library and its files. */
interface Hdf5Library {
  readonly h5: typeof h5wasm;
  readonly fs: FileSystem;
}

let library: Promise<Hdf5Library> | null = null;
let opened = 0;

/** The library's files. */
export interface FileSystem {
  readonly streams: readonly (object | null | undefined)[];
  writeFile(path: string, bytes: Uint8Array, options: { canOwn: boolean }): void;
  readFile(path: string): Uint8Array;
  unlink(path: string): void;
  close(stream: object): void;
}

/** The library comes as WebAssembly and is loaded when the first file needs it. */
export function hdf5Library(): Promise<Hdf5Library> {
  return (library ??= load());
}

async function load(): Promise<Hdf5Library> {
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
  const { h5, fs } = await hdf5Library();
  const name = `/model-${++opened}.h5`;
  fs.writeFile(name, bytes, { canOwn: true });
  try {
    return wrapHdf5(
      () => new h5.File(name, 'r'),
      fs,
      path,
      () => fs.unlink(name),
    );
  } catch (error) {
    fs.unlink(name);
    throw error;
  }
}

function damaged(path: string, cause: unknown): AppError {
  const reason = 'it is cut off or damaged (an HDF5 file that cannot be opened)';
  return new AppError('MODEL_FILE_INVALID', { path, reason }, { cause });
}

/** Names that a group may hold: each costs time, and no network has as many layers. */
const maxNames = 10_000;

/** Runs work of the library on one file. */
type Guard = <Result>(work: () => Result) => Result;

/**
 * Work of the library that leaves nothing open when it fails. The library writes its errors to a temporary file that it
 * never closes, and leaves a file open where it cannot read it: one descriptor for every failure.
 * @throws AppError MODEL_FILE_INVALID
 */
function guardOf(fs: FileSystem, path: string): Guard {
  return (work) => {
    const before = new Set(fs.streams);
    try {
      return work();
    } catch (error) {
      for (const stream of fs.streams) closeStray(fs, before.has(stream) ? null : stream);
      throw error instanceof AppError ? error : damaged(path, error);
    }
  };
}

function closeStray(fs: FileSystem, stream: object | null | undefined): void {
  try {
    if (stream) fs.close(stream);
  } catch {
    // Closed already.
  }
}

/**
 * A file of the library.
 * @param open opens it
 * @param release called once it is closed
 * @throws AppError MODEL_FILE_INVALID
 */
export function wrapHdf5(
  open: () => h5wasm.File,
  fs: FileSystem,
  path: string,
  release: () => void,
): Hdf5File {
  const guarded = guardOf(fs, path);
  const before = new Set(fs.streams);
  const file = guarded(open);
  const own = fs.streams.filter((stream) => !before.has(stream));
  return {
    ...wrapGroup(file, guarded, path),
    close() {
      try {
        guarded(() => file.close());
      } finally {
        // What an error has left open keeps the library from closing the file.
        for (const stream of own) if (fs.streams.includes(stream)) closeStray(fs, stream);
        release();
      }
    },
  };
}

function wrapGroup(group: h5wasm.Group, guarded: Guard, file: string): Hdf5Group {
  let known: string[] | null = null;
  const names = (): string[] => {
    known ??= group.keys();
    if (known.length <= maxNames) return known;
    const reason = `it holds ${known.length} entries in one group, where at most ${maxNames} are read`;
    throw new AppError('MODEL_FILE_INVALID', { path: file, reason });
  };
  const find = (path: string): unknown => {
    const parts = path.split('/').filter((part) => part !== '');
    let at: unknown = group;
    for (const part of parts) {
      if (!isGroup(at) || !(at === group ? names() : at.keys()).includes(part)) return null;
      at = at.get(part);
    }
    return at;
  };
  return {
    names: () => guarded(names),
    attribute: (name) => guarded(() => group.attrs[name]?.value as unknown),
    group: (path) =>
      guarded(() => {
        const found = find(path);
        return isGroup(found) ? wrapGroup(found, guarded, file) : null;
      }),
    dataset: (path) =>
      guarded(() => {
        const found = find(path);
        return isDataset(found) ? wrapDataset(found, path, guarded, file) : null;
      }),
  };
}

function isGroup(entity: unknown): entity is h5wasm.Group {
  return entity !== null && typeof entity === 'object' && 'keys' in entity;
}

function isDataset(entity: unknown): entity is h5wasm.Dataset {
  return entity !== null && typeof entity === 'object' && 'shape' in entity && !isGroup(entity);
}

function wrapDataset(dataset: h5wasm.Dataset, name: string, guarded: Guard, file: string): Hdf5Dataset {
  return {
    name,
    shape: dataset.shape ?? [],
    read: () => guarded(() => numbersOf(dataset, name, file)),
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
