/** What pressing Train would do, and why: everything the Train screen shows, in one answer. */
import { AppError } from '../../contract/shared/errors.ts';
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import type { TrainingPlan } from '../../contract/app/training.ts';
import { sumValues } from '../../core/statistics/statistics.ts';
import type { Project } from '../../project/project.ts';
import { lectureDifferences } from '../../registries/recipes/lecture.ts';
import type { ServiceContext } from '../base/context.ts';
import { countEpochs } from '../runs/run-states.ts';
import type { LayerTables } from './layer-tables.ts';
import { graveFindings, planWarnings } from './plan-warnings.ts';
import {
  type CompletedDraft,
  type TrainingDraft,
  completeDraft,
  requireTrainable,
} from './training-draft.ts';

/** Plans a training with the project as it is now. @throws AppError TRAINING_RECIPE_UNKNOWN */
export async function planTraining(
  { settingsFolder, log }: Pick<ServiceContext, 'settingsFolder' | 'log'>,
  project: Project,
  layerTables: LayerTables,
  draft: TrainingDraft,
): Promise<TrainingPlan> {
  const completed = await completeDraft(settingsFolder, project, draft);
  const { recipe, mode, settings, baseline, counts } = completed;
  const toBlocker = (thrown: unknown): AppError => {
    const error = AppError.from(thrown);
    if (error.kind === 'bug') log('a training could not be planned', thrown);
    return error;
  };
  const obstacle = await requireTrainable(settingsFolder, completed).then(() => null, toBlocker);
  const summary = await summaryOf(layerTables, completed).catch(toBlocker);
  const isBuilt = !(summary instanceof AppError);
  const blocker = obstacle ?? (isBuilt ? null : summary);
  return {
    recipe: recipe.id,
    mode,
    settings,
    baseline,
    counts,
    stages: [...recipe.stages(settings)],
    totalEpochs: countEpochs(recipe, settings),
    reasons: [...reasonsFor(completed, draft), ...(isBuilt ? assumptionsOf(summary) : [])],
    warnings: planWarnings(project, completed, draft),
    graveFindings: graveFindings(project),
    summary: isBuilt ? summary : null,
    blocker: blocker?.toData() ?? null,
  };
}

/** Before there are two classes: the network as for the recipe's usual number of them. */
function summaryOf(
  layerTables: LayerTables,
  { recipe, settings, classes }: CompletedDraft,
): Promise<ModelSummary> {
  return layerTables.of(recipe, classes.length >= 2 ? classes.length : recipe.defaultClasses, settings);
}

const splitReason =
  'The images are in no split yet: 70% of each class are drawn for training, 15% for validation and 15% for the test.';

function reasonsFor(
  { reasons, needsSplit, recipe, settings, counts }: CompletedDraft,
  draft: TrainingDraft,
): string[] {
  const descends = recipe.stages(settings).some(({ solver }) => solver === 'gradient-descent');
  const schedule = scheduleReason(settings, sumValues(counts.train), draft.settings.stepsPerEpoch);
  const lecture = settings.lecture ? lectureDifferences(recipe) : [];
  const ending = descends ? endingReasons(settings, sumValues(counts.validation) > 0) : [];
  return [
    ...reasons,
    ...lecture,
    ...(needsSplit ? [splitReason] : []),
    ...(descends ? [schedule] : []),
    ...ending,
  ];
}

/** Which epoch is kept and when training ends, as far as validation decides it. */
function endingReasons(
  { keepBest, patience, epochs }: TrainingPlan['settings'],
  isValidated: boolean,
): string[] {
  const stops = patience !== null && patience < epochs;
  if (!keepBest && !stops) return [];
  if (!isValidated)
    return ['No photos are for validation, so all epochs are trained and the last one is kept.'];
  const kept = 'The epoch with the lowest validation loss is kept';
  const ended = `raining ends when ${patience} epochs in a row have not lowered the validation loss.`;
  if (!stops) return [`${kept}.`];
  return [keepBest ? `${kept}, and t${ended}` : `T${ended}`];
}

/** What had to be assumed, as the backbone's file does not say it. */
function assumptionsOf({ backbone }: ModelSummary): string[] {
  if (backbone === undefined) return [];
  const { name, assumed = [] } = backbone;
  return assumed.map((sentence) => `Of ${name}: ${sentence} If it learnt with another, set that.`);
}

function scheduleReason(
  { batchSize, stepsPerEpoch, epochs }: TrainingPlan['settings'],
  images: number,
  given: number | null | undefined,
): string {
  const what = `${epochs} epochs of ${stepsPerEpoch} steps with ${batchSize} images each`;
  if (given != null || images === 0) return `${what}.`;
  const times = (stepsPerEpoch * batchSize) / images;
  if (stepsPerEpoch <= Math.ceil(images / batchSize)) return `${what}: every training image once an epoch.`;
  return `${what}: every training image about ${times.toFixed(times < 10 ? 1 : 0)} times an epoch.`;
}
