/** Requests about the embedding map. */
import type { AppError } from '../../contract/shared/errors.ts';
import { packIds, unpackIds } from '../../contract/shared/id-ranges.ts';
import type { EmbeddingMap, MapRun, MapState, mapContract } from '../../contract/app/map.ts';
import { BackgroundJob } from '../../core/jobs/background-job.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
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
import { projectPart } from '../base/project-session.ts';
import { ImportProgress } from '../import/import-progress.ts';

/** What a map is to be made of. */
interface MapRequest {
  readonly seed: number;
  readonly features: 'best' | 'signals';
}

/** The map of a project, read once. */
class ProjectMap {
  readonly #folder: string;
  #map: StoredMap | null | undefined = undefined;

  constructor({ cacheFolder }: Project) {
    this.#folder = cacheFolder;
  }

  async read(): Promise<StoredMap | null> {
    if (this.#map !== undefined) return this.#map;
    const map = await readMap(this.#folder);
    // One that was finished meanwhile is newer.
    this.#map ??= map;
    return this.#map;
  }

  set(map: StoredMap): void {
    this.#map = map;
  }
}

const projectMap = projectPart((project) => new ProjectMap(project));

/** Makes the map service: the handlers of `contract.map` and what hosts call besides. */
export function createMapService(context: ServiceContext) {
  const job = new BackgroundJob<MapRun>('DATASET_MAP_RUNNING', (run) =>
    context.events.emit({ type: 'map', map: run }),
  );

  const start = (request: MapRequest): MapRun => {
    job.requireIdle();
    const project = context.project();
    const computation = new Computation((...words) => context.log(...words));
    void job.start((signal, publish) =>
      computation.run(publish, async (report) => {
        projectMap(project).set(await computeMap(context, project, request, { signal, report }));
      }),
    );
    return computation.state();
  };

  context.beforeProjectCloses(() => job.end());

  const state = async (): Promise<MapState> => {
    const project = context.project();
    const [map, available] = await Promise.all([projectMap(project).read(), availableFeatures(context)]);
    const { photos, missing } = compare(project, map);
    return {
      run: job.state,
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
      const map = await projectMap(context.project()).read();
      return map === null ? null : withoutSource(map);
    },
    marks: async () => {
      const project = context.project();
      const map = await projectMap(project).read();
      return map === null ? null : readMarks(project.database, map);
    },
    compute: (request) => start(request),
    cancel: () => job.cancel(),
  };
  return {
    handlers,
    /** The running or the last computation of this session. */
    run: (): MapRun | null => job.state,
    /** Resolves with how it ended when no map is being computed. */
    async idle(): Promise<MapRun | null> {
      await job.idle();
      return job.state;
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
  { seed, features: wanted }: MapRequest,
  work: MapWork,
): Promise<StoredMap> {
  const { photos, rows, features, release } = await findMapRows(context, project, wanted, work);
  try {
    const onProgress = (done: number, total: number, phase = ''): void => work.report(phase, done, total);
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

/** One computation, with its progress. */
class Computation {
  readonly #id = createId('map-run');
  readonly #log: ServiceContext['log'];
  readonly #progress = new ImportProgress();
  readonly #throttle = new Throttle();

  constructor(log: ServiceContext['log']) {
    this.#log = log;
    this.#progress.begin('starting', null);
  }

  /** How it stands. */
  state(status: MapRun['status'] = 'running', error: AppError | null = null): MapRun {
    return { id: this.#id, status, progress: this.#progress.read(), error: error?.toData() ?? null };
  }

  /** Does the work and publishes how it goes and ended. Failures are in `error`, not thrown. */
  async run(
    publish: (run: MapRun) => void,
    work: (report: MapWork['report']) => Promise<void>,
  ): Promise<MapRun> {
    const end = (status: MapRun['status'], error?: AppError): MapRun => {
      const run = this.state(status, error);
      publish(run);
      return run;
    };
    publish(this.state());
    try {
      // The caller gets its answer before anything is done.
      await new Promise(setImmediate);
      await work((phase, done, total) => {
        this.#progress.report(phase, done, total);
        if (this.#throttle.isDue()) publish(this.state());
      });
      return end('done');
    } catch (thrown) {
      const error = explainFailure(thrown);
      if (error.kind === 'bug') this.#log('the map could not be computed', thrown);
      return error.kind === 'cancelled' ? end('cancelled') : end('failed', error);
    }
  }
}
