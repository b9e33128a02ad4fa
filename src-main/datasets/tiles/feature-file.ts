/**
 * A file of features beside a tile pack, for the engine: record k belongs to the tile in slot k. A second file says
 * which records are there; it is written after the records are safely on the disk, so that nothing half-written is
 * ever read. Both lie in the pack's folder and go with it.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ownPath } from '../../core/files/join-inside.ts';
import { type FeatureFile, recordBytes } from '../../core/files/records.ts';
import { makeFolders } from '../../core/files/make-folders.ts';
import { fromWriteError, readAndWrite } from '../../core/files/pack-file.ts';

/** Milliseconds after which new records are made durable: what a crash can cost. */
const flushAfter = 2_000;

/**
 * Opens the features called `name` beside the tiles at `tilesPath`, making the file when it is not there.
 * @throws AppError DISK_FULL, FILE_UNWRITABLE
 */
export async function openFeatureFile(
  tilesPath: string,
  name: string,
  shape: readonly number[],
): Promise<FeatureFile> {
  const folder = ownPath(dirname(tilesPath), 'features');
  const base = ownPath(folder, `${name}-${shape.join('x')}`);
  let records: FileHandle | null = null;
  try {
    await makeFolders(dirname(tilesPath), folder);
    records = await open(`${base}.features`, readAndWrite, 0o644);
    const marks = await open(`${base}.present`, readAndWrite, 0o644);
    return await OpenFeatureFile.from(records, marks, shape, base);
  } catch (error) {
    await records?.close();
    throw fromWriteError(error, base);
  }
}

class OpenFeatureFile implements FeatureFile {
  readonly type = 'float32';
  readonly shape: readonly number[];
  readonly #records: FileHandle;
  readonly #marks: FileHandle;
  readonly #path: string;
  readonly #bytes: number;
  /** 1 where a slot's record is there. */
  #present: Uint8Array;
  /** Records were written since the last flush. */
  #hasFresh = false;
  #flushed = performance.now();

  static async from(
    records: FileHandle,
    marks: FileHandle,
    shape: readonly number[],
    path: string,
  ): Promise<OpenFeatureFile> {
    const present = new Uint8Array(await marks.readFile());
    const { size } = await records.stat();
    const file = new OpenFeatureFile(records, marks, shape, path, present);
    // A file that was cut is shorter than its marks say.
    present.fill(0, Math.min(present.length, Math.floor(size / file.#bytes)));
    return file;
  }

  private constructor(
    records: FileHandle,
    marks: FileHandle,
    shape: readonly number[],
    path: string,
    present: Uint8Array,
  ) {
    this.#records = records;
    this.#marks = marks;
    this.shape = shape;
    this.#path = path;
    this.#bytes = recordBytes({ shape, type: 'float32' });
    this.#present = present;
  }

  has(slot: number): boolean {
    return this.#present[slot] === 1;
  }

  async read(slots: readonly number[], into: Uint8Array): Promise<void> {
    await Promise.all(
      slots.map((slot, place) =>
        this.#records.read(into, place * this.#bytes, this.#bytes, slot * this.#bytes),
      ),
    );
  }

  async write(slots: readonly number[], records: Float32Array): Promise<void> {
    const bytes = new Uint8Array(records.buffer, records.byteOffset, records.byteLength);
    try {
      await Promise.all(
        slots.map((slot, place) =>
          this.#records.write(bytes, place * this.#bytes, this.#bytes, slot * this.#bytes),
        ),
      );
      for (const slot of slots) this.#mark(slot);
      if (performance.now() - this.#flushed > flushAfter) await this.#flush();
    } catch (error) {
      throw fromWriteError(error, this.#path);
    }
  }

  #mark(slot: number): void {
    if (slot >= this.#present.length) {
      const longer = new Uint8Array(Math.max(slot + 1, this.#present.length * 2));
      longer.set(this.#present);
      this.#present = longer;
    }
    this.#present[slot] = 1;
    this.#hasFresh = true;
  }

  async #flush(): Promise<void> {
    this.#flushed = performance.now();
    if (!this.#hasFresh) return;
    this.#hasFresh = false;
    await this.#records.datasync();
    await this.#marks.write(this.#present, 0, this.#present.lastIndexOf(1) + 1, 0);
    await this.#marks.datasync();
  }

  async close(): Promise<void> {
    try {
      await this.#flush();
    } catch (error) {
      throw fromWriteError(error, this.#path);
    } finally {
      await this.#records.close();
      await this.#marks.close();
    }
  }
}
