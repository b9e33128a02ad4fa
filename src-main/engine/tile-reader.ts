/** Reads training tiles by slot. The engine does not know where they lie. */
export interface TileReader {
  /** Height and width in pixels. */
  readonly size: number;
  readonly channels: 1 | 3;
  /** Fills `into` with the records of `slots`, one after another; what is left over stays as it is. */
  read(slots: readonly number[], into: Uint8Array): Promise<void>;
}

/** Bytes of one tile. */
export function tileBytes(reader: Pick<TileReader, 'size' | 'channels'>): number {
  return reader.size * reader.size * reader.channels;
}
