import { z } from 'zod';
import { type GeometricAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { scaling } from '../../../engine/augmentation/matrix.ts';
import { amount } from '../params.ts';

const params = z.object({
  zoom_range: amount({ title: 'Up to', unit: '%', min: 0, max: 0.9, step: 0.01 }, 0.2),
});

/** Keras' `zoom_range`: factors drawn from [1 − range, 1 + range], for width and height each its own. */
export const zoom: GeometricAugmentation<z.infer<typeof params>> = {
  id: 'zoom',
  label: 'Zoom',
  description: 'Brings the picture nearer or farther, width and height each by its own factor.',
  kind: 'geometric',
  params,
  changesNothing: ({ zoom_range }) => zoom_range === 0,
  draw({ zoom_range }, random) {
    const x = uniform(random, 1 - zoom_range, 1 + zoom_range);
    return scaling(x, uniform(random, 1 - zoom_range, 1 + zoom_range));
  },
};
