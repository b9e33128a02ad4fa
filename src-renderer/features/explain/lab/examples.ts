/** What the lab starts from: the lesson's worked examples, and filters that have had names for fifty years. */
import type { Grid } from './convolution.ts';
import type { StackLayer } from './receptive-field.ts';

/** The lesson's convolution: 5 × 5 with 3 × 3 gives [[12,12,17],[10,17,19],[9,6,14]]. */
export const convolutionExample: { readonly image: Grid; readonly filter: Grid } = {
  image: [
    [3, 3, 2, 1, 0],
    [0, 0, 1, 3, 1],
    [3, 1, 2, 2, 3],
    [2, 0, 0, 2, 2],
    [2, 0, 0, 0, 1],
  ],
  filter: [
    [0, 1, 2],
    [2, 2, 0],
    [0, 1, 2],
  ],
};

/** The lesson's pooling: max [[.16,.14],[.11,.15]], average [[.0950,.1075],[.0600,.0775]]. */
export const averageExample: Grid = [
  [0.03, 0.16, 0.13, 0.04],
  [0.1, 0.09, 0.14, 0.12],
  [0.05, 0.11, 0.06, 0.02],
  [0.01, 0.07, 0.15, 0.08],
];

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
    label: "The lesson's filter",
    grid: convolutionExample.filter,
    about: 'Nine numbers to follow by hand.',
  },
  {
    id: 'vertical',
    label: 'Vertical edges (Sobel)',
    grid: [
      [-1, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ],
    about:
      'Answers where the picture turns brighter from left to right; where it turns darker, with a minus.',
  },
  {
    id: 'horizontal',
    label: 'Horizontal edges (Sobel)',
    grid: [
      [-1, -2, -1],
      [0, 0, 0],
      [1, 2, 1],
    ],
    about:
      'Answers where the picture turns brighter from top to bottom; where it turns darker, with a minus.',
  },
  {
    id: 'outline',
    label: 'Outline (Laplace)',
    grid: [
      [0, -1, 0],
      [-1, 4, -1],
      [0, -1, 0],
    ],
    about: 'Answers where a pixel differs from its four neighbours, in whichever direction.',
  },
  {
    id: 'blur',
    label: 'Blur (mean)',
    grid: [
      [ninth, ninth, ninth],
      [ninth, ninth, ninth],
      [ninth, ninth, ninth],
    ],
    about: 'Each pixel becomes the mean of itself and its eight neighbours: noise and fine detail go.',
  },
  {
    id: 'sharpen',
    label: 'Sharpen',
    grid: [
      [0, -1, 0],
      [-1, 5, -1],
      [0, -1, 0],
    ],
    about: 'The picture plus its own outline: edges become steeper.',
  },
  {
    id: 'emboss',
    label: 'Emboss',
    grid: [
      [-2, -1, 0],
      [-1, 1, 1],
      [0, 1, 2],
    ],
    about: 'As if light fell from the upper left on a relief.',
  },
  {
    id: 'identity',
    label: 'Identity',
    grid: [
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ],
    about: 'Only the middle counts: the picture comes out as it went in.',
  },
];

const line = (side: number, at: (y: number, x: number) => boolean, value = 9): Grid =>
  Array.from({ length: side }, (_, y) => Array.from({ length: side }, (_, x) => (at(y, x) ? value : 0)));

/** Small pictures for the convolution. */
export const imagePresets: readonly Preset[] = [
  {
    id: 'lesson',
    label: "The lesson's image",
    grid: convolutionExample.image,
    about: 'Twenty-five numbers to follow by hand.',
  },
  {
    id: 'edge',
    label: 'An edge',
    grid: line(6, (_, x) => x >= 3),
    about: 'Dark at the left, bright at the right.',
  },
  {
    id: 'cross',
    label: 'A cross',
    grid: line(7, (y, x) => y === 3 || x === 3),
    about: 'One horizontal and one vertical line.',
  },
  {
    id: 'diagonal',
    label: 'A diagonal',
    grid: line(6, (y, x) => y === x),
    about: 'A line from corner to corner.',
  },
];

/** A stack of layers to look at. */
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
    label: 'Digits, with max pooling',
    side: 28,
    channels: 1,
    layers: [conv(32), maxPool, conv(64), maxPool, conv(64)],
  },
  {
    id: 'mnist-without-pooling',
    label: 'Digits, without max pooling',
    side: 28,
    channels: 1,
    layers: [conv(32), conv(64), conv(64)],
  },
  {
    id: 'scratch',
    label: 'Cats and dogs, from scratch',
    side: 150,
    channels: 3,
    layers: [conv(32), maxPool, conv(64), maxPool, conv(128), maxPool, conv(128), maxPool],
  },
];
