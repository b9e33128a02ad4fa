/** Reading training data by slot. The engine does not know where it lies. */

/** Records of one shape: tiles are bytes, cached features are floats. */
export interface RecordReader {
  /** Of one record, e.g. `[150, 150, 3]` or `[1280]`. */
  readonly shape: readonly number[];
  readonly type: 'uint8' | 'float32';
  /** Fills `into` with the records of `slots`, one after another; what is left over stays as it is. */
  read(slots: readonly number[], into: Uint8Array): Promise<void>;
}

/** Reads training tiles. */
export interface TileReader extends RecordReader {
  /** Height and width in pixels. */
  readonly size: number;
  readonly channels: 1 | 3;
}

/** Bytes of one record. */
export function recordBytes({ shape, type }: Pick<RecordReader, 'shape' | 'type'>): number {
  return shape.reduce((product, side) => product * side, type === 'uint8' ? 1 : 4);
}

/** Records that are read at a time. */
const readAtOnce = 1024;

/** The records of `slots`, one after another, in memory. */
export async function readRecords(
  reader: RecordReader,
  slots: readonly number[],
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = recordBytes(reader);
  const all = new Uint8Array(slots.length * bytes);
  for (let start = 0; start < slots.length; start += readAtOnce) {
    const some = slots.slice(start, start + readAtOnce);
    await reader.read(some, all.subarray(start * bytes, (start + some.length) * bytes));
  }
  return all;
}

/** Bytes of one tile. */
export function tileBytes(reader: Pick<TileReader, 'size' | 'channels'>): number {
  return reader.size * reader.size * reader.channels;
}

/** A tile reader that has to be closed. */
export interface OpenTileReader extends TileReader {
  close(): Promise<void>;
}

/** A file of features, open. */
export interface FeatureFile extends RecordReader {
  /** True where a slot's features are there. */
  has(slot: number): boolean;
  /** Writes records; they count as there once this has resolved. */
  write(slots: readonly number[], records: Float32Array): Promise<void>;
  close(): Promise<void>;
}
