import { z } from 'zod';
import { type ColourAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { range } from '../params.ts';

const params = z.object({
  brightness_range: range({ title: 'Between', unit: '×', min: 0, max: 2, step: 0.01 }, [0.8, 1.2]),
});

/** Keras' `brightness_range`: all values times a factor drawn from [least, most]. */
export const brightness: ColourAugmentation<z.infer<typeof params>> = {
  id: 'brightness',
  label: 'Brightness',
  description: 'Makes the picture darker or brighter, as other light would.',
  kind: 'colour',
  needs: 'nothing',
  params,
  changesNothing: ({ brightness_range: [least, most] }) => least === 1 && most === 1,
  draw({ brightness_range: [least, most] }, random) {
    const factor = uniform(random, least, most);
    return { matrix: [factor, 0, 0, 0, factor, 0, 0, 0, factor], meanFactor: 0 };
  },
};
