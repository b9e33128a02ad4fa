import { z } from 'zod';
import { type GeometricAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { amount } from '../params.ts';

const params = z.object({
  shear_range: amount({ title: 'Up to', unit: '°', min: 0, max: 60, step: 0.1 }, 0.2),
});

/** Keras' `shear_range`: an angle drawn from [−range, range] degrees (the lesson's 0.2 is hardly visible). */
export const shear: GeometricAugmentation<z.infer<typeof params>> = {
  id: 'shear',
  label: 'Shear',
  description: 'Slants the picture as if seen from the side. In degrees, as in Keras: 0.2 is hardly visible.',
  kind: 'geometric',
  params,
  changesNothing: ({ shear_range }) => shear_range === 0,
  draw({ shear_range }, random) {
    const angle = (uniform(random, -shear_range, shear_range) * Math.PI) / 180;
    return [1, -Math.sin(angle), 0, 0, Math.cos(angle), 0, 0, 0, 1];
  },
};
