/** Writes photos into archives, as the pixels that a network looks at: another resizing would give other features. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ShardsRecord } from '../../contract/shared/shards.ts';
import { fromWriteError } from '../../core/files/pack-file.ts';
import { tarEnd, webDatasetEntries } from '../exports/tar-file.ts';
import { type ShardPlace, folderFor } from './shard-place.ts';

/** A finished archive. */
export type FinishedShard = ShardsRecord['shards'][number];

/** A photo as it goes into an archive. */
export interface PackedPhoto {
  readonly hash: string;
  readonly png: Uint8Array;
  readonly label: number | null;
  readonly about: object;
}

interface OpenFile {
  readonly name: string;
  readonly path: string;
  readonly file: FileHandle;
  readonly digest: ReturnType<typeof createHash>;
  bytes: number;
  count: number;
}

async function begin(place: ShardPlace, name: string): Promise<OpenFile> {
  const path = await folderFor(place.workshop, name);
  try {
    const file = await open(path, 'wx');
    return { name, path, file, digest: createHash('sha256'), bytes: 0, count: 0 };
  } catch (error) {
    throw fromWriteError(error, path);
  }
}

async function add(to: OpenFile, bytes: Uint8Array): Promise<void> {
  try {
    await to.file.write(bytes);
  } catch (error) {
    throw fromWriteError(error, to.path);
  }
  to.digest.update(bytes);
  to.bytes += bytes.byteLength;
}

/** Closes a file, whatever came before. @returns its SHA-256 */
async function finish({ file, digest, path }: OpenFile): Promise<string> {
  try {
    await file.sync();
  } catch (error) {
    throw fromWriteError(error, path);
  } finally {
    await file.close();
  }
  return digest.digest('hex');
}

/** Writes archives of so many photos each, and the manifest beside them. */
export class ShardWriter {
  readonly #place: ShardPlace;
  readonly #perShard: number;
  readonly #signal: AbortSignal;
  readonly #finished: FinishedShard[] = [];
  #open: OpenFile | null = null;
  #manifest: OpenFile | null = null;

  constructor(place: ShardPlace, perShard: number, signal: AbortSignal) {
    this.#place = place;
    this.#perShard = perShard;
    this.#signal = signal;
  }

  /** Adds a photo. @returns the archive it is in. @throws AppError DISK_FULL, FILE_UNWRITABLE */
  async add({ hash, png, label, about }: PackedPhoto): Promise<string> {
    if (this.#open !== null && this.#open.count >= this.#perShard) await this.#endShard();
    this.#open ??= await begin(this.#place, shardName(this.#finished.length));
    await add(this.#open, webDatasetEntries({ key: hash, ending: '.png', bytes: png, label, about }));
    this.#open.count++;
    return this.#open.name;
  }

  /** Adds a line to the manifest. */
  async note(line: object): Promise<void> {
    this.#manifest ??= await begin(this.#place, manifestName);
    await add(this.#manifest, Buffer.from(`${JSON.stringify(line)}\n`));
    this.#manifest.count++;
  }

  async #endShard(): Promise<void> {
    const shard = this.#open!;
    this.#open = null;
    await add(shard, tarEnd);
    const { name: file, count: photos } = shard;
    const sha256 = await finish(shard);
    this.#finished.push({ file, photos, bytes: shard.bytes, sha256 });
    await this.#place.put(file, this.#signal);
  }

  /** Ends archives and manifest. */
  async end(): Promise<Pick<ShardsRecord, 'shards' | 'manifest'>> {
    if (this.#open !== null) await this.#endShard();
    const manifest = this.#manifest ?? (await begin(this.#place, manifestName));
    this.#manifest = null;
    const sha256 = await finish(manifest);
    await this.#place.put(manifestName, this.#signal);
    return {
      shards: this.#finished,
      manifest: { file: manifestName, lines: manifest.count, sha256 },
    };
  }

  /** Closes what a failure left open. */
  async close(): Promise<void> {
    await this.#open?.file.close();
    await this.#manifest?.file.close();
  }
}

const manifestName = 'manifest.jsonl';

function shardName(number: number): string {
  return `photos-${String(number).padStart(6, '0')}.tar`;
}
