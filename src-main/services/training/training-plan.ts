/** What pressing Train would do, and why: everything the Train screen shows, in one answer. */
import type { DatasetSummary } from '../../contract/app/datasets.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import type { TrainingPlan } from '../../contract/app/training.ts';
import type { SplitCounts } from '../../contract/shared/vocabulary.ts';
import { sumValues } from '../../core/statistics/statistics.ts';
import type { Project } from '../../project/project.ts';
import type { ServiceContext } from '../base/context.ts';
import { tornClasses } from '../project/splits.ts';
import { countEpochs } from '../runs/run-states.ts';
import type { LayerTables } from './layer-tables.ts';
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
    warnings: [
      ...ignoredWarnings(completed, draft),
      ...warningsFor(completed),
      ...tornWarnings(project, completed.dataset),
      ...completed.warnings,
    ],
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
  return [...reasons, ...(needsSplit ? [splitReason] : []), ...(descends ? [schedule] : [])];
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

/** Settings that were given and that the recipe does not have. */
function ignoredWarnings({ recipe }: CompletedDraft, { settings }: TrainingDraft): string[] {
  const names = new Set<string>(recipe.settingNames);
  const ignored = Object.entries(settings).filter(([name, value]) => value !== undefined && !names.has(name));
  if (ignored.length === 0) return [];
  const words = ignored.map(([name]) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  return [
    `The recipe “${recipe.label}” does not have these settings, which change nothing: ${words.join(', ')}.`,
  ];
}

function tornWarnings(project: Project, { classes }: DatasetSummary): string[] {
  const torn = tornClasses(project);
  const names = classes.filter(({ id }) => torn.has(id)).map(({ name }) => `“${name}”`);
  if (names.length === 0) return [];
  return [
    `Photos of one burst or video of ${names.join(', ')} are in training and in the test: the test will look too good. Take another of each at another place or time, and make the split anew.`,
  ];
}

/** Fewer training images of a class than this seldom teach a network from scratch anything. */
const fewImages = 50;
/** One class this many times larger than another pulls the answers towards it. */
const imbalance = 3;

function warningsFor({ dataset, counts, classes }: CompletedDraft): string[] {
  const training = classes.map((name) => ({ name, images: counts.train?.[name] ?? 0 }));
  const smallest = training.reduce((a, b) => (b.images < a.images ? b : a), training[0]);
  const largest = training.reduce((a, b) => (b.images > a.images ? b : a), training[0]);
  if (classes.length < 2 || smallest.images === 0) return [];
  const warnings: string[] = [];
  if (smallest.images < fewImages) {
    warnings.push(
      `Only ${smallest.images} training images of "${smallest.name}": expect it to be learnt poorly.`,
    );
  }
  if (largest.images >= imbalance * smallest.images) {
    warnings.push(
      `"${largest.name}" has ${largest.images} training images, "${smallest.name}" ${smallest.images}: uneven.`,
    );
  }
  return [...warnings, ...gapWarnings(dataset, counts)];
}

/** What is missing or left out. */
function gapWarnings({ unlabelled, unassigned, splits }: DatasetSummary, counts: SplitCounts): string[] {
  const warnings: string[] = [];
  if (sumValues(counts.validation) === 0) {
    warnings.push('There are no validation images: overfitting will not show in the curves.');
  }
  if (sumValues(counts.test) === 0) warnings.push('There are no test images: the result will not be tested.');
  if (unlabelled > 0) warnings.push(`${unlabelled} images have no label and are left out.`);
  if (Object.keys(splits).length > 0 && unassigned > 0) {
    warnings.push(`${unassigned} labelled images are in no split and are left out.`);
  }
  return warnings;
}
