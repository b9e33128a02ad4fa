/** Requests about the embedding map. */
import { AppError } from '../../contract/shared/errors.ts';
import { packIds, unpackIds } from '../../contract/shared/id-ranges.ts';
import type { EmbeddingMap, MapRun, MapState, mapContract } from '../../contract/app/map.ts';
import { createId } from '../../core/text/ids.ts';
import { type StoredMap, contentMark, readMap, writeMap } from '../../analysis/map/map-file.ts';
import { makeMap } from '../../analysis/map/map-thread.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import { photoContents } from '../../project/images/photo-marks.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { readMarks } from './embedding-map-marks.ts';
import { type MapWork, availableFeatures, findMapRows } from './embedding-map-rows.ts';
import { ImportProgress } from '../import/import-progress.ts';

const eventMilliseconds = 200;

/** What a map is to be made of. */
interface MapWish {
  readonly seed: number;
  readonly features: 'best' | 'signals';
}

interface Job {
  readonly controller: AbortController;
  readonly finished: Promise<MapRun>;
}

/** Makes the map service: the handlers of `contract.map` and what hosts call besides. */
export function createMapService(context: ServiceContext) {
  let job: Job | null = null;
  let run: MapRun | null = null;
  /** The map of the open project, read once. */
  const maps = new WeakMap<Project, StoredMap | null>();

  const storedMap = async (project: Project): Promise<StoredMap | null> => {
    const known = maps.get(project);
    if (known !== undefined) return known;
    const map = await readMap(project.cacheFolder);
    // One that was finished meanwhile is newer.
    if (!maps.has(project)) maps.set(project, map);
    return maps.get(project) ?? null;
  };

  const start = (wish: MapWish): MapRun => {
    if (job !== null) throw new AppError('DATASET_MAP_RUNNING');
    const project = context.project();
    const controller = new AbortController();
    const publish = (next: MapRun): void => {
      run = next;
      context.events.emit({ type: 'map', map: next });
    };
    const computation = new Computation(publish);
    const work: MapWork = { signal: controller.signal, tell: computation.tell };
    const finished = computation
      .follow(
        async () => {
          const map = await computeMap(context, project, wish, work);
          maps.set(project, map);
        },
        (...words) => context.log(...words),
      )
      .finally(() => (job = null));
    job = { controller, finished };
    run = computation.state('running');
    return run;
  };

  context.beforeProjectCloses(async () => {
    job?.controller.abort();
    await job?.finished;
    run = null;
  });

  const state = async (): Promise<MapState> => {
    const project = context.project();
    const [map, available] = await Promise.all([storedMap(project), availableFeatures(context)]);
    const { photos, missing } = compare(project, map);
    return {
      run,
      status: map === null ? 'none' : missing > 0 ? 'stale' : 'fresh',
      missing,
      photos,
      available,
      version: map?.version ?? null,
    };
  };

  const handlers: ServiceOf<typeof mapContract> = {
    state,
    get: async () => {
      const map = await storedMap(context.project());
      return map === null ? null : withoutSource(map);
    },
    marks: async () => {
      const project = context.project();
      const map = await storedMap(project);
      return map === null ? null : readMarks(project.database, map);
    },
    compute: (wish) => start(wish),
    cancel: () => job?.controller.abort(),
  };
  return {
    handlers,
    /** The running or the last computation of this session. */
    run: (): MapRun | null => run,
    /** Resolves with how it ended when no map is being computed. */
    async idle(): Promise<MapRun | null> {
      await job?.finished;
      return run;
    },
  };
}

/** How many photos there are, and how many have no place on the map. */
function compare(project: Project, map: StoredMap | null): { photos: number; missing: number } {
  const { ids, hashes } = photoContents(project.database);
  if (map === null) return { photos: ids.length, missing: ids.length };
  const contents = unpackIds(map.contents);
  const known = new Map(Array.from(unpackIds(map.ids), (id, at) => [id, contents[at]]));
  const missing = ids.filter((id, at) => known.get(id) !== contentMark(hashes[at])).length;
  return { photos: ids.length, missing };
}

function withoutSource({ version, features, seed, madeAt, ids, positions, fitted }: StoredMap): EmbeddingMap {
  return { version, features, seed, madeAt, ids, positions, fitted };
}

async function computeMap(
  context: ServiceContext,
  project: Project,
  { seed, features: wanted }: MapWish,
  work: MapWork,
): Promise<StoredMap> {
  const { photos, rows, features, release } = await findMapRows(context, project, wanted, work);
  try {
    const onProgress = (done: number, total: number, phase = ''): void => work.tell(phase, done, total);
    const { positions, fitted } = await makeMap({ rows, seed }, { signal: work.signal, onProgress });
    const map: StoredMap = {
      format: 1,
      version: createId('map'),
      features,
      seed,
      madeAt: new Date().toISOString(),
      ids: packIds(photos.map(({ id }) => id)),
      contents: packIds(photos.map(({ hash }) => contentMark(hash))),
      positions: packIds(photos.map((_, at) => (positions[2 * at] << 16) | positions[2 * at + 1])),
      fitted,
    };
    project.identity.require();
    await writeMap(project.cacheFolder, map);
    return map;
  } finally {
    release();
  }
}

/** One computation, as it is told about. */
class Computation {
  readonly #id = createId('map-run');
  readonly #publish: (run: MapRun) => void;
  readonly #progress = new ImportProgress();
  #toldAt = 0;

  constructor(publish: (run: MapRun) => void) {
    this.#publish = publish;
    this.#progress.begin('starting', null);
  }

  readonly tell = (phase: string, done: number, total: number): void => {
    this.#progress.report(phase, done, total);
    const now = performance.now();
    if (now - this.#toldAt < eventMilliseconds) return;
    this.#toldAt = now;
    this.#publish(this.state('running'));
  };

  state(status: MapRun['status'], error: AppError | null = null): MapRun {
    return { id: this.#id, status, progress: this.#progress.read(), error: error?.toData() ?? null };
  }

  /** Does the work and tells how it ended. Failures are in `error`, not thrown. */
  async follow(work: () => Promise<void>, log: ServiceContext['log']): Promise<MapRun> {
    let end: MapRun;
    try {
      // The caller gets its answer before anything is done.
      await new Promise(setImmediate);
      await work();
      end = this.state('done');
    } catch (thrown) {
      const error = explainFailure(thrown);
      if (error.kind === 'bug') log('the map could not be computed', thrown);
      end = error.kind === 'cancelled' ? this.state('cancelled') : this.state('failed', error);
    }
    this.#publish(end);
    return end;
  }
}
