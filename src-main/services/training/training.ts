/** Requests about recipes, runs, evaluation and prediction. */
import { AppError } from '../../contract/shared/errors.ts';
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import type { Run } from '../../contract/app/runs.ts';
import type { trainingContract } from '../../contract/app/training.ts';
import { createId } from '../../core/text/ids.ts';
import type { Project } from '../../project/project.ts';
import { storageFailure } from '../../project/database/database-error.ts';
import { countRuns, insertRun, listEvaluations, readRun } from '../../project/runs/runs.ts';
import type { RunSettings, TrainingSettings } from '../../contract/shared/training-settings.ts';
import { type Recipe, findRecipe, recipes } from '../../registries/recipes/index.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { compareCleaning } from '../checks/cleaning.ts';
import { summarise } from '../project/dataset-summary.ts';
import { evaluateRun } from '../evaluation/evaluation.ts';
import { findLearningRate } from './learning-rate.ts';
import { ActiveRun } from './active-run.ts';
import { type ModelChoice, findModel } from '../runs/models.ts';
import { predictPaths, predictWithRun } from '../evaluation/prediction.ts';
import {
  collectDataset,
  hasCheckpoint,
  hashDataset,
  readDataset,
  removeRunFolder,
  writeRunFiles,
} from '../runs/run-files.ts';
import { runRecords } from '../runs/run-records.ts';
import { describeRuns, markInterrupted, requireRun, toRun } from '../runs/run-states.ts';
import { defaultFractions, defaultSplitSeed, makeSplit } from '../project/splits.ts';
import { findWeightsForSummary } from '../runs/run-backbone.ts';
import { type FullPlan, type PlanRequest, makePlan, settingsFor } from './training-plan.ts';

/** Makes the training service: the handlers of `contract.training` and what hosts call besides. */
export function createTrainingService(context: ServiceContext) {
  const service = new TrainingService(context);
  const handlers: ServiceOf<typeof trainingContract> = {
    recipes: () =>
      recipes.map(({ id, label, description, defaults, settingNames }) => ({
        id,
        label,
        description,
        defaults,
        settingNames: [...settingNames],
      })),
    plan: async (request) => (await makePlan(context, context.project(), request)).plan,
    summary: (request) => service.summary(request),
    start: (request) => service.start(request),
    repeat: (request) => service.repeat(request),
    findLearningRate: (request, { signal }) => findLearningRate(context, request, signal),
    pause: ({ run }) => service.pause(run),
    resume: ({ run }) => service.resume(run),
    stop: ({ run }) => service.stop(run),
    runs: () => service.list().sound,
    damagedRuns: () => service.list().damaged,
    run: ({ run }) => service.describe(run),
    renameRun: ({ run, name }) => service.rename(run, name),
    noteRun: ({ run, notes }) => service.note(run, notes),
    extend: ({ run, epochs }) => service.extend(run, epochs),
    removeRun: ({ run }) => service.remove(run),
    evaluate: async ({ run, split }, { signal }) => {
      const project = context.project();
      const evaluation = await evaluateRun(context, project, run, split, { signal });
      service.tell(run);
      return evaluation;
    },
    evaluations: ({ run }) =>
      listEvaluations(context.project().database, requireRun(context.project(), run).id),
    cleaning: ({ run }) => compareCleaning(context.project(), run),
    predict: (request, { signal }) => predictWithRun(context, request, signal),
  };
  return {
    handlers,
    /** The run at work now, or null. */
    activeRun: (): Run | null => service.activeRun(),
    /** Models by path, without a project. */
    models: {
      /** What a model file holds, its layer table included. @see findModel */
      describe: async (choice: ModelChoice) => (await findModel(context.engine, choice)).description,
      /** Predicts files and folders, one answer each, as they come. @see predictPaths */
      predict: (choice: ModelChoice, paths: readonly string[], signal?: AbortSignal) =>
        predictPaths(context.engine, choice, paths, signal),
    },
  };
}

class TrainingService {
  readonly #context: ServiceContext;
  #active: ActiveRun | null = null;
  /** A start or resume that is on its way. */
  #starting: Promise<ActiveRun> | null = null;
  /** Resolves when the active run, or the last one, is over and another may begin. */
  #over: Promise<void> = Promise.resolve();
  readonly #summaries = new Map<string, ModelSummary>();

