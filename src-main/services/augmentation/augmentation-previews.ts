/** How photos look augmented: one of them several times, or a batch exactly as a step of training gets it. */
import { knownBackbone } from '../../registries/backbones/index.ts';
import type { BatchPreview, PhotoPreview, PreviewedPhoto } from '../../contract/app/augmentation-preview.ts';
import { type AugmentationSettings, augmentationOff } from '../../contract/shared/augmentation.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { TrainingSettings } from '../../contract/shared/training-settings.ts';
import { shuffledSchedule } from '../../engine/step/batches.ts';
import { listClasses } from '../../project/images/classes.ts';
import { findImages } from '../../project/images/images.ts';
import { listImageIds } from '../../project/images/photo-lists.ts';
import type { Project } from '../../project/project.ts';
import { type Recipe, recipes } from '../../registries/recipes/index.ts';
import { runSettings } from '../../registries/recipes/run-settings.ts';
import { augmentedTiles, plainTiles } from './augmented-tiles.ts';
import type { ServiceContext } from '../base/context.ts';
import { keepSheet } from './picture-sheets.ts';
import type { RunImage } from '../runs/run-files.ts';
import type { TrainingView, TrainingViews } from '../training/training-views.ts';
import { runTile } from '../runs/run-tiles.ts';

/** Photos offered to look at. */
const offered = 24;
/** Of a larger batch this many are shown. */
const largestBatch = 64;
/** For looking at a step where the one-click choice does not augment pictures. */
const recipeOfPictures = 'augmented';

/** Training photos, evenly from all classes; without a split any photos. */
export async function photosToLookAt(
  context: ServiceContext,
  views: TrainingViews,
): Promise<PreviewedPhoto[]> {
  const project = context.project();
  const { train } = await views(project, { settings: {} });
  const ids = train.length > 0 ? ofAllClasses(train) : listImageIds(project.database).slice(0, offered);
  return describePhotos(project, ids);
}

function ofAllClasses(train: readonly RunImage[]): number[] {
  const classes = [...Map.groupBy(train, ([, , , label]) => label).values()];
  const rounds = Array.from({ length: Math.ceil(offered / classes.length) }, (_, round) => round);
  return rounds.flatMap((round) => classes.flatMap((images) => images[round]?.[0] ?? [])).slice(0, offered);
}

function describePhotos(project: Project, ids: readonly number[]): PreviewedPhoto[] {
  const names = new Map(listClasses(project.database).map(({ id, name }) => [id, name]));
  return findImages(project.database, ids).map(({ id, path, classId }) => ({
    image: id,
    path,
    label: classId === null ? null : (names.get(classId) ?? null),
  }));
}

/** One photo with several random results; null when the project has none. */
export async function previewPhoto(
  context: ServiceContext,
  views: TrainingViews,
  request: {
    readonly settings: AugmentationSettings;
    readonly image?: number | undefined;
    readonly count: number;
    readonly seed: number;
  },
  signal: AbortSignal | undefined,
): Promise<PhotoPreview | null> {
  const project = context.project();
  const id = request.image ?? (await photosToLookAt(context, views))[0]?.image;
  if (id === undefined) return null;
  const [row] = findImages(project.database, [id]);
  if (row === undefined) throw new AppError('NOT_FOUND', { what: 'photo', id });
  const { completed } = await views(project, { settings: {} });
  const spec = runTile(completed.recipe, completed.settings);
  const { settings, count, seed } = request;
  const keys = Array.from({ length: count }, (_, key) => key);
  const images = keys.map(() => row);
  const how = { images, keys, spec, seed, settings, preprocessing: 'none' } as const;
  const [{ tiles }, [original]] = await Promise.all([
    augmentedTiles(context.engine, project, how, signal),
    plainTiles(project, [row], spec, signal),
  ]);
  const [photo] = describePhotos(project, [id]);
  return { photo, sheet: await keepSheet(project, spec, [original, ...tiles]) };
}

/**
 * The batch of a step.
 * @throws AppError DATASET_EMPTY_SPLIT, TRAINING_RECIPE_UNKNOWN, and as `augmentedTiles`
 */
export async function previewBatch(
  context: ServiceContext,
  views: TrainingViews,
  request: {
    readonly settings: AugmentationSettings;
    readonly recipe?: string | undefined;
    readonly training: TrainingSettings;
    readonly step: number;
  },
  signal: AbortSignal | undefined,
): Promise<BatchPreview> {
  const project = context.project();
  const view = await viewOfPictures(project, views, request.recipe, request.training);
  const { recipe, settings: training, classes } = view.completed;
  const { batchSize, seed, stepsPerEpoch, mixup } = training;
  if (view.train.length === 0) throw new AppError('DATASET_EMPTY_SPLIT', { split: 'train' });
  const steps = recipe.stages(training)[0].epochs * stepsPerEpoch;
  const step = Math.min(request.step, steps);
  const places = shuffledSchedule(view.train.length, batchSize, seed).batch(step - 1);
  const shown = Array.from(places.subarray(0, largestBatch), (index) => view.train[index]);
  const images = shown.map(([id, hash]) => ({ id, hash }));
  const spec = runTile(recipe, training);
  const augments = recipe.defaults.augmentation !== null;
  const preprocessing = preprocessingOf(view);
  const settings = augments ? request.settings : augmentationOff;
  // As the training step names its draws.
  const keys = images.map((_, place) => (step - 1) * batchSize + place);
  const how = { images, keys, spec, seed, settings, preprocessing };
  const [{ tiles, range }, plain] = await Promise.all([
    augmentedTiles(context.engine, project, how, signal),
    plainTiles(project, images, spec, signal),
  ]);
  return {
    recipe: recipe.id,
    choices: recipes.filter(seesPictures).map(({ id, label }) => ({ id, label })),
    batchSize,
    seed,
    step,
    epoch: Math.ceil(step / stepsPerEpoch),
    stepsPerEpoch,
    steps,
    augments,
    mixes: mixup > 0,
    preprocessing,
    classes: [...classes],
    photos: shown.map(([image, , path, label]) => ({
      image,
      path,
      label: classes[label],
      labelIndex: label,
    })),
    images: places.length,
    before: await keepSheet(project, spec, plain),
    after: await keepSheet(project, spec, tiles),
    range,
  };
}

/** As requested; of the one-click choice only where it trains on augmented pictures, or on small grey ones. */
async function viewOfPictures(
  project: Project,
  views: TrainingViews,
  recipe: string | undefined,
  settings: TrainingSettings,
): Promise<TrainingView> {
  const view = await views(project, { recipe, settings });
  const chosen = view.completed.recipe;
  const fits = chosen.defaults.augmentation !== null || chosen.defaults.channels === 1;
  if (recipe !== undefined || (seesPictures(chosen) && fits)) return view;
  return views(project, { recipe: recipeOfPictures, settings });
}

/** Steps on cached features see numbers, not pictures. */
function seesPictures(recipe: Recipe): boolean {
  return recipe.stages(runSettings(recipe, {}, 1))[0].input === 'images';
}

function preprocessingOf({ completed: { recipe, settings } }: TrainingView): Preprocessing {
  const { backbone } = settings;
  return (
    recipe.preprocessing ?? (backbone === null ? undefined : knownBackbone(backbone)?.preprocessing) ?? 'none'
  );
}
