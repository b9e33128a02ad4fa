/** The one-click choice: recipe, pretrained network and settings from the data, with reasons in plain words. */
import { type Backbone, knownBackbone } from '../../registries/backbones/index.ts';
import type { TrainingMode, TrainingSettings } from '../../contract/shared/training-settings.ts';
import { sumValues } from '../../core/statistics/statistics.ts';
import type { SplitCounts } from '../../contract/shared/vocabulary.ts';
import { createLenientLocator } from '../../datasets/tiles/image-location.ts';
import { type TileSpec, decodeTile } from '../../datasets/photos/tiles.ts';
import { readAugmentation } from '../../project/augmentation.ts';
import { findImages } from '../../project/images/images.ts';
import { listImageIds } from '../../project/images/photo-lists.ts';
import { pictureKinds } from '../../project/images/picture-kinds.ts';
import type { Project } from '../../project/project.ts';
import { type Recipe, findRecipe } from '../../registries/recipes/index.ts';
import { lessonAugmentation } from '../../registries/recipes/lesson-augmentation.ts';
import { usualImageSize } from '../backbones/list-backbones.ts';
import { locateBackbone } from '../backbones/resolve-backbone.ts';
import { chooseBackbone, mostAccurateBackbone } from './run-backbone.ts';

/** What one click trains, with the reasons, a sentence each. */
export interface OneClickChoice {
  readonly recipe: Recipe;
  /** Null where there was nothing to choose. */
  readonly mode: TrainingMode | null;
  readonly settings: TrainingSettings;
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

/** Pictures up to this size are looked at as digits are. */
const smallSide = 32;
/** How many small pictures are opened to see whether they are grey. */
const looked = 6;

/**
 * Small grey pictures get the digits network; photos a head on a pretrained network where one is on this machine, and
 * a network trained from scratch where none is. The head is solved for, unless the user sets what only steps have.
 * @param wanted what the user sets. A pretrained network is taken for every kind of pictures, as `resolveBackbone` takes
 *   it; a plan says what is wrong with it
 * @param mode how much to train on a pretrained network
 */
export async function chooseTraining(
  settingsFolder: string,
  project: Project,
  counts: SplitCounts,
  wanted: TrainingSettings = {},
  mode: TrainingMode = 'fast',
): Promise<OneClickChoice> {
  const { images, fromIdx, largestSide } = pictureKinds(project.database);
  const small = images > 0 && largestSide <= smallSide;
  const chosen = (
    recipe: string,
    settings: TrainingSettings,
    reasons: string[],
    warnings: string[] = [],
  ) => ({
    recipe: findRecipe(recipe),
    mode: null,
    settings: { ...settings, ...balance.settings },
    reasons: [...reasons, ...balance.reasons],
    warnings,
  });
  const balance = balanceOf(counts);
  const onBackbone = (backbone: ChosenBackbone): OneClickChoice =>
    mode !== 'fast'
      ? { ...chosen('tuned-probe', ...tunedChoice(backbone, sumValues(counts.validation) > 0)), mode }
      : isSolvable(wanted)
        ? { ...chosen('linear-probe', ...solvedChoice(project, sumValues(counts.train), backbone)), mode }
        : chosen('feature-extraction', ...transferChoice(backbone, sumValues(counts.train)));
  if (wanted.backbone != null) return onBackbone(await askedFor(settingsFolder, wanted.backbone));
  if (small && (fromIdx === images || (await looksGrey(project)))) {
    const reason = `The pictures are grey and at most ${largestSide} pixels large: a small network for such pictures suits them.`;
    return chosen('mnist', {}, [reason]);
  }
  const backbone = await (mode === 'best' ? mostAccurateBackbone : chooseBackbone)(settingsFolder);
  if (backbone === null) {
    return chosen(
      'scratch',
      {},
      ['A convolutional network is trained from the beginning on your photos alone.'],
      [
        'A pretrained network would do better with the same photos in less time; there is none on this machine. Add one in the settings.',
      ],
    );
  }
  return onBackbone(ofRegistry(backbone));
}

/** True when nothing was set that only a head trained in steps has. */
function isSolvable(wanted: TrainingSettings): boolean {
  const names = new Set<string>(findRecipe('linear-probe').settingNames);
  return Object.keys(wanted).every((name) => names.has(name));
}

/** Fewer photos than this are helped by augmented copies more than their features cost. */
const fewPhotos = 600;
/**
 * Side of the pictures for a pretrained network: its own size, because smaller ones cost accuracy (98.6, 98.0 and
 * 96.2% of cats and dogs at 224, 192 and 160 pixels with MobileNetV2).
 */
export function transferSize({ defaultImageSize }: Pick<Backbone, 'defaultImageSize'>): number {
  return defaultImageSize;
}

/** The tile that one click will want of photos; null when it is the one that every import makes. */
export async function likelyTile(settingsFolder: string): Promise<TileSpec | null> {
  const backbone = await chooseBackbone(settingsFolder);
  return backbone === null ? null : { size: transferSize(backbone), channels: 3 };
}

/** A pretrained network to learn with. */
interface ChosenBackbone {
  readonly reference: string;
  readonly imageSize: number;
  /** Why it was chosen. */
  readonly reason: string;
}

function ofRegistry(backbone: Backbone): ChosenBackbone {
  const reason = `${backbone.label} has already learnt to see from a million photos: it looks at each of yours once.`;
  return { reference: backbone.id, imageSize: transferSize(backbone), reason };
}

async function askedFor(settingsFolder: string, reference: string): Promise<ChosenBackbone> {
  const found = await locateBackbone(settingsFolder, reference).catch(() => null);
  const known = knownBackbone(found?.id ?? reference);
  const name = known?.label ?? reference;
  return {
    reference,
    imageSize: known === null ? (found?.imageSize ?? usualImageSize) : transferSize(known),
    reason: `The head is put on ${name}, as you asked: it looks at each of your photos once.`,
  };
}

/** From so many training photos on, fine-tuning gains more than chance. */
const enoughToTune = 300;

function solvedChoice(
  project: Project,
  images: number,
  { reference, imageSize, reason }: ChosenBackbone,
): [TrainingSettings, string[]] {
  const reasons = [
    reason,
    'The head is solved for in seconds, without epochs or a learning rate: the surest choice with few photos.',
    sizeReason(imageSize),
    ...(images < enoughToTune
      ? []
      : ['Fine-tuning after it (“Balanced”, the recipe tuned-probe) may gain some points more, in minutes.']),
    ...(readAugmentation(project.database) === null
      ? []
      : [
          'Your augmentation is not used, as it gains such a head nothing. Fine-tuning after it (“Balanced”) trains with it.',
        ]),
  ];
  return [{ backbone: reference, imageSize }, reasons];
}

function tunedChoice(
  { reference, imageSize, reason }: ChosenBackbone,
  isValidated: boolean,
): [TrainingSettings, string[]] {
  const reasons = [
    reason,
    isValidated
      ? 'The head is solved for first. Then the last layers of the network learn with it, which is kept only where it lowers the validation loss.'
      : 'The head is solved for first. Then the last layers of the network learn with it.',
    sizeReason(imageSize),
  ];
  return [{ backbone: reference, imageSize }, reasons];
}

function sizeReason(imageSize: number): string {
  return `Pictures of ${imageSize}×${imageSize} pixels, the size it was made for: smaller ones would be quicker and less accurate.`;
}

function transferChoice(
  { reference, imageSize, reason }: ChosenBackbone,
  images: number,
): [TrainingSettings, string[]] {
  const few = images < fewPhotos;
  const settings: TrainingSettings = {
    backbone: reference,
    imageSize,
    pooling: 'average',
    headUnits: 0,
    dropout: 0.2,
    optimizer: 'adam',
    learningRate: 1e-3,
    schedule: 'cosine',
    batchSize: 32,
    epochs: 40,
    patience: 8,
    keepBest: true,
    ...(few ? { augmentation: lessonAugmentation, augmentedCopies: 3 } : {}),
  };
  const reasons = [
    reason,
    'A head is trained on what it sees, in the steps that you set.',
    sizeReason(imageSize),
    ...(few ? [`Only ${images} training photos: three altered copies of each are shown as well.`] : []),
  ];
  return [settings, reasons];
}

/** One class this many times larger than another is evened out. */
const unevenFrom = 1.5;

/** Class weights, where the classes are uneven. */
function balanceOf({ train = {} }: SplitCounts): { settings: TrainingSettings; reasons: string[] } {
  const sizes = Object.values(train).filter((images) => images > 0);
  if (sizes.length < 2 || Math.max(...sizes) < unevenFrom * Math.min(...sizes)) {
    return { settings: {}, reasons: [] };
  }
  const reason =
    'The classes are uneven: photos of the smaller ones count for more, so that all classes count the same.';
  return { settings: { classWeights: 'balanced' }, reasons: [reason] };
}

async function looksGrey(project: Project): Promise<boolean> {
  const ids = listImageIds(project.database);
  const picked = Array.from({ length: looked }, (_, i) => ids[Math.floor((i * ids.length) / looked)]);
  const locate = createLenientLocator(project.folder);
  for (const image of findImages(project.database, picked)) {
    if (image.format === 'idx') continue;
    // A picture that cannot be read now does not decide about the others.
    const { path } = locate(image);
    const tile = path === null ? null : await decodeTile(path, { size: 16, channels: 3 }).catch(() => null);
    if (tile !== null && !isGrey(tile)) return false;
  }
  return true;
}

/** True when red, green and blue agree everywhere but for what JPEG blurs. */
function isGrey(pixels: Uint8Array): boolean {
  for (let i = 0; i < pixels.length; i += 3) {
    const [red, green, blue] = pixels.subarray(i, i + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 8) return false;
  }
  return true;
}
