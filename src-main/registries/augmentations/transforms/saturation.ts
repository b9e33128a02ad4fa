import { z } from 'zod';
import { type ColourAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { range } from '../params.ts';

const params = z.object({
  saturation_range: range({ title: 'Between', unit: '×', min: 0, max: 2, step: 0.01 }, [0.7, 1.3]),
});

/**
 * Every colour's distance from its grey, times a factor drawn from [least, most]: CSS' `saturate()`.
 * @see https://www.w3.org/TR/filter-effects-1/#feColorMatrixElement
 */
export const saturation: ColourAugmentation<z.infer<typeof params>> = {
  id: 'saturation',
  label: 'Saturation',
  description: 'Makes colours paler or stronger, as other cameras would. Grey pictures stay as they are.',
  kind: 'colour',
  needs: 'mixing',
  params,
  changesNothing: ({ saturation_range: [least, most] }) => least === 1 && most === 1,
  draw({ saturation_range: [least, most] }, random) {
    const s = uniform(random, least, most);
    const [r, g, b] = [0.213 * (1 - s), 0.715 * (1 - s), 0.072 * (1 - s)];
    return { matrix: [r + s, g, b, r, g + s, b, r, g, b + s], meanFactor: 0 };
  },
};
