/** Imports: one at a time, in the background, told about by events. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ImportState } from '../../contract/app/datasets.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { SplitCounts } from '../../contract/shared/vocabulary.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { createId } from '../../core/text/ids.ts';
import type { ImportItem } from '../../datasets/import/import-items.ts';
import { type ImportSource, runImport } from '../../datasets/import/import-run.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import { usedClasses } from '../../project/images/image-lookups.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { summarise } from '../project/dataset-summary.ts';
import { imageCache } from '../project/image-caches.ts';
import { likelyTile } from '../runs/one-click.ts';
import { openSources } from './import-sources.ts';
import { claimUploads, releaseUploads, removeOpenedArchives } from '../base/imported-uploads.ts';
import { ImportProgress } from './import-progress.ts';
import { settleSplit } from '../project/splits.ts';

/** How an import went, for the command line. */
export interface ImportResult {
  readonly state: ImportState;
  /** Images of the project, after it. */
  readonly images: number;
  readonly classes: string[];
  readonly splits: SplitCounts;
  /** Files this import refused, by their paths inside the source. */
  readonly quarantined: { path: string; code: string }[];
}

/** What to import and how to call it. */
export interface ImportRequest {
  readonly sources: readonly ImportSource[];
  /** For people to read. */
  readonly label: string;
  /** Photos that were just taken, with more of them to come. */
  readonly captured?: boolean;
  /** Work to be done first, such as drawing the samples. */
  readonly prepare?: {
    readonly phase: string;
    work(onProgress: (done: number, total: number) => void, signal: AbortSignal): Promise<void>;
  };
}

const eventMilliseconds = 200;
const datasetEventMilliseconds = 1_000;

/** A running import. */
interface Job {
  readonly id: string;
  readonly controller: AbortController;
  readonly finished: Promise<ImportResult>;
}

/** Makes the import service. */
export function createImports(context: ServiceContext) {
  let job: Job | null = null;
  let state: ImportState | null = null;

  const publish = (next: ImportState): void => {
    state = next;
    context.events.emit({ type: 'import', import: next });
  };

  /** Begins an import. @throws AppError DATASET_IMPORT_RUNNING, PROJECT_NOT_OPEN */
  const start = (request: ImportRequest): Job => {
    if (job !== null) throw new AppError('DATASET_IMPORT_RUNNING');
    const project = context.project();
    const id = createId('import');
    const controller = new AbortController();
    const run = new ImportRun(id, project, request, publish, context);
    const finished = run.run(controller.signal).finally(() => {
      job = null;
    });
    job = { id, controller, finished };
    return job;
  };

  const cancel = (): void => job?.controller.abort();

  context.beforeProjectCloses(async () => {
    cancel();
    await job?.finished;
    state = null;
  });

  return {
    start: (request: ImportRequest): { importId: string } => ({ importId: start(request).id }),
    cancel,
    /** The running or the last import of this session. */
    state: (): ImportState | null => state,
    /** Resolves when no import is running. */
    idle: async (): Promise<void> => {
      await job?.finished;
    },
    /**
     * Imports folders and files by their paths and waits for the end. Failures are in `state.error`, not thrown.
     * @throws AppError DATASET_IMPORT_RUNNING, PROJECT_NOT_OPEN
     */
    importPaths: async (
      paths: readonly string[],
      options: { signal?: AbortSignal; onProgress?: (state: ImportState) => void } = {},
    ): Promise<ImportResult> => {
      const sources = paths.map((path) => ({ kind: 'folder' as const, root: resolve(path) }));
      const stop = context.events.on((event) => {
        if (event.type === 'import') options.onProgress?.(event.import);
      });
      const abort = (): void => cancel();
      try {
        const { finished } = start({ sources, label: paths.join(', ') });
        options.signal?.addEventListener('abort', abort, { once: true });
        if (options.signal?.aborted) cancel();
        return await finished;
      } finally {
        stop();
        options.signal?.removeEventListener('abort', abort);
      }
    },
  };
}

/** The import service. */
export type Imports = ReturnType<typeof createImports>;

/** One import: counts what happens and tells about it. */
class ImportRun {
  readonly #id: string;
  readonly #project: Project;
  readonly #request: ImportRequest;
  readonly #publish: (state: ImportState) => void;
  readonly #context: ServiceContext;
  readonly #progress = new ImportProgress();
  readonly #quarantined: { path: string; code: string }[] = [];
  /** Uploaded files that turned out to be in the project already. */
  readonly #needless: string[] = [];
  /** Those asked for, archives and lists opened. */
  #sources: readonly ImportSource[] = [];
  #added = 0;
  #known = 0;
  #files = 0;
  #labelled = false;
  #toldAt = 0;
  #datasetToldAt = 0;

  constructor(
    id: string,
    project: Project,
    request: ImportRequest,
    publish: (state: ImportState) => void,
    context: ServiceContext,
  ) {
    this.#id = id;
    this.#project = project;
    this.#request = request;
    this.#publish = publish;
    this.#context = context;
  }

