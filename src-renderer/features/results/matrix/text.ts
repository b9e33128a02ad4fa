/** The text of the confusion matrix. */
import { plural } from '../../../shared/text/format.ts';

/** The text of matrix-canvas.vue, matrix-panel.vue and worst-pairs.vue. */
export const matrixText = {
  matrix:
    'Confusion matrix. True classes are rows, predicted classes are columns; Enter shows the photos of a cell',
  axes: 'True classes are rows, predicted classes are columns.',
  cell: (images: string, truth: string, said: string, share: string): string =>
    truth === said
      ? `${images} of ${truth} were named correctly (${share})`
      : `${images} of ${truth} were called ${said} (${share})`,
  notMeasured: (truth: string): string => `${truth} has no photos here: not measured`,
  shows: 'What cells show',
  counts: 'Counts',
  rates: 'Rates',
  order: 'Order of the classes',
  byClass: 'Class order',
  byConfusion: 'Most confused first',
  bySimilarity: 'Similar classes together',
  worst: 'Most frequent confusions',
  pair: (truth: string, said: string): string => `${truth} called ${said}`,
  pairPhotos: (photos: number, share: string, truth: string): string =>
    `${plural(photos, 'photo')}, ${share} of ${truth}`,
  showPair: (truth: string, said: string): string => `Show the photos of ${truth} that were called ${said}`,
  noMistakes: 'No photo was named wrongly.',
};
