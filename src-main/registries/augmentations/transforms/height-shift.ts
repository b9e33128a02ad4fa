import { z } from 'zod';
import { type GeometricAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { translation } from '../../../engine/augmentation/matrix.ts';
import { amount } from '../params.ts';

const params = z.object({
  height_shift_range: amount({ title: 'Up to', unit: '%', min: 0, max: 0.9, step: 0.01 }, 0.2),
});

/** Keras' `height_shift_range`: a shift drawn from [−range, range] of the height. */
export const heightShift: GeometricAugmentation<z.infer<typeof params>> = {
  id: 'height-shift',
  label: 'Shift up and down',
  description: 'Moves the picture up or down, so that the thing need not be in the middle.',
  kind: 'geometric',
  params,
  changesNothing: ({ height_shift_range }) => height_shift_range === 0,
  draw: ({ height_shift_range }, random, size) =>
    translation(0, uniform(random, -height_shift_range, height_shift_range) * size),
};
