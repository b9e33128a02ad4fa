/** The pretrained network of a run: which one by default, and where its weights are. */
import { type Backbone, knownBackbone } from '../../registries/backbones/index.ts';
import type { BackboneWeights } from '../../contract/engine/engine.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import type { Recipe } from '../../registries/recipes/index.ts';
import { allFiles } from '../backbones/find-files.ts';
import { resolveBackbone } from '../backbones/resolve-backbone.ts';

/** Which is taken when nobody says: the one that comes with Lenslet, then what does well with little work. */
const preferred = [
  'efficientnet-lite0',
  'efficientnet-lite2',
  'efficientnet-lite1',
  'mobilenet-v2',
  'efficientnet-b0',
  'mobilenet',
  'resnet50',
  'vgg16',
  'squeezenet',
];

/** The most accurate first, by their published accuracy on ImageNet. */
const byAccuracy = [
  'efficientnet-lite2',
  'efficientnet-b0',
  'efficientnet-lite1',
  'efficientnet-lite0',
  'resnet50',
  'vgg16',
  'mobilenet-v2',
  'mobilenet',
  'squeezenet',
];

/** The lesson's network, named when there is none at all. */
export const lessonBackbone = 'vgg16';

/** The known network that is taken by default, or null when no weights are on this machine. */
export function chooseBackbone(settingsFolder: string): Promise<Backbone | null> {
  return firstThere(settingsFolder, preferred);
}

/** The known network that sees best among those on this machine, however long it takes; null when there is none. */
export function mostAccurateBackbone(settingsFolder: string): Promise<Backbone | null> {
  return firstThere(settingsFolder, byAccuracy);
}

async function firstThere(settingsFolder: string, order: readonly string[]): Promise<Backbone | null> {
  const usable = (await allFiles(settingsFolder)).filter(({ problem }) => problem === null);
  const there = new Set(usable.map(({ backbone }) => backbone?.id));
  const id = order.find((candidate) => there.has(candidate));
  return id === undefined ? null : knownBackbone(id);
}

/**
 * Where the weights for a run lie; null for recipes that need none.
 * @throws AppError BACKBONE_NONE, BACKBONE_UNKNOWN, BACKBONE_WEIGHTS_MISSING, MODEL_NOT_FOUND
 */
export async function findWeights(
  settingsFolder: string,
  recipe: Pick<Recipe, 'needsBackbone'>,
  { backbone }: Pick<RunSettings, 'backbone'>,
): Promise<BackboneWeights | null> {
  if (!recipe.needsBackbone) return null;
  if (backbone === null) throw new AppError('BACKBONE_NONE');
  return resolveBackbone(settingsFolder, backbone);
}

/** As `findWeights`; where a known network's weights are missing, its layer table can still be made without. */
export async function findWeightsForSummary(
  settingsFolder: string,
  recipe: Pick<Recipe, 'needsBackbone'>,
  settings: Pick<RunSettings, 'backbone'>,
): Promise<BackboneWeights | null> {
  try {
    return await findWeights(settingsFolder, recipe, settings);
  } catch (error) {
    const known = settings.backbone === null ? null : knownBackbone(settings.backbone);
    if (known === null) throw error;
    return { id: known.id, path: null };
  }
}
