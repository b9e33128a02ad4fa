/** What pressing Train would do, and why. */
import type { DatasetSummary } from '../contract/datasets.ts';
import { AppError } from '../contract/errors.ts';
import type { TrainingPlan, TrainingSettings } from '../contract/training.ts';
import type { SplitCounts } from '../contract/vocabulary.ts';
import { drawSplit } from '../datasets/split.ts';
import type { Project } from '../project/project.ts';
import { listLabelled } from '../project/splits.ts';
import { type Recipe, findRecipe } from '../recipes/index.ts';
import { summarise } from './dataset-summary.ts';
import { chooseRecipe } from './recipe-choice.ts';
import { defaultFractions, defaultSplitSeed } from './splits.ts';

/** What the caller asked for; without a recipe the one-click choice is made. */
export interface PlanRequest {
  readonly recipe?: string | undefined;
  readonly settings: TrainingSettings;
}

/** A plan with what starting it needs besides. */
export interface FullPlan {
  readonly plan: TrainingPlan;
  readonly recipe: Recipe;
  /** Names of the classes, in the order of the model's outputs. */
  readonly classes: string[];
  /** No image is in any split: one has to be drawn first. */
  readonly needsSplit: boolean;
}

const defaultSeed = 1;

/** Makes the plan for the project as it is now. @throws AppError TRAINING_RECIPE_UNKNOWN */
export async function makePlan(project: Project, request: PlanRequest): Promise<FullPlan> {
  const summary = summarise(project);
  const chosen = await chooseRecipe(project);
  const recipe = request.recipe === undefined ? chosen.recipe : findRecipe(request.recipe);
  const classes = summary.classes.filter(({ images }) => images > 0).map(({ name }) => name);
  const needsSplit = Object.keys(summary.splits).length === 0 && summary.unassigned > 0;
  const counts = needsSplit ? splitToBe(project, summary) : summary.splits;
  const settings = settingsFor(recipe, request.settings, total(counts.train));
  const plan: TrainingPlan = {
    recipe: recipe.id,
    settings,
    counts,
    reasons: [
      ...(request.recipe === undefined ? [chosen.reason] : []),
      ...(needsSplit ? [splitReason] : []),
      scheduleReason(settings, total(counts.train), request.settings.stepsPerEpoch),
    ],
    warnings: warningsFor(summary, counts, classes),
    blocker: findBlocker(recipe, settings, counts, classes)?.toData() ?? null,
  };
  return { plan, recipe, classes, needsSplit };
}

const splitReason =
  'The images are in no split yet: 70% of each class are drawn for training, 15% for validation and 15% for the test.';

function total(counts: Record<string, number> | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
}

function splitToBe(project: Project, summary: DatasetSummary): SplitCounts {
  const names = new Map(summary.classes.map(({ id, name }) => [id, name]));
  const images = listLabelled(project.database);
  const splits = drawSplit(images, defaultFractions, defaultSplitSeed);
  const counts: SplitCounts = { train: {}, validation: {}, test: {} };
  for (const { id, classId } of images) {
    const ofSplit = (counts[splits.get(id)!] ??= {});
    const name = names.get(classId)!;
    ofSplit[name] = (ofSplit[name] ?? 0) + 1;
  }
  return counts;
}

function settingsFor(recipe: Recipe, wanted: TrainingSettings, images: number): TrainingPlan['settings'] {
  const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const { stepsPerEpoch, ...settings } = recipe.params.parse(given);
  return {
    ...settings,
    stepsPerEpoch: stepsPerEpoch ?? Math.max(1, Math.ceil(images / settings.batchSize)),
    seed: wanted.seed ?? defaultSeed,
  };
}

function scheduleReason(
  { batchSize, stepsPerEpoch, epochs }: TrainingPlan['settings'],
  images: number,
  given: number | null | undefined,
): string {
  const what = `${epochs} epochs of ${stepsPerEpoch} steps with ${batchSize} images each`;
  if (given != null || images === 0) return `${what}.`;
  return `${what}: every training image once an epoch.`;
}

function findBlocker(
  recipe: Recipe,
  { imageSize }: TrainingPlan['settings'],
  counts: SplitCounts,
  classes: readonly string[],
): AppError | null {
  if (classes.length === 0) return new AppError('DATASET_EMPTY');
  if (classes.length === 1) return new AppError('DATASET_ONE_CLASS', { name: classes[0] });
  if (total(counts.train) === 0) return new AppError('DATASET_EMPTY_SPLIT', { split: 'train' });
  const untrained = classes.find((name) => !counts.train?.[name]);
  if (untrained !== undefined) return new AppError('DATASET_CLASS_WITHOUT_TRAINING', { name: untrained });
  try {
    recipe.checkImageSize(imageSize);
    return null;
  } catch (error) {
    return AppError.from(error);
  }
}

/** Fewer training images of a class than this seldom teach a network from scratch anything. */
const fewImages = 50;
/** One class this many times larger than another pulls the answers towards it. */
const imbalance = 3;

function warningsFor(summary: DatasetSummary, counts: SplitCounts, classes: readonly string[]): string[] {
  const training = classes.map((name) => ({ name, images: counts.train?.[name] ?? 0 }));
  const least = training.reduce((a, b) => (b.images < a.images ? b : a), training[0]);
  const most = training.reduce((a, b) => (b.images > a.images ? b : a), training[0]);
  const warnings: string[] = [];
  if (classes.length < 2 || least.images === 0) return warnings;
  if (least.images < fewImages) {
    warnings.push(`Only ${least.images} training images of "${least.name}": expect it to be learnt poorly.`);
  }
  if (most.images >= imbalance * least.images) {
    warnings.push(
      `"${most.name}" has ${most.images} training images, "${least.name}" ${least.images}: uneven.`,
    );
  }
  if (total(counts.validation) === 0) {
    warnings.push('There are no validation images: overfitting will not show in the curves.');
  }
  if (total(counts.test) === 0) warnings.push('There are no test images: the result will not be tested.');
  if (summary.unlabelled > 0) warnings.push(`${summary.unlabelled} images have no label and are left out.`);
  const assigned = Object.keys(summary.splits).length > 0;
  if (assigned && summary.unassigned > 0) {
    warnings.push(`${summary.unassigned} labelled images are in no split and are left out.`);
  }
  return warnings;
}
