/** Where the features of a project's photos lie, remembered from one learning to the next. */
import { AppError } from '../../contract/shared/errors.ts';
import type { FeaturePlace } from '../../datasets/tiles/feature-rows.ts';
import type { Project } from '../../project/project.ts';
import type { ReportProgress } from '../checks/check-context.ts';
import type { ServiceContext } from '../base/context.ts';
import { holdTiles } from '../project/image-caches.ts';
import { featureTiles, prepareReachable } from '../features/image-features.ts';
import { chooseBackbone } from '../runs/run-backbone.ts';
import type { PhotoSet } from './photo-set.ts';

/** Features of photos. */
interface ShelvedFeatures {
  readonly features: FeaturePlace;
  /** Record of each photo; −1 where the photo's file is gone. */
  readonly slots: Int32Array;
}

/** Progress and cancel. */
interface ShelfWork {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
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
   * @throws AppError BACKBONE_NONE, TRAINING_DATA_CHANGED, CANCELLED, as `prepareReachable`
   */
  async take(photos: PhotoSet, work: ShelfWork): Promise<ShelvedFeatures> {
    if (this.#known?.photos === photos) return this.#known.found;
    const backbone = await chooseBackbone(this.#context.settingsFolder);
    if (backbone === null) throw new AppError('BACKBONE_NONE');
    work.report('opening the network', 0, 1);
    const spec = featureTiles(backbone);
    this.#release();
    this.#release = holdTiles(this.#project, spec);
    const all = Array.from(photos.ids, (id, at) => ({ id, hash: photos.hashes[at] }));
    const { signal, report } = work;
    // Photos whose file is gone get no suggestion; the others do.
    const { images, place, slots } = await prepareReachable(this.#context, this.#project, all, spec, {
      signal,
      onTiles: (done, total) => report('preparing photos', done, total),
      onProgress: (done, total) => report('looking at photos', done, total),
    });
    const slotOf = new Map(images.map(({ id }, at) => [id, slots[at]]));
    const found: ShelvedFeatures = {
      features: place,
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
