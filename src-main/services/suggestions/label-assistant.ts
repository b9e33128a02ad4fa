/** Learns from the labels of one project in the background, again after every edit, as long as it is switched on. */
import { runTask } from '../../analysis/checks/check-thread.ts';
import type { AppEvent } from '../../contract/app/app.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { AppliedEdit } from '../../contract/app/edits.ts';
import type { SuggestionsState } from '../../contract/app/suggestions.ts';
import type { Run } from '../../contract/app/runs.ts';
import { BackgroundJob } from '../../core/jobs/background-job.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { ImportProgress } from '../import/import-progress.ts';
import { Agreement } from './agreement.ts';
import { FeatureShelf } from './feature-shelf.ts';
import { type LabelChange, PhotoSet } from './photo-set.ts';
import { Suggested } from './suggested.ts';

/** So many photos a class needs; one or two say nothing of what they have in common. */
export const minPerClass = 3;
/** Milliseconds in which further labels are waited for. */
const pause = 150;
const learningSeed = 1;

type Waits = NonNullable<SuggestionsState['waitsFor']>;
/** What it does now. */
type Doing =
  | { readonly status: 'working' | 'fresh' }
  | { readonly status: 'waiting'; readonly for: Waits }
  | { readonly status: 'failed'; readonly error: AppError };

/** What an assistant works with. */
export interface AssistantOptions {
  readonly context: ServiceContext;
  readonly project: Project;
  /** A training comes first: while one works, the assistant waits. */
  readonly activeRun: () => Run | null;
  readonly publish: (state: SuggestionsState) => void;
}

/** One project's assistant. */
export class LabelAssistant {
  readonly #options: AssistantOptions;
  readonly #shelf: FeatureShelf;
  readonly #agreement = new Agreement();
  readonly #progress = new ImportProgress();
  #photos: PhotoSet | null = null;
  #suggested: Suggested | null = null;
  #version = 0;
  #doing: Doing = { status: 'working' };
  /** Something changed since the work at hand began. */
  #isBehind = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #job = new BackgroundJob<never, void>();
  #hasEnded = false;
  #phase = '';
  readonly #throttle = new Throttle();

  constructor(options: AssistantOptions) {
    this.#options = options;
    this.#shelf = new FeatureShelf(options.context, options.project);
    this.#progress.begin('starting', null);
  }

  get suggested(): Suggested | null {
    return this.#suggested;
  }

  /** How it stands. */
  state(): SuggestionsState {
    const doing = this.#doing;
    return {
      on: true,
      status: doing.status,
      waitsFor: doing.status === 'waiting' ? doing.for : null,
      progress: this.#progress.read(),
      error: doing.status === 'failed' ? doing.error.toData() : null,
      minPerClass,
      version: this.#suggested === null || !this.#suggested.isLearnt ? null : this.#version,
      order: this.#suggested === null ? null : this.#version,
      learntFrom: this.#suggested?.learntFrom ?? 0,
      suggested: this.#suggested?.count ?? 0,
      agreement: this.#agreement.read(),
    };
  }

