/** Starting, continuing and ending runs: one is active at a time. */
import { AppError } from '../../contract/shared/errors.ts';
import type { Run } from '../../contract/app/runs.ts';
import { createId } from '../../core/text/ids.ts';
import type { Project } from '../../project/project.ts';
import type { RunRecord } from '../../project/runs/runs.ts';
import type { ServiceContext } from '../base/context.ts';
import { defaultFractions, defaultSplitSeed, makeSplit } from '../project/splits.ts';
import { hasCheckpoint, readDataset } from '../runs/run-files.ts';
import { type RunRecords, runRecords } from '../runs/run-records.ts';
import { findRecipe } from '../../registries/recipes/index.ts';
import { isAtWork, markInterrupted, requireRun, requireSteps, toRun } from '../runs/run-states.ts';
import { ActiveRun } from './active-run.ts';
import { createRun } from './create-run.ts';
import type { LayerTables } from './layer-tables.ts';
import { type TrainingDraft, completeDraft, requireTrainable } from './training-draft.ts';

export class TrainingRuns {
  readonly #context: ServiceContext;
  readonly #layerTables: LayerTables;
  #active: ActiveRun | null = null;
  /** A run that is being created or continued. */
  #starting: Promise<ActiveRun> | null = null;
  /** Resolves when the active run, or the last one, is over and another may begin. */
  #over: Promise<void> = Promise.resolve();

