/** What a `.keras` file (a zip archive) may hold, decided from its list of contents before anything is unpacked. */
import { AppError } from '../../contract/shared/errors.ts';

/** One line of an archive's list of contents, sizes in bytes. */
export interface ArchiveEntry {
  readonly name: string;
  /** Packed. */
  readonly size: number;
  /** Unpacked, as the archive states it. */
  readonly originalSize: number;
}

/** What Keras writes, and what is ever unpacked. */
export const archiveParts = ['config.json', 'metadata.json', 'model.weights.h5'] as const;

const mebibyte = 1024 * 1024;
/** Beside these there is a file for each vocabulary. */
const maxEntries = 1000;
/** Small archives may grow as much as they like. */
const harmlessBytes = 64 * mebibyte;
/** Weights hardly get smaller: what grows more would only fill the memory. */
const maxGrowth = 100;
const maxBytes = 2048 * mebibyte;

/** Goes through an archive's list of contents. */
export class ArchiveCheck {
  readonly #path: string;
  readonly #names = new Set<string>();
  #packed = 0;
  #unpacked = 0;

  /** @param path of the archive, for messages */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Takes one entry into account.
   * @throws AppError MODEL_FILE_INVALID for a name that was there before, and when its parts would grow too much
   */
  add({ name, size, originalSize }: ArchiveEntry): void {
    if (this.#names.has(name)) throw this.#invalid(`it holds several files called ${name}`);
    this.#names.add(name);
    if (this.#names.size > maxEntries)
      throw this.#invalid(`it holds more than ${maxEntries} files, which no Keras file does`);
    if (!archiveParts.some((part) => part === name)) return;
    this.#packed += size;
    this.#unpacked += originalSize;
    if (this.#unpacked < harmlessBytes) return;
    if (this.#unpacked < maxGrowth * this.#packed && this.#unpacked < maxBytes) return;
    const megabytes = Math.round(this.#unpacked / mebibyte);
    throw this.#invalid(`its ${name} would unpack to ${megabytes} MB, which no Keras file does`);
  }

  #invalid(reason: string): AppError {
    return new AppError('MODEL_FILE_INVALID', { path: this.#path, reason });
  }
}