  constructor(context: ServiceContext) {
    this.#context = context;
    context.beforeProjectOpens((project) => markInterrupted(project));
    context.afterProjectOpens((project) => {
      runRecords(project).onSaved((run) => this.#tellIfThere({ id: run, project }));
    });
    context.beforeProjectCloses(async (project) => {
      await this.#starting?.catch(() => undefined);
      await this.#active?.interrupt();
      if (!runRecords(project).close()) context.log('runs could not be written', project.folder);
    });
  }

  activeRun(): Run | null {
    return this.#active?.describe() ?? null;
  }

  /** A run as it is now. @throws AppError NOT_FOUND */
  describe(id: string): Run {
    if (this.#active?.id === id) return this.#active.describe();
    const project = this.#opened();
    return toRun(project, requireRun(project, id));
  }

  /** All runs as they are now. @throws AppError PROJECT_NOT_OPEN */
  list(): ReturnType<typeof describeRuns> {
    const { sound, damaged } = describeRuns(this.#opened());
    const active = this.activeRun();
    return { sound: sound.map((run) => (run.id === active?.id ? active : run)), damaged };
  }

  /** Runs can be looked at, and ended, where the project's folder is gone. */
  #opened(): Project {
    return this.#context.openedProject() ?? this.#context.project();
  }

  /** Tells everyone how a run is now. */
  tell(id: string): void {
    this.#context.events.emit({ type: 'run', run: this.describe(id) });
  }

  /** Begins a new run. @throws AppError TRAINING_ALREADY_RUNNING, the plan's blocker, BACKEND_… */
  async start(request: PlanRequest, series: string | null = null): Promise<Run> {
    return this.#begin(async (project) => {
      const full = await makePlan(this.#context, project, request);
      if (full.plan.blocker !== null) throw AppError.fromData(full.plan.blocker);
      if (full.needsSplit) {
        makeSplit(project, defaultFractions, defaultSplitSeed);
        this.#context.events.emit({ type: 'dataset' });
      }
      return this.#create(project, full, series);
    });
  }

  /**
   * Trains the same with each seed, one run after another. Ending or failing of one ends the series.
   * @throws AppError as `start`, of the first run
   */
  async repeat({ seeds, ...request }: PlanRequest & { readonly seeds: readonly number[] }): Promise<Run> {
    const series = createId('series');
    const project = this.#context.project();
    const start = (seed: number): Promise<Run> =>
      this.start({ ...request, settings: { ...request.settings, seed } }, series);
    const first = await start(seeds[0]);
    void this.#goOn(first, seeds.slice(1), start, project);
    return first;
  }

  async #goOn(
    run: Run,
    seeds: readonly number[],
    start: (seed: number) => Promise<Run>,
    project: Project,
  ): Promise<void> {
    await this.#over;
    // Another project may be open by now, or the user may have ended or removed the run.
    const isNext =
      this.#context.openedProject() === project && runRecords(project).find(run.id)?.status === 'done';
    const [seed, ...rest] = seeds;
    if (!isNext || seed === undefined) return;
    try {
      await this.#goOn(await start(seed), rest, start, project);
    } catch (error) {
      this.#context.log('series ended', error);
    }
  }

