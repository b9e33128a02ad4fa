/** The text of the settings window: speed, differences, contents of the cache. */
import type {
  CacheUsage,
  EngineStatus,
  FastMath,
  FastMathComparison,
} from '../../../src-main/contract/app/index.ts';
import { plural } from '../../shared/text/format.ts';
import { readNumber } from '../../shared/text/number-text.ts';

const gigabyte = 1e9;
/** The smallest limit of a cache, in gigabytes. */
export const minLimit = 0.1;
const maxLimit = 100_000;

/** Why fast mathematics is not offered, as a sentence; empty where it is. */
export function whyNotFast(fastMath: FastMath, engine: EngineStatus | null): string {
  const id = engine?.engine ?? null;
  if (id === 'tensorflow-gpu' || id === 'webgpu')
    return 'On a graphics card it changes nothing, so there is nothing to switch.';
  if (id === 'cpu') return 'Only TensorFlow can do it, and another engine is used here.';
  if (fastMath.offered) return '';
  return fastMath.instructions === null
    ? 'This system does not say whether the processor would gain from it.'
    : 'This processor has no instructions that gain from it.';
}

/** `168 ms`, `7.4 ms`; a dash for what was not measured. */
export function millisecondsText(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(value >= 20 ? 0 : 1)} ms`;
}

/** `0.42 s`, `12.3 s` */
export function secondsText(value: number): string {
  return `${value.toFixed(value >= 10 ? 1 : 2)} s`;
}

/** `1.6 times as fast`, `about as fast`, `1.2 times as slow`; empty for what was not measured. */
export function speedWords(exact: number | null, fast: number | null): string {
  if (exact === null || fast === null || exact <= 0 || fast <= 0) return '';
  const ratio = exact / fast;
  if (ratio >= 1.05) return `${ratio.toFixed(1)} times as fast`;
  if (ratio <= 1 / 1.05) return `${(1 / ratio).toFixed(1)} times as slow`;
  return 'about as fast';
}

/** A difference of probabilities in percentage points: `0.41`, `less than 0.01`. */
function points(difference: number): string {
  const value = difference * 100;
  if (value === 0) return '0';
  return value < 0.01 ? 'less than 0.01' : value.toFixed(2);
}

/** What changes for the photos, in two sentences. */
export function differenceWords(comparison: FastMathComparison): string {
  const { images, changed, largestDifference, meanDifference } = comparison;
  const classes =
    changed === 0
      ? `All ${plural(images, 'photo')} get the same class.`
      : `${plural(changed, 'photo')} of ${images} ${changed === 1 ? 'gets' : 'get'} another class.`;
  if (largestDifference === 0) return `${classes} No probability differs.`;
  return `${classes} A probability differs by ${points(largestDifference)} percentage points at most, by ${points(meanDifference)} on average.`;
}

/** A part of the cache, in words. */
export function partWords(part: CacheUsage['parts'][number]): { what: string; about: string } {
  const [, size, channels] = /^(\d+)x(\d)(?:-nearest)?$/.exec(part.name) ?? [];
  if (part.kind === 'thumbnails') return { what: 'Thumbnails', about: 'what the grids show' };
  if (size === undefined) return { what: part.name, about: 'tiles for training' };
  return {
    what: `Tiles of ${size} × ${size}`,
    about: channels === '1' ? 'what networks see, in grey' : 'what networks see',
  };
}

/** Bytes in gigabytes, as typed: `20`, `4.7`, `0.25`. */
export function gigabytesText(bytes: number): string {
  const value = bytes / gigabyte;
  return String(Number(value.toFixed(value >= 10 ? 0 : value >= 1 ? 1 : 2)));
}

/** The limit of the cache as typed: bytes, null for automatic, or why it cannot be used. */
export function readLimit(text: string): { bytes: number | null } | { problem: string } {
  if (text.trim() === '') return { bytes: null };
  const value = readNumber(text);
  if (value === null || value < minLimit || value > maxLimit)
    return { problem: `A number of gigabytes from ${minLimit} on, or nothing.` };
  return { bytes: Math.round(value * gigabyte) };
}

/** The text of cache-limit.vue. */
export const cacheLimitText = {
  keepItBelow: 'Keep it below',
  gb: 'GB',
  aShareOfThe: 'A share of the drive',
  beyondItTheTiles:
    'Beyond it, the least recently used tiles are deleted. Left empty, it is a share of the drive.',
};

/** The text of cache-table.vue. */
export const cacheTableText = {
  partsOfTheCache: 'Parts of the cache',
  images: 'Images',
  size: 'Size',
  lastUsed: 'Last used',
  clear: 'Clear',
  clearOfWhat: (what: string | number): string => `Clear: ${what}`,
};

/** The text of comparison-section.vue. */
export const comparisonSectionText = {
  compare: 'Compare',
  openAProjectWith: 'Open a project with a trained network to measure what it is worth here.',
  thisProjectHasNo: 'This project has no trained network yet. Train one, then measure here what it is worth.',
  goToTrain: 'Go to Train',
  predictsTheSamePhotos:
    'Predicts the same photos with and without it, in turn, and times training steps. It takes about a minute; best while nothing else is running.',
  starting: 'Starting',
  runWhoseNetworkIs: 'Run whose network is compared',
  again: 'Again',
  somethingIsBeingComputed:
    'Something is being computed; it would disturb the measurement. Wait until it is done.',
};

/** The text of comparison-table.vue. */
export const comparisonTableText = {
  exactAndFastMathematics: 'Exact and fast mathematics compared',
  exact: 'Exact',
  fast: 'Fast',
  difference: 'Difference',
  aTrainingStep: 'A training step',
  ofTheLessonsNetwork: 'of the lesson’s network',
  predicting: (photos: number): string => `Predicting ${plural(photos, 'photo')}`,
  accuracyOnThem: 'Accuracy on them',
};

/** The text of engine-section.vue. */
export const engineSectionText = {
  engine: 'Engine',
  runsOn: 'Runs on',
  device: 'Device',
  cores: (cores: number): string => plural(cores, 'core'),
  fastMathematics: 'Fast mathematics',
  computesConvolutionsIn: 'Computes convolutions in',
  bfloat16: 'bfloat16',
  numbersOfHalfThe: ', numbers of half the length',
  thatIsFasterOn:
    '. That is faster on this processor; probabilities differ in the third digit. Weights stay exact.',
  itTakesEffect: 'It takes effect when the present work is done.',
  beingStarted: 'being started…',
};

/** The text of networks-section.vue. */
export const networksSectionText = {
  pretrainedNetworks: 'Pretrained networks',
  whatTheyAreFor: 'What training, suggestions, checks and the map build on.',
};

/** The text of storage-section.vue. */
export const storageSectionText = {
  storage: 'Storage',
  theCacheOf: (projectName: string | number): string => `The cache of ${projectName}`,
  madeFromYourPhotos:
    'Made from your photos so that grids and training need not open them. All of it is made again when it is wanted; your photos, labels and runs are never touched.',
  ofAtMost: (limit: string | number): string => `of at most ${limit}`,
  freeOnTheDrive: (free: string | number): string => `${free} free on the drive`,
  clearAllThatIs: 'Clear all that is not in use',
  beingMeasured: 'Being measured…',
};

/** The text of screen.vue. */
export const screenText = {
  settings: 'Settings',
  howLensletUsesThis: 'How Lenslet uses this computer.',
  theComparisonIsDone: 'The comparison is done.',
  freed: (before: string | number): string => `${before} freed.`,
  theRestIsIn: (freed: string | number): string =>
    `${freed} The rest is in use; clear it when the work is done.`,
};

/** The text of store.ts. */
export const storeText = {
  measuring: 'Measuring',
};

/** The text of appearance-section.vue. */
export const appearanceSectionText = {
  appearance: 'Appearance',
  theme: 'Theme',
  themes: [
    { value: 'auto', label: 'System' },
    { value: 'light', label: 'Light' },
    { value: 'dark', label: 'Dark' },
  ] as const,
};