  /** Learns as soon as nothing else is running; changes shortly after each other are learned together. */
  begin(): void {
    this.#isBehind = true;
    if (this.#job.isRunning || this.#timer !== undefined || this.#hasEnded) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#job
        .start((signal) => this.#work(signal))
        .then(() => {
          if (this.#isBehind) this.begin();
        });
    }, pause);
  }

  /** Ends the work and lets go of everything. */
  async end(): Promise<void> {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    await this.#job.end();
    this.#shelf.close();
  }

  /** Resolves when there is nothing to learn at the moment. */
  async idle(): Promise<void> {
    while (this.#timer !== undefined || this.#job.isRunning) {
      if (this.#job.isRunning) await this.#job.idle();
      else await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** Follows what happens in the program. */
  follow(event: AppEvent): void {
    if (event.type === 'dataset') this.#followEdit(event.edit);
    if (event.type === 'import' && event.import.status !== 'running') this.#lookAgain();
    if (event.type === 'run') this.#followRun();
    if (event.type !== 'backbones') return;
    this.#shelf.clear();
    this.begin();
  }

  #followRun(): void {
    if (this.#mustWait()) this.#job.cancel();
    else if (this.#doing.status === 'waiting' && this.#doing.for === 'training') this.begin();
  }

  #followEdit(edit: AppliedEdit | undefined): void {
    if (this.#photos === null) return;
    if (edit === undefined || edit.changes.some(({ type }) => type === 'excluded')) {
      this.#lookAgain();
      return;
    }
    const changed = this.#photos.follow(edit.changes);
    if (changed.length === 0) return;
    this.#judge(changed, edit.how);
    if (this.#doing.status === 'fresh') {
      this.#doing = { status: 'working' };
      this.#progress.begin('learning', null);
    }
    this.begin();
    this.#publish();
  }

  #judge(changed: readonly LabelChange[], how: AppliedEdit['how']): void {
    for (const { id, before, now } of changed) {
      const suggested = how === 'edit' && before < 0 ? (this.#suggested?.unseen(id) ?? null) : null;
      this.#agreement.note(id, suggested, now);
    }
  }

  /** The photos are others. */
  #lookAgain(): void {
    this.#photos = null;
    this.begin();
  }

  #mustWait(): boolean {
    const run = this.#options.activeRun();
    return run !== null && run.status !== 'paused';
  }

  /** Failures are in the state, not thrown. */
  async #work(signal: AbortSignal): Promise<void> {
    this.#isBehind = false;
    try {
      const done = this.#mustWait() ? waiting('training') : await this.#learn(signal);
      this.#show(this.#isBehind && done.status === 'fresh' ? { status: 'working' } : done);
    } catch (thrown) {
      this.#fail(AppError.from(thrown), thrown);
    }
  }

  #fail(error: AppError, thrown: unknown): void {
    if (error.kind === 'cancelled') {
      if (this.#mustWait()) this.#show(waiting('training'));
    } else if (error.code === 'BACKBONE_NONE') {
      this.#show(waiting('backbone'));
    } else if (error.code === 'TRAINING_DATA_CHANGED') {
      // Photos came or went meanwhile.
      this.#lookAgain();
    } else {
      if (error.kind === 'bug') this.#options.context.log('labels could not be suggested', thrown);
      this.#show({ status: 'failed', error });
    }
  }

  async #learn(signal: AbortSignal, again = false): Promise<Doing> {
    this.#doing = { status: 'working' };
    const photos = (this.#photos ??= new PhotoSet(this.#options.project.database));
    const work = {
      signal,
      report: (phase: string, done: number, total: number) => this.#advance(phase, done, total),
    };
    const { features, slots } = await this.#shelf.take(photos, work);
    const classIds = photos.classesWith(minPerClass, slots);
    const labels = photos.labels.slice();
    const onProgress = (done: number, total: number): void => this.#advance('learning', done, total);
    onProgress(0, labels.length);
    const task = { kind: 'suggest', features, slots, labels, classIds, seed: learningSeed } as const;
    const found = await runTask(task, { signal, onProgress });
    throwIfCancelled(signal);
    if (found === null) {
      // The cache was emptied by hand: the features are computed once more.
      if (again) throw new AppError('INTERNAL_BUG', { detail: 'features that were just computed are gone' });
      this.#shelf.clear();
      return this.#learn(signal, true);
    }
    this.#suggested = new Suggested({ ids: photos.ids, labels, classIds, ...found });
    this.#version++;
    return this.#suggested.isLearnt ? { status: 'fresh' } : waiting('labels');
  }

  #advance(phase: string, done: number, total: number): void {
    const isNew = phase !== this.#phase;
    if (isNew) this.#progress.begin(phase, total);
    this.#phase = phase;
    this.#progress.advanceTo(done);
    if (this.#throttle.isDue(isNew)) this.#publish();
  }

  #show(doing: Doing): void {
    this.#doing = doing;
    this.#phase = '';
    this.#publish();
  }

  #publish(): void {
    if (!this.#hasEnded) this.#options.publish(this.state());
  }
}

function waiting(what: Waits): Doing {
  return { status: 'waiting', for: what };
}
