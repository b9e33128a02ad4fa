import { z } from 'zod';
import { type ColourAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { range } from '../params.ts';

const params = z.object({
  contrast_range: range({ title: 'Between', unit: '×', min: 0, max: 2, step: 0.01 }, [0.8, 1.2]),
});

/** Every value's distance from the picture's mean value, times a factor drawn from [least, most]. */
export const contrast: ColourAugmentation<z.infer<typeof params>> = {
  id: 'contrast',
  label: 'Contrast',
  description: 'Makes the picture flatter or harsher, as fog or direct sun would.',
  kind: 'colour',
  needs: 'mean',
  params,
  changesNothing: ({ contrast_range: [least, most] }) => least === 1 && most === 1,
  draw({ contrast_range: [least, most] }, random) {
    const factor = uniform(random, least, most);
    return { matrix: [factor, 0, 0, 0, factor, 0, 0, 0, factor], meanFactor: 1 - factor };
  },
};