  async run(signal: AbortSignal): Promise<ImportResult> {
    this.#tell('running', null, true);
    let error: AppError | null = null;
    try {
      await this.#import(signal);
    } catch (thrown) {
      error = explainFailure(thrown);
      if (error.kind === 'bug') this.#context.log('import failed', thrown);
    }
    releaseUploads(this.#project, this.#sources, (message, detail) => this.#context.log(message, detail));
    return this.#finish(error);
  }

  async #import(signal: AbortSignal): Promise<void> {
    const project = this.#project;
    await this.#prepare(signal);
    this.#sources = await openSources(project, this.#request.sources, {
      signal,
      onProgress: (done, total) => {
        if (done === 1) this.#progress.begin('unpacking', total);
        this.#progress.advanceTo(done);
        this.#tell('running', null);
      },
    });
    this.#progress.begin('scanning', null);
    claimUploads(project, this.#sources);
    await runImport(
      project,
      imageCache(project),
      this.#sources,
      {
        counting: (files) => {
          this.#progress.advanceTo(files);
          this.#tell('running', null);
        },
        counted: (files) => {
          this.#files = files;
          this.#progress.begin('reading', files);
        },
        item: (item) => this.#note(item),
        written: () => this.#tellDataset(),
      },
      { signal, nextTile: await likelyTile(this.#context.settingsFolder) },
    );
    if (this.#added + this.#known === 0) {
      throw new AppError('DATASET_NO_IMAGES', { path: this.#request.label, files: this.#files });
    }
    settleSplit(project, this.#request.captured);
    this.#project.identity.require();
    await this.#removeNeedless();
    await removeOpenedArchives(project, this.#request.sources, this.#sources);
    if (this.#labelled) {
      const classes = usedClasses(project.database);
      if (classes.length === 1) throw new AppError('DATASET_ONE_CLASS', { name: classes[0] });
    }
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    const { prepare } = this.#request;
    if (prepare === undefined) return;
    await prepare.work((done, total) => {
      if (done === 1) this.#progress.begin(prepare.phase, total);
      this.#progress.advanceTo(done);
      this.#tell('running', null);
    }, signal);
    this.#progress.begin('scanning', null);
  }

  #note(item: ImportItem): void {
    if (item.kind === 'new') {
      this.#added++;
      this.#labelled ||= item.className !== null;
    } else if (item.kind === 'known' || item.kind === 'touched' || item.kind === 'relocated') {
      this.#known++;
      if (item.kind === 'known' && item.copy) this.#needless.push(item.path);
    } else if (item.kind === 'refused') {
      this.#quarantined.push({ path: item.path, code: item.error.code });
    }
    this.#progress.advanceTo(this.#progress.done + 1);
    this.#tell('running', null);
  }

  /** Uploads are copies of ours; those of known images only fill the disk. */
  async #removeNeedless(): Promise<void> {
    const [source, ...others] = this.#sources;
    if (source?.kind !== 'upload' || others.length > 0) return;
    for (const path of this.#needless) {
      await rm(ownPath(this.#project.folder, source.root, path), { force: true });
    }
  }

  #finish(error: AppError | null): ImportResult {
    const warning = error?.code === 'DATASET_ONE_CLASS';
    const status = error === null || warning ? 'done' : error.kind === 'cancelled' ? 'cancelled' : 'failed';
    this.#tell(status, status === 'cancelled' ? null : error, true);
    this.#context.events.emit({ type: 'dataset' });
    const summary = summariseOrNothing(this.#project);
    return {
      state: this.#state(status, status === 'cancelled' ? null : error),
      images: summary?.images ?? 0,
      classes: summary?.classes.map(({ name }) => name) ?? [],
      splits: summary?.splits ?? {},
      quarantined: this.#quarantined,
    };
  }

  #state(status: ImportState['status'], error: AppError | null): ImportState {
    return {
      id: this.#id,
      status,
      source: this.#request.label,
      progress: this.#progress.read(),
      added: this.#added,
      known: this.#known,
      quarantined: this.#quarantined.length,
      error: error?.toData() ?? null,
    };
  }

  #tell(status: ImportState['status'], error: AppError | null, atOnce = false): void {
    const now = performance.now();
    if (!atOnce && now - this.#toldAt < eventMilliseconds) return;
    this.#toldAt = now;
    this.#publish(this.#state(status, error));
  }

  #tellDataset(): void {
    const now = performance.now();
    if (now - this.#datasetToldAt < datasetEventMilliseconds) return;
    this.#datasetToldAt = now;
    this.#context.events.emit({ type: 'dataset' });
  }
}

/** The counts at the end; null when the project itself is gone. */
function summariseOrNothing(project: Project) {
  try {
    return summarise(project);
  } catch {
    return null;
  }
}
