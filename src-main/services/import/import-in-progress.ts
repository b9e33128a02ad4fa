/** An import while it runs. */
import { rm } from 'node:fs/promises';
import type { ImportState } from '../../contract/app/datasets.ts';
import { AppError, type ErrorData } from '../../contract/shared/errors.ts';
import { alikeNames, classNameOf } from '../../contract/shared/class-names.ts';
import type { SplitCounts } from '../../contract/shared/vocabulary.ts';
import { ownPath } from '../../core/files/join-inside.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
import { createId } from '../../core/text/ids.ts';
import type { ImportItem } from '../../datasets/import/import-items.ts';
import { type ImportSource, runImport } from '../../datasets/import/import-run.ts';
import { listNames } from '../../datasets/label-files/list-names.ts';
import { ScanNotes } from '../../datasets/import/scan-notes.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import { usedClasses } from '../../project/images/image-lookups.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { claimUploads, releaseUploads, removeOpenedArchives } from '../base/imported-uploads.ts';
import { summarise } from '../project/dataset-summary.ts';
import { imageCache } from '../project/image-caches.ts';
import { settleSplit } from '../project/splits.ts';
import { likelyTile } from '../runs/one-click.ts';
import { ImportProgress } from './import-progress.ts';
import { openSources } from './import-sources.ts';

/** Milliseconds between two events that the dataset has grown: the page reads it anew. */
const datasetInterval = 1_000;

/** How an import went, for the command line. */
export interface ImportResult {
  readonly state: ImportState;
  /** Images of the project, after it. */
  readonly images: number;
  readonly classes: string[];
  readonly splits: SplitCounts;
  /** Images without a label, and those with one that are in no split. */
  readonly unlabelled: number;
  readonly unassigned: number;
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

/** One import: counts what happens, and publishes it. */
export class ImportInProgress {
  readonly id = createId('import');
  readonly #project: Project;
  readonly #request: ImportRequest;
  readonly #context: ServiceContext;
  #publish: (state: ImportState) => void = () => undefined;
  readonly #progress = new ImportProgress();
  readonly #quarantined: { path: string; code: string }[] = [];
  /** Uploaded files that turned out to be in the project already. */
  readonly #needless: string[] = [];
  /** Those of the request, archives and lists opened. */
  #sources: readonly ImportSource[] = [];
  #added = 0;
  #known = 0;
  #files = 0;
  #labelled = false;
  readonly #renamed = new Set<string>();
  readonly #remarks: ErrorData[] = [];
  readonly #notes = new ScanNotes();
  #firstRefused: { path: string; error: AppError } | null = null;
  readonly #stateEvents = new Throttle();
  readonly #datasetEvents = new Throttle(datasetInterval);

  /** @throws AppError PROJECT_NOT_OPEN */
  constructor(context: ServiceContext, request: ImportRequest) {
    this.#context = context;
    this.#project = context.project();
    this.#request = request;
  }

  /**
   * Imports; failures are in the result.
   * @param publish called with its state: at once, five times a second and at its end
   */
  async run(signal: AbortSignal, publish: (state: ImportState) => void): Promise<ImportResult> {
    this.#publish = publish;
    this.#report('running', null, true);
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
        this.#report('running', null);
      },
    });
    for (const { remarks = [] } of this.#sources) this.#remarks.push(...remarks);
    this.#progress.begin('scanning', null);
    claimUploads(project, this.#sources);
    await runImport(
      project,
      imageCache(project),
      this.#sources,
      {
        counting: (files) => {
          this.#progress.advanceTo(files);
          this.#report('running', null);
        },
        counted: (files) => {
          this.#files = files;
          this.#progress.begin('reading', files);
        },
        item: (item) => this.#note(item),
        written: () => this.#reportDataset(),
      },
      { signal, nextTile: await likelyTile(this.#context.settingsFolder), notes: this.#notes },
    );
    for (const remark of this.#notes.remarks(this.#labelled)) this.#remarks.push(remark.toData());
    if (this.#added + this.#known === 0) throw this.#nothingImported();
    settleSplit(project, this.#request.captured);
    this.#project.identity.require();
    await this.#removeNeedless();
    await removeOpenedArchives(project, this.#request.sources, this.#sources);
    if (this.#labelled) {
      const classes = usedClasses(project.database);
      this.#remarkNames(classes);
      if (classes.length === 1) throw new AppError('DATASET_ONE_CLASS', { name: classes[0] });
    }
  }

  /** Said at each import that brings labels: the next one may be of the other spelling. */
  #remarkNames(classes: readonly string[]): void {
    for (const alike of alikeNames(classes)) {
      const params = { names: listNames(alike), classes: JSON.stringify(alike) };
      this.#remarks.push(new AppError('DATASET_CLASSES_ALIKE', params).toData());
    }
    for (const name of this.#renamed)
      this.#remarks.push(new AppError('DATASET_CLASS_RENAMED', { name, called: classNameOf(name) }).toData());
  }

  #nothingImported(): AppError {
    const first = this.#firstRefused;
    const refused =
      first === null ? '' : `, such as ${first.path}: ${first.error.message.replace(/\.$/, '')}`;
    return new AppError('DATASET_NO_IMAGES', { path: this.#request.label, files: this.#files, refused });
  }

  async #prepare(signal: AbortSignal): Promise<void> {
    const { prepare } = this.#request;
    if (prepare === undefined) return;
    await prepare.work((done, total) => {
      if (done === 1) this.#progress.begin(prepare.phase, total);
      this.#progress.advanceTo(done);
      this.#report('running', null);
    }, signal);
    this.#progress.begin('scanning', null);
  }

  #note(item: ImportItem): void {
    if (item.kind === 'new') {
      this.#added++;
      const { className } = item;
      this.#labelled ||= className !== null;
      if (className !== null && classNameOf(className) !== className) this.#renamed.add(className);
    } else if (item.kind === 'known' || item.kind === 'touched' || item.kind === 'relocated') {
      this.#known++;
      if (item.kind === 'known' && item.copy) this.#needless.push(item.path);
    } else if (item.kind === 'refused') {
      this.#quarantined.push({ path: item.path, code: item.error.code });
      this.#firstRefused ??= item;
    } else if (/\.(csv|tsv|jsonl)$/i.test(item.path)) {
      this.#notes.list(item.path);
    }
    this.#progress.advanceTo(this.#progress.done + 1);
    this.#report('running', null);
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
    this.#report(status, status === 'cancelled' ? null : error, true);
    this.#context.events.emit({ type: 'dataset' });
    const summary = summariseOrNothing(this.#project);
    return {
      state: this.#state(status, status === 'cancelled' ? null : error),
      images: summary?.images ?? 0,
      classes: summary?.classes.map(({ name }) => name) ?? [],
      splits: summary?.splits ?? {},
      unlabelled: summary?.unlabelled ?? 0,
      unassigned: summary?.unassigned ?? 0,
      quarantined: this.#quarantined,
    };
  }

  #state(status: ImportState['status'], error: AppError | null): ImportState {
    return {
      id: this.id,
      status,
      source: this.#request.label,
      progress: this.#progress.read(),
      added: this.#added,
      known: this.#known,
      quarantined: this.#quarantined.length,
      error: error?.toData() ?? null,
      remarks: this.#remarks,
    };
  }

  #report(status: ImportState['status'], error: AppError | null, always = false): void {
    if (this.#stateEvents.isDue(always)) this.#publish(this.#state(status, error));
  }

  #reportDataset(): void {
    if (this.#datasetEvents.isDue()) this.#context.events.emit({ type: 'dataset' });
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