  constructor(context: ServiceContext, layerTables: LayerTables) {
    this.#context = context;
    this.#layerTables = layerTables;
    context.beforeProjectOpens((project) => markInterrupted(project));
    context.afterProjectOpens((project) => {
      runRecords(project).onSaved((run) => this.#emitIfPresent({ id: run, project }));
    });
    context.beforeProjectCloses(async (project) => {
      await this.#starting?.catch(() => undefined);
      await this.#active?.interrupt();
      if (!runRecords(project).close()) context.log('runs could not be written', project.folder);
    });
  }

  /** The active run, or null. */
  active(): Run | null {
    return this.#active?.describe() ?? null;
  }

  isActive(id: string): boolean {
    return this.#active?.id === id;
  }

  /** A run as it is now. @throws AppError NOT_FOUND */
  describe(id: string): Run {
    if (this.#active?.id === id) return this.#active.describe();
    const project = this.openedProject();
    return toRun(project, requireRun(project, id));
  }

  /** Runs can be looked at, and ended, where the project's folder is gone. @throws AppError PROJECT_NOT_OPEN */
  openedProject(): Project {
    return this.#context.openedProject() ?? this.#context.project();
  }

  /** Emits a run's present state. @throws AppError NOT_FOUND */
  emit(id: string): void {
    this.#context.events.emit({ type: 'run', run: this.describe(id) });
  }

  /**
   * Starts a new run, drawing a split where there is none.
   * @throws AppError TRAINING_ALREADY_RUNNING, what `requireTrainable` and `createRun` throw
   */
  async start(draft: TrainingDraft, series: string | null = null): Promise<Run> {
    return this.#begin(async (project) => {
      const completed = await completeDraft(this.#context.settingsFolder, project, draft);
      await requireTrainable(this.#context.settingsFolder, completed);
      if (completed.needsSplit) {
        makeSplit(project, defaultFractions, defaultSplitSeed);
        this.#context.events.emit({ type: 'dataset' });
      }
      const { id, dataset } = await createRun(this.#context, project, this.#layerTables, completed, series);
      return new ActiveRun(this.#context, project, id, dataset);
    });
  }

  /**
   * Trains the same with each seed, one run after another. The series ends when one is ended or fails.
   * @throws AppError as `start`, of the first run
   */
  async repeat({ seeds, ...draft }: TrainingDraft & { readonly seeds: readonly number[] }): Promise<Run> {
    const series = createId('series');
    const project = this.#context.project();
    const start = (seed: number): Promise<Run> =>
      this.start({ ...draft, settings: { ...draft.settings, seed } }, series);
    const first = await start(seeds[0]);
    this.#continueSeries(first, seeds.slice(1), start, project).catch((error: unknown) =>
      this.#context.log('series ended', error),
    );
    return first;
  }

  async #continueSeries(
    first: Run,
    seeds: readonly number[],
    start: (seed: number) => Promise<Run>,
    project: Project,
  ): Promise<void> {
    let last = first;
    for (const seed of seeds) {
      await this.#over;
      // Another project may be open by now, or the user may have ended or removed the run.
      if (this.#context.openedProject() !== project) return;
      if (runRecords(project).find(last.id)?.status !== 'done') return;
      last = await start(seed);
    }
  }

  /** Pauses the run. @throws AppError TRAINING_NOT_RUNNING */
  async pause(id: string): Promise<Run> {
    await this.#requireActive(id).pause();
    return this.describe(id);
  }

  /** Continues after a pause or an interruption. @throws AppError TRAINING_NOT_RESUMABLE, TRAINING_… */
  async resume(id: string): Promise<Run> {
    if (this.#active?.id === id) {
      await this.#active.resume();
      return this.describe(id);
    }
    return this.#begin((project) => {
      const record = requireRun(project, id);
      if (!toRun(project, record).resumable) {
        const reason = record.status === 'done' ? 'it is finished' : 'it has nothing to go on from';
        throw new AppError('TRAINING_NOT_RESUMABLE', { id, reason });
      }
      return this.#continue(project, id, {});
    });
  }

  /** Continues a finished run for more epochs. @throws AppError NOT_FOUND, TRAINING_NOT_RESUMABLE, … */
  async extend(id: string, epochs: number): Promise<Run> {
    return this.#begin((project) => {
      const record = requireRun(project, id);
      if (record.status !== 'done' || !hasCheckpoint(project, id)) {
        const reason = record.status === 'done' ? 'its checkpoint is gone' : 'it is not finished';
        throw new AppError('TRAINING_NOT_RESUMABLE', { id, reason });
      }
      requireSteps(findRecipe(record.recipe), record.settings);
      // A run that stopped early gets its epochs all the same: they count from where it is.
      const before = record.history.filter(({ stage }) => stage === record.history.at(-1)?.stage).length;
      const settings = { ...record.settings, epochs: before + epochs, patience: null };
      return this.#continue(project, id, { settings }, record);
    });
  }

  async #continue(
    project: Project,
    id: string,
    change: Parameters<RunRecords['change']>[1],
    before: RunRecord | null = null,
  ): Promise<ActiveRun> {
    const dataset = await readDataset(project, id);
    const { engine, device } = await this.#context.engine.describe();
    runRecords(project).change(id, { status: 'preparing', error: null, engine, device, ...change });
    return new ActiveRun(this.#context, project, id, dataset, before);
  }

  /** Ends the run and keeps its model. @throws AppError TRAINING_NOT_RUNNING */
  async stop(id: string): Promise<Run> {
    await this.#requireActive(id).stop();
    return this.describe(id);
  }

  #requireActive(id: string): ActiveRun {
    if (this.#active?.id === id) return this.#active;
    requireRun(this.openedProject(), id);
    throw new AppError('TRAINING_NOT_RUNNING', { id });
  }

  async #begin(make: (project: Project) => Promise<ActiveRun>): Promise<Run> {
    // Who is told that a run has ended may begin the next one at once: what is left of the other takes a moment.
    if (this.#active !== null && !isAtWork(this.#active.describe().status)) await this.#over;
    if (this.#active !== null || this.#starting !== null) throw new AppError('TRAINING_ALREADY_RUNNING');
    this.#starting = make(this.#context.project());
    try {
      const active = await this.#starting;
      this.#active = active;
      this.#over = active.finished
        .then(() => {
          this.#active = null;
          this.#emitIfPresent(active);
        })
        .catch((error: unknown) => this.#context.log('the end of a run could not be reported', error));
      return active.describe();
    } finally {
      this.#starting = null;
    }
  }

  /** Its last event, now that it can be resumed or removed; unless its project is closed. */
  #emitIfPresent({ id, project }: Pick<ActiveRun, 'id' | 'project'>): void {
    if (this.#context.openedProject() !== project) return;
    if (runRecords(project).find(id) !== null) this.emit(id);
  }
}
