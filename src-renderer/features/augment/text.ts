/** The text of the Augment screen, and how the parameters of augmentations are written. */
import type { Preprocessing } from '../../../src-main/contract/shared/preprocessing.ts';
import type {
  AugmentationInfo,
  AugmentationParam,
  AugmentationValue,
  FillMode,
} from '../../../src-main/contract/app/index.ts';

/** The groups of the panel, in order. */
export const kinds: readonly { kind: AugmentationInfo['kind']; label: string }[] = [
  { kind: 'geometric', label: 'Place and shape' },
  { kind: 'colour', label: 'Light and colour' },
  { kind: 'pixels', label: 'Detail' },
];

/** `40°`, `20%`, `0.8–1.2×` */
export function valueText({ unit, step }: AugmentationParam, value: AugmentationValue): string {
  const one = (number: number): string => {
    if (unit !== '%') return number.toFixed(digitsOf(step));
    return (number * 100).toFixed(digitsOf(step * 100));
  };
  const text = typeof value === 'number' ? one(value) : `${one(value[0])}–${one(value[1])}`;
  return unit === '×' ? `${text} ×` : `${text}${unit}`;
}

function digitsOf(step: number): number {
  return step >= 1 ? 0 : Math.round(-Math.log10(step));
}

/** What lies beyond the edge of a row `abcd`. */
export const fillSketches: Readonly<Record<FillMode, { label: string; left: string; right: string }>> = {
  nearest: { label: 'The edge repeated', left: 'aaaa', right: 'dddd' },
  reflect: { label: 'Mirrored', left: 'dcba', right: 'dcba' },
  wrap: { label: 'Repeated', left: 'abcd', right: 'abcd' },
  constant: { label: 'One grey value', left: '▪▪▪▪', right: '▪▪▪▪' },
};

/** What happens to the values 0–255 before the network gets them. */
export const preprocessingWords: Readonly<Record<Preprocessing, string>> = {
  none: 'as they are',
  '0-1': 'divided by 255',
  '-1-1': 'divided by 127.5, minus 1',
  imagenet: 'blue, green, red minus the means of ImageNet',
};

const imagenetMeans = { blue: 103.939, green: 116.779, red: 123.68 };

/** One pixel as the network gets it; the formulas of the engine. */
export function preprocessed(pixel: readonly number[], preprocessing: Preprocessing): number[] {
  const [red, green, blue] = pixel;
  switch (preprocessing) {
    case 'none':
      return [...pixel];
    case '0-1':
      return pixel.map((value) => value / 255);
    case '-1-1':
      return pixel.map((value) => value / 127.5 - 1);
    case 'imagenet':
      return pixel.length === 3
        ? [blue - imagenetMeans.blue, green - imagenetMeans.green, red - imagenetMeans.red]
        : [red - imagenetMeans.green];
  }
}

/** 0.53, −1.00, 151.06 */
export function figure(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

/** The text of augmentation-source.ts. */
export const augmentationSourceText = {
  nothingIsChanged: 'Nothing is changed.',
};

/** The text of augmentation-panel.vue. */
export const augmentationPanelText = {
  changes: 'Changes',
  readyMade: 'Ready-made',
  yourOwnSettings: 'Your own settings.',
  readyMadeSettings: 'Ready-made settings',
  everyRecipeThatAugments: 'Every recipe that augments uses these.',
  leaveItToThe: 'Leave it to the recipes',
  untilYouChangeSomething: 'Until you change something, each recipe that augments uses its own settings.',
  myOwn: 'My own',
};

/** The text of batch-view.vue. */
export const batchViewText = {
  theBatch: 'The batch',
  step: 'Step',
  ofInEpoch: (steps: string | number, epoch: string | number): string => `of ${steps}, in epoch ${epoch}`,
  recipe: 'Recipe',
  images: 'Images',
  labels: 'Labels',
  values: 'Values',
  toMean: (min: string | number, max: string | number, mean: string | number): string =>
    `${min} to ${max}, mean ${mean}`,
  seed: 'Seed',
  thisRecipeTrainsOn: 'This recipe trains on the photos as they are.',
  mixupThenLaysPairs: 'Mixup then lays pairs of these photos over each other.',
  imagesOfTheBatch: 'Images of the batch',
  enlarge: (name: string | number): string => `Enlarge ${name}`,
  theLabelAsThe: 'The label, as the loss gets it',
  theFirstOfImages: (photos: string | number, images: string | number): string =>
    `The first ${photos} of ${images} images.`,
};

/** The text of fill-choice.vue. */
export const fillChoiceText = {
  beyondTheEdge: 'Beyond the edge',
  abcd: 'abcd',
  greyValueBlackTo: 'Grey value, 0 black to 255 white',
  greyValueBeyondThe: 'Grey value beyond the edge',
};

/** The text of photo-results.vue. */
export const photoResultsText = {
  asItIs: (name: string | number): string => `${name} as it is`,
  asItIsInline: 'as it is',
  enlargeResult: (result: string | number): string => `Enlarge result ${result}`,
  result: (result: string | number): string => `Result ${result}`,
};

/** The text of photo-strip.vue. */
export const photoStripText = {
  photo: 'Photo',
};

/** The text of tile-loupe.vue. */
export const tileLoupeText = {
  enlarged: (name: string | number): string => `Enlarged: ${name}`,
  allPictures: 'All photos',
  picture: 'picture',
  asItIs: (name: string | number): string => `${name}, as it is`,
  unchanged: 'As it is',
  changed: (name: string | number): string => `${name}, changed`,
  asTrainingSeesIt: 'As training sees it',
  rowColumn: (y: string | number, x: string | number): string => `row ${y}, column ${x}`,
  toTheNetwork: 'to the network',
  pointAtAPixel: 'Point at a pixel to read its value',
};

/** The text of screen.vue. */
export const screenText = {
  augment: 'Augment',
  changes: 'Changes',
  whatToLookAt: 'What to look at',
  seed: 'Seed',
  rollAgainR: 'Roll again (R)',
  rollAgain: 'Roll again',
  asTheyAre: 'As they are',
  beforeAndAfterB: 'Before and after (B)',
  noPhotosToChange: 'No photos to change yet',
  importSomeAndSee:
    'Import some, and see here what turning, shifting, zooming and colour changes make of them.',
  goToImages: 'Go to Images',
  computing: 'Computing',
  eachTimeTrainingTakes:
    'Each time training takes a photo, it is changed at random, differently each time, within what you set here. Validation and test photos are never changed.',
  exactlyWhatTheNetwork:
    'Exactly what the network gets in this step: the same photos, order and changes. Validation and test photos are never changed.',
  onePhoto: 'One photo',
  whatAStepSees: 'What a step sees',
  result: (place: string | number): string => `Result ${place}`,
  rolledAgain: 'Rolled again',
  beforeAndAfterIn: 'Before and after, in a batch',
};