  async #create(
    project: Project,
    { plan, recipe, classes }: FullPlan,
    series: string | null = null,
  ): Promise<ActiveRun> {
    const { engine } = this.#context;
    const { settings } = plan;
    const summary = await this.#recipeSummary(recipe, classes.length, settings);
    const { engine: engineId, device, version } = await engine.describe();
    const dataset = await collectDataset(project, classes);
    const id = createId('run');
    const record = {
      id,
      name: `${recipe.label} ${countRuns(project.database) + 1}`,
      recipe: recipe.id,
      createdAt: new Date().toISOString(),
      engine: engineId,
      device,
      settings,
      classes,
      dataHash: await hashDataset(dataset),
      params: summary.params,
      trainableWeights: summary.trainableWeights,
    };
    const { version: lenslet } = this.#context.info;
    const about = {
      ...record,
      engineVersion: version,
      lenslet,
      seed: settings.seed,
      counts: plan.counts,
      summary,
    };
    const empty = { seconds: 0, history: [], test: null, error: null, notes: '', series, computing: null };
    try {
      await writeRunFiles(project, id, about, dataset);
      project.identity.require();
      insertRun(project.database, { ...record, status: 'preparing', ...empty });
    } catch (error) {
      await removeRunFolder(project, id).catch(() => undefined);
      throw storageFailure(error, project.folder) ?? error;
    }
    return new ActiveRun(this.#context, project, id, dataset);
  }

  /** Pauses the run. @throws AppError TRAINING_NOT_RUNNING */
  async pause(id: string): Promise<Run> {
    await this.#require(id).pause();
    return this.describe(id);
  }

  /** Goes on after a pause or an interruption. @throws AppError TRAINING_NOT_RESUMABLE, TRAINING_… */
  async resume(id: string): Promise<Run> {
    if (this.#active?.id === id) {
      await this.#active.resume();
      return this.describe(id);
    }
    return this.#begin(async (project) => {
      const record = requireRun(project, id);
      if (!toRun(project, record).resumable) {
        const reason = record.status === 'done' ? 'it is finished' : 'it has nothing to go on from';
        throw new AppError('TRAINING_NOT_RESUMABLE', { id, reason });
      }
      const dataset = await readDataset(project, id);
      const { engine, device } = await this.#context.engine.describe();
      runRecords(project).change(id, { status: 'preparing', error: null, engine, device });
      return new ActiveRun(this.#context, project, id, dataset);
    });
  }

  /** Ends the run and keeps its model. @throws AppError TRAINING_NOT_RUNNING */
  async stop(id: string): Promise<Run> {
    await this.#require(id).stop();
    return this.describe(id);
  }

  /** Changes a run's name. @throws AppError NOT_FOUND */
  rename(id: string, name: string): Run {
    const project = this.#context.project();
    runRecords(project).edit(id, { name });
    this.tell(id);
    return this.describe(id);
  }

  /** Keeps what the user writes about a run. @throws AppError NOT_FOUND */
  note(id: string, notes: string): Run {
    const project = this.#context.project();
    runRecords(project).edit(id, { notes });
    this.tell(id);
    return this.describe(id);
  }

  /** Goes on with a finished run for more epochs. @throws AppError NOT_FOUND, TRAINING_NOT_RESUMABLE, … */
  async extend(id: string, epochs: number): Promise<Run> {
    return this.#begin(async (project) => {
      const record = requireRun(project, id);
      if (record.status !== 'done' || !hasCheckpoint(project, id)) {
        const reason = record.status === 'done' ? 'its checkpoint is gone' : 'it is not finished';
        throw new AppError('TRAINING_NOT_RESUMABLE', { id, reason });
      }
      const dataset = await readDataset(project, id);
      const { engine, device } = await this.#context.engine.describe();
      // A run that stopped early gets its epochs all the same: they count from where it is.
      const before = record.history.filter(({ stage }) => stage === record.history.at(-1)?.stage).length;
      const settings = { ...record.settings, epochs: before + epochs, patience: null };
      runRecords(project).change(id, { status: 'preparing', error: null, engine, device, settings });
      return new ActiveRun(this.#context, project, id, dataset, record);
    });
  }

  /**
   * Removes a run with all it made; also one that is damaged.
   * @throws AppError NOT_FOUND, TRAINING_ALREADY_RUNNING while it trains, DISK_FULL, FILE_UNWRITABLE
   */
  async remove(id: string): Promise<void> {
    const project = this.#context.project();
    if (readRun(project.database, id) === null) throw new AppError('NOT_FOUND', { what: 'run', id });
    if (this.#active?.id === id) throw new AppError('TRAINING_ALREADY_RUNNING');
    runRecords(project).remove(id);
    this.#context.events.emit({ type: 'run-removed', run: id });
    await removeRunFolder(project, id);
  }

  /** The layer table of a recipe or a run. @throws AppError TRAINING_RECIPE_UNKNOWN, MODEL_TOO_SMALL_INPUT, … */
  async summary(request: {
    recipe?: string | undefined;
    run?: string | undefined;
    classes?: number | undefined;
    settings: TrainingSettings;
  }): Promise<ModelSummary> {
    const project = this.#context.openedProject();
    if (request.run !== undefined) {
      const record = requireRun(this.#context.project(), request.run);
      return this.#recipeSummary(findRecipe(record.recipe), record.classes.length, record.settings);
    }
    if (request.recipe === undefined)
      throw new AppError('INPUT_INVALID', { detail: 'give a recipe or a run' });
    const recipe = findRecipe(request.recipe);
    const own = project === null ? 0 : summarise(project).classes.filter(({ images }) => images > 0).length;
    const classes = request.classes ?? (own >= 2 ? own : recipe.defaultClasses);
    const { settingsFolder } = this.#context;
    return this.#recipeSummary(
      recipe,
      classes,
      await settingsFor(settingsFolder, recipe, request.settings, 0),
    );
  }

  /** Kept, because the engine may be busy when it is asked for again. */
  async #recipeSummary(recipe: Recipe, classes: number, settings: RunSettings): Promise<ModelSummary> {
    recipe.checkImageSize(settings.imageSize);
    const backbone = await findWeightsForSummary(this.#context.settingsFolder, recipe, settings);
    const { imageSize, dropout, headUnits, pooling, unfreezeFrom } = settings;
    const key = JSON.stringify([
      recipe.id,
      classes,
      imageSize,
      dropout,
      headUnits,
      pooling,
      unfreezeFrom,
      backbone,
    ]);
    const known = this.#summaries.get(key);
    if (known !== undefined) return known;
    const summary = await this.#context.engine.ask((engine) =>
      engine.summary({ recipe: recipe.id, classes, settings, backbone }),
    );
    this.#summaries.set(key, summary);
    return summary;
  }

  #require(id: string): ActiveRun {
    if (this.#active?.id === id) return this.#active;
    requireRun(this.#opened(), id);
    throw new AppError('TRAINING_NOT_RUNNING', { id });
  }

  async #begin(make: (project: Project) => Promise<ActiveRun>): Promise<Run> {
    if (this.#active !== null || this.#starting !== null) throw new AppError('TRAINING_ALREADY_RUNNING');
    this.#starting = make(this.#context.project());
    try {
      const active = await this.#starting;
      this.#active = active;
      this.#over = active.finished
        .then(() => {
          this.#active = null;
          this.#tellIfThere(active);
        })
        .catch((error: unknown) => this.#context.log('the end of a run could not be told', error));
      return active.describe();
    } finally {
      this.#starting = null;
    }
  }

  /** Its last event once more, now that it can be resumed or removed; unless its project is closed. */
  #tellIfThere({ id, project }: Pick<ActiveRun, 'id' | 'project'>): void {
    if (this.#context.openedProject() !== project) return;
    if (runRecords(project).find(id) !== null) this.tell(id);
  }
}
