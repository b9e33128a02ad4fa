/** Where the features of a project's photos lie, remembered from one learning to the next. */
import { AppError } from '../../contract/errors.ts';
import type { Project } from '../../project/project.ts';
import type { TellProgress } from '../check-context.ts';
import type { ServiceContext } from '../context.ts';
import { holdTiles, imageCache } from '../image-caches.ts';
import { featureTiles, prepareFeatures } from '../image-features.ts';
import { chooseBackbone } from '../run-backbone.ts';
import type { PhotoSet } from './photo-set.ts';

/** Features of photos. */
interface ShelvedFeatures {
  readonly features: { readonly tilesPath: string; readonly name: string; readonly shape: readonly number[] };
  /** Record of each photo; −1 where the photo's file is gone. */
  readonly slots: Int32Array;
}

/** Progress and cancel. */
interface ShelfWork {
  readonly signal: AbortSignal;
  readonly tell: TellProgress;
}

/** One project's features. While it is open, the cache keeps them. */
export class FeatureShelf {
  readonly #context: ServiceContext;
  readonly #project: Project;
  #known: { readonly photos: PhotoSet; readonly found: ShelvedFeatures } | null = null;
  #release: () => void = () => undefined;

  constructor(context: ServiceContext, project: Project) {
    this.#context = context;
    this.#project = project;
  }

  /**
   * The features of all photos; those that are missing are computed.
   * @throws AppError BACKBONE_NONE, TRAINING_DATA_CHANGED, CANCELLED, as `prepareFeatures`
   */
  async take(photos: PhotoSet, work: ShelfWork): Promise<ShelvedFeatures> {
    if (this.#known?.photos === photos) return this.#known.found;
    const backbone = await chooseBackbone(this.#context.settingsFolder);
    if (backbone === null) throw new AppError('BACKBONE_NONE');
    work.tell('opening the network', 0, 1);
    const spec = featureTiles(backbone);
    this.#release();
    this.#release = holdTiles(this.#project, spec);
    const all = Array.from(photos.ids, (id, at) => ({ id, hash: photos.hashes[at] }));
    const { signal, tell } = work;
    const options = {
      signal,
      onTiles: (done: number, total: number) => tell('preparing photos', done, total),
      onProgress: (done: number, total: number) => tell('looking at photos', done, total),
    };
    let there = all;
    const place = await prepareFeatures(this.#context, this.#project, all, options).catch(
      async (error: unknown) => {
        // Photos whose file is gone get no suggestion; the others do.
        if (AppError.from(error).code !== 'DATASET_TILES_MISSING') throw error;
        const slots = await imageCache(this.#project).slots(spec, photos.hashes);
        there = all.filter((_, at) => slots[at] >= 0);
        return prepareFeatures(this.#context, this.#project, there, options);
      },
    );
    const slotOf = new Map(there.map(({ id }, at) => [id, place.slots[at]]));
    const found: ShelvedFeatures = {
      features: { tilesPath: place.tiles.path, name: place.name, shape: place.shape },
      slots: Int32Array.from(photos.ids, (id) => slotOf.get(id) ?? -1),
    };
    this.#known = { photos, found };
    return found;
  }

  /** Forgets where they lie: another network came, or they are gone. */
  clear(): void {
    this.#known = null;
  }

  /** Lets go of the cache. */
  close(): void {
    this.clear();
    this.#release();
    this.#release = () => undefined;
  }
}
