import { z } from 'zod';
import { type GeometricAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { amount } from '../params.ts';

const params = z.object({
  rotation_range: amount({ title: 'Up to', unit: '°', min: 0, max: 180, step: 1 }, 40),
});

/** Keras' `rotation_range`: an angle drawn from [−range, range] degrees. */
export const rotation: GeometricAugmentation<z.infer<typeof params>> = {
  id: 'rotation',
  label: 'Rotation',
  description: 'Turns the picture by a random angle, so that a tilted camera does not matter.',
  kind: 'geometric',
  params,
  changesNothing: ({ rotation_range }) => rotation_range === 0,
  draw({ rotation_range }, random) {
    const angle = (uniform(random, -rotation_range, rotation_range) * Math.PI) / 180;
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    return [cos, -sin, 0, sin, cos, 0, 0, 0, 1];
  },
};
