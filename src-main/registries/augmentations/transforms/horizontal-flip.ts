import { z } from 'zod';
import type { GeometricAugmentation } from '../../../engine/augmentation/augmentation.ts';
import { identityMatrix, scaling } from '../../../engine/augmentation/matrix.ts';

/** Keras' `horizontal_flip`: half of the pictures are mirrored left to right. */
export const horizontalFlip: GeometricAugmentation<Record<string, never>> = {
  id: 'horizontal-flip',
  label: 'Flip left–right',
  description: 'Mirrors every second picture. Not for writing, or where left and right differ.',
  kind: 'geometric',
  params: z.object({}),
  changesNothing: () => false,
  draw: (_params, random) => (random.next() < 0.5 ? scaling(-1, 1) : identityMatrix),
};
