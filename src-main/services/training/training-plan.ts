/** What pressing Train would do, and why. */
import type { DatasetSummary } from '../../contract/app/datasets.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { TrainingPlan } from '../../contract/app/training.ts';
import type { RunSettings, TrainingSettings } from '../../contract/shared/training-settings.ts';
import type { SplitCounts } from '../../contract/shared/vocabulary.ts';
import { readAugmentation } from '../../project/augmentation.ts';
import type { Project } from '../../project/project.ts';
import { listLabelled } from '../../project/images/splits.ts';
import { knownBackbone } from '../../registries/backbones/index.ts';
import { type Recipe, findRecipe } from '../../registries/recipes/index.ts';
import { runSettings } from '../../registries/recipes/run-settings.ts';
import type { ServiceContext } from '../base/context.ts';
import { summarise } from '../project/dataset-summary.ts';
import { chooseTraining } from '../runs/one-click.ts';
import { resolveBackbone } from '../backbones/resolve-backbone.ts';
import { chooseBackbone, findWeights, lessonBackbone } from '../runs/run-backbone.ts';
import { countEpochs } from '../runs/run-states.ts';
import { tornClasses, usualSplit } from '../project/splits.ts';

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

/** Makes the plan for the project as it is now. @throws AppError TRAINING_RECIPE_UNKNOWN */
export async function makePlan(
  { settingsFolder }: Pick<ServiceContext, 'settingsFolder'>,
  project: Project,
  request: PlanRequest,
): Promise<FullPlan> {
  const summary = summarise(project);
  const classes = summary.classes.filter(({ images }) => images > 0).map(({ name }) => name);
  const needsSplit = Object.keys(summary.splits).length === 0 && summary.unassigned > 0;
  const counts = needsSplit ? splitToBe(project, summary) : summary.splits;
  const chosen =
    request.recipe === undefined
      ? await chooseTraining(settingsFolder, project, counts, request.settings.backbone ?? null)
      : { recipe: findRecipe(request.recipe), settings: {}, reasons: [], warnings: [] };
  const { recipe } = chosen;
  const own = ownAugmentation(project, recipe, chosen.settings);
  const wanted = { ...chosen.settings, ...own, ...withoutUndefined(request.settings) };
  const settings = await settingsFor(settingsFolder, recipe, wanted, total(counts.train));
  const plan: TrainingPlan = {
    recipe: recipe.id,
    settings,
    counts,
    stages: [...recipe.stages(settings)],
    totalEpochs: countEpochs(recipe, settings),
    reasons: [
      ...chosen.reasons,
      ...(needsSplit ? [splitReason] : []),
      scheduleReason(settings, total(counts.train), request.settings.stepsPerEpoch),
    ],
    warnings: [
      ...warningsFor(summary, counts, classes),
      ...tornWarnings(project, summary),
      ...chosen.warnings,
    ],
    blocker: (await findBlocker(settingsFolder, recipe, settings, counts, classes))?.toData() ?? null,
  };
  return { plan, recipe, classes, needsSplit };
}

/** What the project's Augment screen says, where the recipe or the one-click choice augments at all. */
function ownAugmentation(project: Project, { defaults }: Recipe, chosen: TrainingSettings): TrainingSettings {
  const augments = (chosen.augmentation ?? defaults.augmentation) !== null;
  const augmentation = augments ? readAugmentation(project.database) : null;
  return augmentation === null ? {} : { augmentation };
}

const splitReason =
  'The images are in no split yet: 70% of each class are drawn for training, 15% for validation and 15% for the test.';

function total(counts: Record<string, number> | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
}

function splitToBe(project: Project, summary: DatasetSummary): SplitCounts {
  const names = new Map(summary.classes.map(({ id, name }) => [id, name]));
  const images = listLabelled(project.database);
  const splits = usualSplit(project);
  const counts: SplitCounts = { train: {}, validation: {}, test: {} };
  for (const { id, classId } of images) {
    const ofSplit = (counts[splits.get(id)!] ??= {});
    const name = names.get(classId)!;
    ofSplit[name] = (ofSplit[name] ?? 0) + 1;
  }
  return counts;
}

function tornWarnings(project: Project, { classes }: DatasetSummary): string[] {
  const torn = tornClasses(project);
  const names = classes.filter(({ id }) => torn.has(id)).map(({ name }) => `“${name}”`);
  if (names.length === 0) return [];
  return [
    `Photos of one burst or video of ${names.join(', ')} are in training and in the test: the test will look too good. Take another of each at another place or time, and make the split anew.`,
  ];
}

function withoutUndefined(settings: TrainingSettings): TrainingSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** What was wished for; where nothing was said, what suits the pretrained network, then the recipe. */
export async function settingsFor(
  settingsFolder: string,
  recipe: Recipe,
  wanted: TrainingSettings,
  images: number,
): Promise<RunSettings> {
  if (!recipe.needsBackbone) return runSettings(recipe, wanted, images);
  const backbone = wanted.backbone ?? (await chooseBackbone(settingsFolder))?.id ?? lessonBackbone;
  const id = await resolveBackbone(settingsFolder, backbone).then(
    (found) => found.id,
    () => backbone,
  );
  return runSettings(recipe, { ...suiting(id), ...wanted, backbone }, images);
}

/** The lesson's VGG16 takes 150 pixels and its whole feature map; others their own size and the map's average. */
function suiting(id: string | null): TrainingSettings {
  if (id === lessonBackbone) return { imageSize: 150, pooling: 'flatten' };
  const known = id === null ? null : knownBackbone(id);
  return known === null ? {} : { imageSize: known.defaultImageSize };
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

async function findBlocker(
  settingsFolder: string,
  recipe: Recipe,
  settings: RunSettings,
  counts: SplitCounts,
  classes: readonly string[],
): Promise<AppError | null> {
  if (classes.length === 0) return new AppError('DATASET_EMPTY');
  if (classes.length === 1) return new AppError('DATASET_ONE_CLASS', { name: classes[0] });
  if (total(counts.train) === 0) return new AppError('DATASET_EMPTY_SPLIT', { split: 'train' });
  const untrained = classes.find((name) => !counts.train?.[name]);
  if (untrained !== undefined) return new AppError('DATASET_CLASS_WITHOUT_TRAINING', { name: untrained });
  try {
    recipe.checkImageSize(settings.imageSize);
    const weights = await findWeights(settingsFolder, recipe, settings);
    const known = weights?.id == null ? null : knownBackbone(weights.id);
    if (known !== null && settings.imageSize < known.minimumImageSize) {
      const { label: layer, minimumImageSize: minimum } = known;
      return new AppError('MODEL_TOO_SMALL_INPUT', { size: settings.imageSize, layer, minimum });
    }
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
