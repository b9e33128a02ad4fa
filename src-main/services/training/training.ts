/** Requests about recipes, runs, evaluation and prediction. */
import { AppError } from '../../contract/shared/errors.ts';
import type { CrossValidateEvent } from '../../contract/app/judging/cross-validation.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import type { Run } from '../../contract/app/runs.ts';
import type { trainingContract } from '../../contract/app/training.ts';
import type { TrainingSettings } from '../../contract/shared/training-settings.ts';
import { listEvaluations, readRun } from '../../project/runs/runs.ts';
import { insertTestUse, listTestUses } from '../../project/runs/test-uses.ts';
import { findRecipe, recipes } from '../../registries/recipes/index.ts';
import type { ServiceOf } from '../base/bind-service.ts';
import type { ServiceContext } from '../base/context.ts';
import { compareCleaning } from '../checks/cleaning.ts';
import { calibrateRun, calibrationOf } from '../evaluation/calibration.ts';
import { crossValidateProject } from '../evaluation/cross-validation.ts';
import { evaluateRun } from '../evaluation/evaluation.ts';
import { predictPaths, predictPortions, predictWithRun } from '../evaluation/prediction.ts';
import { summarise } from '../project/dataset-summary.ts';
import { type ModelChoice, findModel } from '../runs/models.ts';
import { removeRunFolder } from '../runs/run-files.ts';
import { runRecords } from '../runs/run-records.ts';
import { describeRuns, requireRun } from '../runs/run-states.ts';
import { LayerTables } from './layer-tables.ts';
import { findLearningRate } from './learning-rate.ts';
import { completeSettings, namesOfClasses } from './training-draft.ts';
import { planTraining } from './training-plan.ts';
import { TrainingRuns } from './training-runs.ts';

/** Makes the training service: the handlers of `contract.training` and what hosts call besides. */
export function createTrainingService(context: ServiceContext) {
  const layerTables = new LayerTables(context);
  const runs = new TrainingRuns(context, layerTables);
  const handlers: ServiceOf<typeof trainingContract> = {
    recipes: () =>
      recipes.map(({ id, label, description, defaults, settingNames }) => ({
        id,
        label,
        description,
        defaults,
        settingNames: [...settingNames],
      })),
    plan: (draft) => planTraining(context, context.project(), layerTables, draft),
    summary: (request) => summaryOf(context, layerTables, request),
    start: (draft) => runs.start(draft),
    repeat: (request) => runs.repeat(request),
    findLearningRate: (draft, { signal }) => findLearningRate(context, draft, signal),
    pause: ({ run }) => runs.pause(run),
    resume: ({ run }) => runs.resume(run),
    stop: ({ run }) => runs.stop(run),
    extend: ({ run, epochs }) => runs.extend(run, epochs),
    runs: () => listRuns(runs).sound,
    damagedRuns: () => listRuns(runs).damaged,
    run: ({ run }) => runs.describe(run),
    renameRun: ({ run, name }) => editRun(context, runs, run, { name }),
    noteRun: ({ run, notes }) => editRun(context, runs, run, { notes }),
    removeRun: ({ run }) => removeRun(context, runs, run),
    evaluate: async ({ run, split }, { signal }) => {
      const project = context.project();
      const evaluation = await evaluateRun(context, project, run, split, { signal });
      runs.emit(run);
      return evaluation;
    },
    evaluations: ({ run }) =>
      listEvaluations(context.project().database, requireRun(context.project(), run).id),
    calibrate: ({ run, keep }, { signal }) => calibrateRun(context, context.project(), run, { keep, signal }),
    crossValidate: (request, { signal }) =>
      streamEvents<CrossValidateEvent>(async (emit, ending) => {
        emit({ type: 'done', result: await crossValidateProject(context, request, emit, ending) });
      }, signal),
    calibration: ({ run }) => calibrationOf(context.project(), run),
    testUses: () => listTestUses(context.project().database),
    noteTestThreshold: ({ run }) => {
      const project = context.project();
      insertTestUse(project.database, { run, name: requireRun(project, run).name, purpose: 'threshold' });
      return listTestUses(project.database);
    },
    cleaning: ({ run }) => compareCleaning(context.project(), run),
    predict: (request, { signal }) => predictWithRun(context, request, signal),
    predictPortions: (request, { signal }) => predictPortions(context, request, signal),
  };
  return {
    handlers,
    /** The active run, or null. */
    activeRun: (): Run | null => runs.active(),
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

/** All runs as they are now. @throws AppError PROJECT_NOT_OPEN */
function listRuns(runs: TrainingRuns): ReturnType<typeof describeRuns> {
  const { sound, damaged } = describeRuns(runs.openedProject());
  const active = runs.active();
  return { sound: sound.map((run) => (run.id === active?.id ? active : run)), damaged };
}

/** Changes what the user writes about a run. @throws AppError NOT_FOUND, DISK_FULL, FILE_UNWRITABLE */
function editRun(
  context: ServiceContext,
  runs: TrainingRuns,
  id: string,
  change: { name: string } | { notes: string },
): Run {
  runRecords(context.project()).edit(id, change);
  runs.emit(id);
  return runs.describe(id);
}

/**
 * Removes a run with all it made; also one that is damaged.
 * @throws AppError NOT_FOUND, TRAINING_ALREADY_RUNNING while it trains, DISK_FULL, FILE_UNWRITABLE
 */
async function removeRun(context: ServiceContext, runs: TrainingRuns, id: string): Promise<void> {
  const project = context.project();
  if (readRun(project.database, id) === null) throw new AppError('NOT_FOUND', { what: 'run', id });
  if (runs.isActive(id)) throw new AppError('TRAINING_ALREADY_RUNNING');
  runRecords(project).remove(id);
  context.events.emit({ type: 'run-removed', run: id });
  await removeRunFolder(project, id);
}

interface SummaryRequest {
  readonly recipe?: string | undefined;
  readonly run?: string | undefined;
  readonly classes?: number | undefined;
  readonly settings: TrainingSettings;
}

/** The layer table of a recipe or a run. @throws AppError TRAINING_RECIPE_UNKNOWN, MODEL_TOO_SMALL_INPUT, … */
async function summaryOf(
  context: ServiceContext,
  layerTables: LayerTables,
  request: SummaryRequest,
): Promise<ModelSummary> {
  if (request.run !== undefined) {
    const { recipe, classes, settings } = requireRun(context.project(), request.run);
    return layerTables.of(findRecipe(recipe), classes.length, settings);
  }
  if (request.recipe === undefined) throw new AppError('INPUT_INVALID', { detail: 'give a recipe or a run' });
  const recipe = findRecipe(request.recipe);
  const project = context.openedProject();
  const own = project === null ? 0 : namesOfClasses(summarise(project)).length;
  const classes = request.classes ?? (own >= 2 ? own : recipe.defaultClasses);
  const settings = await completeSettings(context.settingsFolder, recipe, request.settings, 0);
  return layerTables.of(recipe, classes, settings);
}
