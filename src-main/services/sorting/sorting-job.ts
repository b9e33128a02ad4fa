/** The work on a sorting, one at a time and in the background, with its progress as events. */
import type { SortBy, SortingState } from '../../contract/app/sorting.ts';
import type { AppError } from '../../contract/shared/errors.ts';
import { BackgroundJob } from '../../core/jobs/background-job.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import type { ServiceContext } from '../base/context.ts';
import { ImportProgress } from '../import/import-progress.ts';
import type { ModelChoice } from '../runs/models.ts';
import { describeSorting } from './describe-sorting.ts';
import { sessionFile, type SortSession } from '../../project/sorting/session-database.ts';
import { requireOwnSession } from '../../project/sorting/session-folders.ts';
import { applySorting, predictSorting, undoSorting } from './sorting-steps.ts';

/** What to do with a sorting. */
export type SortingTask =
  | { readonly kind: 'predict'; readonly model: ModelChoice | null }
  | { readonly kind: 'apply'; readonly by: SortBy; readonly out: string }
  | { readonly kind: 'undo' };

type Report = (phase: string, done: number, total: number | null) => void;

/** Runs tasks. */
export class SortingJob {
  readonly #context: ServiceContext;
  readonly #job: BackgroundJob<SortingState>;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#job = new BackgroundJob('SORT_RUNNING', (sorting) =>
      context.events.emit({ type: 'sorting', sorting }),
    );
  }

  get isRunning(): boolean {
    return this.#job.isRunning;
  }

  get state(): SortingState | null {
    return this.#job.state;
  }

  /** @throws AppError SORT_RUNNING */
  requireIdle(): void {
    this.#job.requireIdle();
  }

  cancel(): void {
    this.#job.cancel();
  }

  /** Stops the work and waits for it. */
  end(): Promise<void> {
    return this.#job.end();
  }

  /**
   * Begins a task. Its failure is in the state that it resolves to.
   * @throws AppError SORT_RUNNING, SORT_FOREIGN
   */
  start(session: SortSession, task: SortingTask, signal?: AbortSignal): Promise<SortingState> {
    requireOwnSession(this.#context.settingsFolder, session);
    return this.#job.start((ending, set) => this.#run(session, task, ending, set), signal);
  }

  async #run(
    session: SortSession,
    task: SortingTask,
    signal: AbortSignal,
    set: (state: SortingState) => void,
  ): Promise<SortingState> {
    const progress = new ImportProgress();
    const due = new Throttle();
    const state = (status: SortingState['status'], error: AppError | null): SortingState => ({
      status,
      progress: progress.read(),
      error: error?.toData() ?? null,
      sorting: describeSorting(session),
    });
    let phase = '';
    const report: Report = (now, done, total) => {
      if (now !== phase) progress.begin((phase = now), total);
      progress.advanceTo(done);
      if (due.isDue()) set(state('running', null));
    };
    set(state('running', null));
    let end: SortingState;
    try {
      await this.#do(session, task, signal, report);
      end = state('done', null);
    } catch (thrown) {
      const error = explainFailure(thrown, sessionFile);
      if (error.kind === 'bug') this.#context.log('sorting failed', thrown);
      const cancelled = error.kind === 'cancelled' || signal.aborted;
      end = cancelled ? state('cancelled', null) : state('failed', error);
    }
    set(end);
    return end;
  }

  #do(session: SortSession, task: SortingTask, signal: AbortSignal, report: Report): Promise<void> {
    const moved = (phase: string) => ({
      signal,
      onProgress: (done: number, total: number) => report(phase, done, total),
    });
    switch (task.kind) {
      case 'predict':
        return predictSorting(this.#context.engine, session, task.model, { signal, onProgress: report });
      case 'apply':
        return applySorting(session, task.by, task.out, moved('moving'));
      case 'undo':
        return undoSorting(session, moved('undoing'));
    }
  }
}
