import { z } from 'zod';
import type { GeometricAugmentation } from '../../../engine/augmentation/augmentation.ts';
import { identityMatrix, scaling } from '../../../engine/augmentation/matrix.ts';

/** Keras' `vertical_flip`: half of the pictures are turned upside down. */
export const verticalFlip: GeometricAugmentation<Record<string, never>> = {
  id: 'vertical-flip',
  label: 'Flip upside down',
  description:
    'Mirrors every second picture top to bottom. For views from above, such as under a microscope.',
  kind: 'geometric',
  params: z.object({}),
  changesNothing: () => false,
  draw: (_params, random) => (random.next() < 0.5 ? scaling(1, -1) : identityMatrix),
};
