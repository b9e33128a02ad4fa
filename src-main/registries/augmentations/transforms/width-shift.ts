import { z } from 'zod';
import { type GeometricAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { translation } from '../../../engine/augmentation/matrix.ts';
import { amount } from '../params.ts';

const params = z.object({
  width_shift_range: amount({ title: 'Up to', unit: '%', min: 0, max: 0.9, step: 0.01 }, 0.2),
});

/** Keras' `width_shift_range`: a shift drawn from [−range, range] of the width. */
export const widthShift: GeometricAugmentation<z.infer<typeof params>> = {
  id: 'width-shift',
  label: 'Shift sideways',
  description: 'Moves the picture left or right, so that the thing need not be in the middle.',
  kind: 'geometric',
  params,
  changesNothing: ({ width_shift_range }) => width_shift_range === 0,
  draw: ({ width_shift_range }, random, size) =>
    translation(uniform(random, -width_shift_range, width_shift_range) * size, 0),
};
