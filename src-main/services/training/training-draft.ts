/** A training that is only being considered: recipe, settings and photos with the project as it is now. */
import type { DatasetSummary } from '../../contract/app/datasets.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { RunSettings, TrainingMode, TrainingSettings } from '../../contract/shared/training-settings.ts';
import type { SplitCounts } from '../../contract/shared/vocabulary.ts';
import { sumValues } from '../../core/statistics/statistics.ts';
import { readAugmentation } from '../../project/augmentation.ts';
import { listLabelled } from '../../project/images/splits.ts';
import type { Project } from '../../project/project.ts';
import { knownBackbone } from '../../registries/backbones/index.ts';
import { type Recipe, findRecipe } from '../../registries/recipes/index.ts';
import { lectureSettings } from '../../registries/recipes/lecture.ts';
import { runSettings } from '../../registries/recipes/run-settings.ts';
import { resolveBackbone } from '../backbones/resolve-backbone.ts';
import { summarise } from '../project/dataset-summary.ts';
import { usualSplit } from '../project/splits.ts';
import { chooseTraining } from '../runs/one-click.ts';
import { chooseBackbone, findWeights, lessonBackbone } from '../runs/run-backbone.ts';

/** What the user set; without a recipe the one-click choice is made. */
export interface TrainingDraft {
  readonly recipe?: string | undefined;
  /** How much one click trains; without it, and where there is nothing to choose, as `fast`. */
  readonly mode?: TrainingMode | undefined;
  readonly settings: TrainingSettings;
}

/** A draft with everything that was left open filled in. */
export interface CompletedDraft {
  readonly recipe: Recipe;
  /** What one click chose; null where there was nothing to choose. */
  readonly mode: TrainingMode | null;
  readonly settings: RunSettings;
  /** The settings without the draft's own, for the same pretrained network: the recommended ones. */
  readonly baseline: RunSettings;
  /** Names of the classes, in the order of the model's outputs. */
  readonly classes: readonly string[];
  /** Photos of each split and class; those of the split to be drawn where there is none. */
  readonly counts: SplitCounts;
  /** No photo is in any split: one has to be drawn first. */
  readonly needsSplit: boolean;
  readonly dataset: DatasetSummary;
  /** Why the one-click choice is what it is, and what would be better; a sentence each. */
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

/** Fills in what a draft leaves open. @throws AppError TRAINING_RECIPE_UNKNOWN */
export async function completeDraft(
  settingsFolder: string,
  project: Project,
  draft: TrainingDraft,
): Promise<CompletedDraft> {
  const dataset = summarise(project);
  const needsSplit = Object.keys(dataset.splits).length === 0 && dataset.unassigned > 0;
  const counts = needsSplit ? countsOfUsualSplit(project, dataset) : dataset.splits;
  const { recipe, mode, settings, reasons, warnings } =
    draft.recipe === undefined
      ? await chooseTraining(settingsFolder, project, counts, withoutUndefined(draft.settings), draft.mode)
      : { recipe: findRecipe(draft.recipe), mode: null, settings: {}, reasons: [], warnings: [] };
  const recommended = { ...settings, ...augmentationOf(project, recipe, settings) };
  const complete = (own: TrainingSettings): Promise<RunSettings> =>
    completeSettings(
      settingsFolder,
      recipe,
      { ...recommended, ...lectureOf(recipe, own), ...withoutUndefined(own) },
      sumValues(counts.train),
    );
  return {
    recipe,
    mode,
    settings: await complete(draft.settings),
    baseline: await complete({ backbone: draft.settings.backbone }),
    classes: namesOfClasses(dataset),
    counts,
    needsSplit,
    dataset,
    reasons,
    warnings,
  };
}

/** Names of the classes that have photos, in the order of a model's outputs. */
export function namesOfClasses({ classes }: DatasetSummary): string[] {
  return classes.filter(({ images }) => images > 0).map(({ name }) => name);
}

/** The settings of the project's Augment screen, where the recipe or the one-click choice augments at all. */
function augmentationOf(project: Project, { defaults }: Recipe, chosen: TrainingSettings): TrainingSettings {
  const augments = (chosen.augmentation ?? defaults.augmentation) !== null;
  const augmentation = augments ? readAugmentation(project.database) : null;
  return augmentation === null ? {} : { augmentation };
}

function countsOfUsualSplit(project: Project, { classes }: DatasetSummary): SplitCounts {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const splits = usualSplit(project);
  const counts: SplitCounts = { train: {}, validation: {}, test: {} };
  for (const { id, classId } of listLabelled(project.database)) {
    const ofSplit = (counts[splits.get(id)!] ??= {});
    const name = names.get(classId)!;
    ofSplit[name] = (ofSplit[name] ?? 0) + 1;
  }
  return counts;
}

/** What comes in place of what is recommended where the lecture's way is wanted. */
function lectureOf(recipe: Recipe, { lecture }: TrainingSettings): TrainingSettings {
  return lecture === true ? (lectureSettings(recipe) ?? {}) : {};
}

function withoutUndefined(settings: TrainingSettings): TrainingSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/**
 * Settings as given; those left open as they suit the pretrained network, then as the recipe has them.
 * @param images number of training photos
 */
export async function completeSettings(
  settingsFolder: string,
  recipe: Recipe,
  given: TrainingSettings,
  images: number,
): Promise<RunSettings> {
  if (!recipe.needsBackbone) return runSettings(recipe, given, images);
  const backbone = given.backbone ?? (await chooseBackbone(settingsFolder))?.id ?? lessonBackbone;
  const id = await resolveBackbone(settingsFolder, backbone).then(
    (found) => found.id,
    () => backbone,
  );
  return runSettings(recipe, { ...suiting(id), ...given, backbone }, images);
}

/** The lesson's VGG16 takes 150 pixels and its whole feature map; others their own size and the map's average. */
function suiting(id: string | null): TrainingSettings {
  if (id === lessonBackbone) return { imageSize: 150, pooling: 'flatten' };
  const known = id === null ? null : knownBackbone(id);
  return known === null ? {} : { imageSize: known.defaultImageSize };
}

/**
 * Checks that a training can start.
 * @throws AppError DATASET_EMPTY, DATASET_ONE_CLASS, DATASET_EMPTY_SPLIT, DATASET_CLASS_WITHOUT_TRAINING,
 *   MODEL_TOO_SMALL_INPUT, BACKBONE_…
 */
export async function requireTrainable(
  settingsFolder: string,
  { recipe, settings, counts, classes }: CompletedDraft,
): Promise<void> {
  if (classes.length === 0) throw new AppError('DATASET_EMPTY');
  if (classes.length === 1) throw new AppError('DATASET_ONE_CLASS', { name: classes[0] });
  if (sumValues(counts.train) === 0) throw new AppError('DATASET_EMPTY_SPLIT', { split: 'train' });
  const untrained = classes.find((name) => !counts.train?.[name]);
  if (untrained !== undefined) throw new AppError('DATASET_CLASS_WITHOUT_TRAINING', { name: untrained });
  recipe.checkImageSize(settings.imageSize);
  const weights = await findWeights(settingsFolder, recipe, settings);
  const known = weights?.id == null ? null : knownBackbone(weights.id);
  if (known !== null && settings.imageSize < known.minimumImageSize) {
    const { label: layer, minimumImageSize: minimum } = known;
    throw new AppError('MODEL_TOO_SMALL_INPUT', { size: settings.imageSize, layer, minimum });
  }
}
