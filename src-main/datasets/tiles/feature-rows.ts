/** Rows of features, read from their file when they are wanted. */
import { openFeatureFile } from './feature-file.ts';

/** Which feature file: what `openFeatureFile` is given. */
export interface FeaturePlace {
  /** The tile pack that the features belong to. */
  readonly tilesPath: string;
  readonly name: string;
  readonly shape: readonly number[];
}

/** The features of photos, row k for the k-th of them. */
export interface FeatureRows {
  /** Numbers per row. */
  readonly dimension: number;
  /** Whether the row's record is there. */
  has(row: number): boolean;
  /**
   * Reads rows, one after the other.
   * @param into where to; a new array when left out
   */
  read(rows: ArrayLike<number>, into?: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens the features of photos.
 * @param slots the record of each photo
 * @throws AppError DISK_FULL, FILE_UNWRITABLE
 */
export async function openFeatureRows(
  { tilesPath, name, shape }: FeaturePlace,
  slots: Int32Array,
): Promise<FeatureRows> {
  const file = await openFeatureFile(tilesPath, name, shape);
  const dimension = shape.reduce((product, side) => product * side, 1);
  return {
    dimension,
    has: (row) => file.has(slots[row]),
    async read(rows, into = new Float32Array(rows.length * dimension)) {
      const records = Array.from(rows, (row) => slots[row]);
      await file.read(records, new Uint8Array(into.buffer, into.byteOffset, into.byteLength));
      return into;
    },
    close: () => file.close(),
  };
}
