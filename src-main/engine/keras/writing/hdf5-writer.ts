/** Writes HDF5 files, by the library that reads them. */
import type { Group } from 'h5wasm';
import { hdf5Library } from '../hdf5-file.ts';

/** A group of a file that is being written. */
export interface Hdf5Target {
  group(name: string): Hdf5Target;
  /** One text, or a list of them. */
  attribute(name: string, value: string | readonly string[]): void;
  numbers(name: string, shape: readonly number[], values: Float32Array): void;
}

let written = 0;

/** Writes a file. @param fill puts its content in. @returns its bytes */
export async function writeHdf5(fill: (root: Hdf5Target) => void): Promise<Uint8Array> {
  const { h5, fs } = await hdf5Library();
  const path = `/written-${++written}.h5`;
  const file = new h5.File(path, 'w');
  try {
    fill(target(file));
    file.flush();
  } finally {
    file.close();
  }
  try {
    return fs.readFile(path);
  } finally {
    fs.unlink(path);
  }
}

function target(group: Group): Hdf5Target {
  return {
    group: (name) => target(group.create_group(name)),
    attribute: (name, value) => {
      // Texts of any length are kept outside the header, which holds 64 kB.
      if (typeof value === 'string') group.create_attribute(name, value, [], 'S');
      else group.create_attribute(name, [...value], [value.length], 'S');
    },
    numbers: (name, shape, values) => {
      group.create_dataset({ name, data: values, shape: [...shape], dtype: '<f' });
    },
  };
}
