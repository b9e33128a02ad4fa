/** Presets of the lab: the lesson's worked examples, and classic filters. */
import { lessonConvolution } from '../../../../src-main/contract/app/index.ts';
import type { Grid } from './convolution.ts';
import type { StackLayer } from './receptive-field.ts';
import { examplesText } from './text.ts';

export {
  lessonConvolution as convolutionExample,
  lessonPooling as averageExample,
} from '../../../../src-main/contract/app/index.ts';

/** A picture or filter to start from. */
export interface Preset {
  readonly id: string;
  readonly label: string;
  readonly grid: Grid;
  /** What it does, in a sentence. */
  readonly about: string;
}

const ninth = 1 / 9;

/** Filters for the small grids and for photos. */
export const filterPresets: readonly Preset[] = [
  {
    id: 'lesson',
    label: examplesText.theLessonsFilter,
    grid: lessonConvolution.filter,
    about: examplesText.nineNumbersToFollow,
  },
  {
    id: 'vertical',
    label: examplesText.verticalEdgesSobel,
    grid: [
      [-1, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ],
    about: examplesText.answersWhereThePicture,
  },
  {
    id: 'horizontal',
    label: examplesText.horizontalEdgesSobel,
    grid: [
      [-1, -2, -1],
      [0, 0, 0],
      [1, 2, 1],
    ],
    about: examplesText.answersWhereThePictureTurns,
  },
  {
    id: 'outline',
    label: examplesText.outlineLaplace,
    grid: [
      [0, -1, 0],
      [-1, 4, -1],
      [0, -1, 0],
    ],
    about: examplesText.answersWhereAPixel,
  },
  {
    id: 'blur',
    label: examplesText.blurMean,
    grid: [
      [ninth, ninth, ninth],
      [ninth, ninth, ninth],
      [ninth, ninth, ninth],
    ],
    about: examplesText.eachPixelBecomesThe,
  },
  {
    id: 'sharpen',
    label: examplesText.sharpen,
    grid: [
      [0, -1, 0],
      [-1, 5, -1],
      [0, -1, 0],
    ],
    about: examplesText.thePicturePlusIts,
  },
  {
    id: 'emboss',
    label: examplesText.emboss,
    grid: [
      [-2, -1, 0],
      [-1, 1, 1],
      [0, 1, 2],
    ],
    about: examplesText.asIfLightFell,
  },
  {
    id: 'identity',
    label: examplesText.identity,
    grid: [
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ],
    about: examplesText.onlyTheMiddleCounts,
  },
];

const line = (side: number, at: (y: number, x: number) => boolean, value = 9): Grid =>
  Array.from({ length: side }, (_, y) => Array.from({ length: side }, (_, x) => (at(y, x) ? value : 0)));

/** Small pictures for the convolution. */
export const imagePresets: readonly Preset[] = [
  {
    id: 'lesson',
    label: examplesText.theLessonsImage,
    grid: lessonConvolution.image,
    about: examplesText.twentyFiveNumbersTo,
  },
  {
    id: 'edge',
    label: examplesText.anEdge,
    grid: line(6, (_, x) => x >= 3),
    about: examplesText.darkAtTheLeft,
  },
  {
    id: 'cross',
    label: examplesText.aCross,
    grid: line(7, (y, x) => y === 3 || x === 3),
    about: examplesText.oneHorizontalAndOne,
  },
  {
    id: 'diagonal',
    label: examplesText.aDiagonal,
    grid: line(6, (y, x) => y === x),
    about: examplesText.aLineFromCorner,
  },
];

/** A stack of layers. */
export interface StackPreset {
  readonly id: string;
  readonly label: string;
  readonly side: number;
  readonly channels: number;
  readonly layers: readonly StackLayer[];
}

const conv = (filters: number): StackLayer => ({
  kind: 'conv',
  size: 3,
  stride: 1,
  padding: 'valid',
  filters,
});
const maxPool: StackLayer = { kind: 'pool', size: 2, stride: 2, padding: 'valid', filters: 0 };

/** The lesson's networks, as far as their last feature map. */
export const stackPresets: readonly StackPreset[] = [
  {
    id: 'mnist',
    label: examplesText.digitsWithMaxPooling,
    side: 28,
    channels: 1,
    layers: [conv(32), maxPool, conv(64), maxPool, conv(64)],
  },
  {
    id: 'mnist-without-pooling',
    label: examplesText.digitsWithoutMaxPooling,
    side: 28,
    channels: 1,
    layers: [conv(32), conv(64), conv(64)],
  },
  {
    id: 'scratch',
    label: examplesText.catsAndDogsFrom,
    side: 150,
    channels: 3,
    layers: [conv(32), maxPool, conv(64), maxPool, conv(128), maxPool, conv(128), maxPool],
  },
];
