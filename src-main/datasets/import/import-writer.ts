/**
 * Writes what an import found, in batches: first thumbnails and tiles into the cache, then the rows, in transactions.
 * Wherever it is stopped, every row in the database is whole.
 */
import { AppError } from '../../contract/shared/errors.ts';
import { ensureClass, listClasses } from '../../project/images/classes.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import { relocateImage, touchImage } from '../../project/images/image-lookups.ts';
import { upsertImage } from '../../project/images/images.ts';
import type { Project } from '../../project/project.ts';
import { quarantineFile, releaseFile } from '../../project/images/quarantine.ts';
import { inTransaction } from '../../project/database/transaction.ts';
import type { ImageCache } from '../tiles/image-cache.ts';
import type { ImportItem, NewItem } from './import-items.ts';
import { packName } from '../tiles/tile-packs.ts';
import type { TileSpec } from '../photos/tiles.ts';

/** A batch costs a wait for the disk, so it is large. */
const batchItems = 2_000;
const batchBytes = 8 * 1024 * 1024;
/** Rows are written a few at a time: others get their turn in between. */
const transactionItems = 125;

/** Collects and writes the items of one source. */
export class ImportWriter {
  readonly #project: Project;
  readonly #cache: ImageCache;
  readonly #sourceId: number;
  readonly #classIds = new Map<string, number>();
  #batch: ImportItem[] = [];
  #bytes = 0;

  constructor(project: Project, cache: ImageCache, sourceId: number) {
    this.#project = project;
    this.#cache = cache;
    this.#sourceId = sourceId;
  }

  /** Adds an item; true when a batch was written. @throws AppError DISK_FULL, FILE_UNWRITABLE, PROJECT_GONE */
  async add(item: ImportItem): Promise<boolean> {
    if (item.kind === 'ignored' || (item.kind === 'known' && !item.copy)) return false;
    this.#batch.push(item);
    if (item.kind === 'new') this.#bytes += pixelBytes(item);
    if (this.#batch.length < batchItems && this.#bytes < batchBytes) return false;
    await this.flush();
    return true;
  }

  /** Writes what is left. */
  async flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length === 0) return;
    // An open database goes on as if nothing had happened when its file is deleted.
    this.#project.identity.require();
    try {
      await this.#writeCache(batch.filter((item) => item.kind === 'new'));
      for (let start = 0; start < batch.length; start += transactionItems) {
        if (start > 0) await new Promise(setImmediate);
        inTransaction(this.#project.database, () => {
          this.#forgetRemovedClasses();
          for (const item of batch.slice(start, start + transactionItems)) this.#writeRow(item);
        });
      }
    } catch (error) {
      throw explainWriteError(error, this.#project);
    }
  }

  async #writeCache(items: readonly NewItem[]): Promise<void> {
    await this.#cache.addThumbnails(
      items.flatMap(({ hash, thumbnail }) => (thumbnail === null ? [] : [{ hash, thumbnail }])),
    );
    const bySize = new Map<string, { spec: TileSpec; tiles: { hash: string; tile: Uint8Array }[] }>();
    for (const { hash, tiles } of items) {
      for (const { spec, pixels } of tiles) {
        const group = bySize.get(packName(spec)) ?? { spec, tiles: [] };
        group.tiles.push({ hash, tile: pixels });
        bySize.set(packName(spec), group);
      }
    }
    for (const { spec, tiles } of bySize.values()) await this.#cache.addTiles(spec, tiles);
  }

  #writeRow(item: ImportItem): void {
    const { database } = this.#project;
    if (item.kind === 'refused') {
      quarantineFile(database, this.#sourceId, item.path, item.error.code, item.error.params);
      return;
    }
    if (item.kind === 'touched') touchImage(database, item.id, item.modified);
    if (item.kind === 'relocated')
      relocateImage(database, item.id, {
        sourceId: this.#sourceId,
        path: item.path,
        modified: item.modified,
      });
    if (item.kind === 'new') {
      const { path, hash, bytes, modified, width, height, format, split, className } = item;
      const classId = className === null ? null : this.#classId(className);
      const place = { sourceId: this.#sourceId, path, classId, split };
      upsertImage(database, { ...place, hash, bytes, modified, width, height, format, ...item.shot });
    }
    releaseFile(database, this.#sourceId, item.path);
  }

  /** Classes may be removed or merged while an import runs. */
  #forgetRemovedClasses(): void {
    const present = new Set(listClasses(this.#project.database).map(({ id }) => id));
    for (const [name, id] of this.#classIds) if (!present.has(id)) this.#classIds.delete(name);
  }

  #classId(name: string): number {
    const known = this.#classIds.get(name);
    if (known !== undefined) return known;
    const id = ensureClass(this.#project.database, name);
    this.#classIds.set(name, id);
    return id;
  }
}

function pixelBytes({ tiles, thumbnail }: NewItem): number {
  return tiles.reduce((sum, { pixels }) => sum + pixels.length, thumbnail?.length ?? 0);
}

/** What a failed write to the project means. */
export function explainWriteError(error: unknown, { folder, identity }: Project): AppError {
  if (!identity.isThere()) return new AppError('PROJECT_GONE', { path: folder }, { cause: error });
  return explainFailure(error, folder);
}
