import { z } from 'zod';
import { type GeometricAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import { multiply, scaling, translation } from '../../../engine/augmentation/matrix.ts';
import { amount } from '../params.ts';

const params = z.object({
  crop_area: amount({ title: 'Keep at least', unit: '%', min: 0.08, max: 1, step: 0.01 }, 0.6),
  crop_ratio: amount({ title: 'Sides differ by up to', unit: '×', min: 1, max: 2, step: 0.01 }, 1.33),
});

/**
 * A random part of the picture, enlarged to the whole, as torchvision's `RandomResizedCrop`: its area is drawn from
 * [crop_area, 1], its width : height from [1 / ratio, ratio] on a logarithmic scale, cut to fit. Before the others:
 * they act on the part.
 */
export const cropAndResize: GeometricAugmentation<z.infer<typeof params>> = {
  id: 'crop-and-resize',
  label: 'Crop and resize',
  description: 'Cuts out a random part and enlarges it, so that near and far, whole and part all count.',
  kind: 'geometric',
  params,
  changesNothing: ({ crop_area, crop_ratio }) => crop_area === 1 && crop_ratio === 1,
  draw({ crop_area, crop_ratio }, random, size) {
    const area = uniform(random, crop_area, 1);
    const stretch = Math.exp(uniform(random, -1, 1) * 0.5 * Math.log(crop_ratio));
    const width = Math.min(1, Math.sqrt(area) * stretch);
    const height = Math.min(1, Math.sqrt(area) / stretch);
    const x = uniform(random, -0.5, 0.5) * (1 - width) * size;
    const y = uniform(random, -0.5, 0.5) * (1 - height) * size;
    return multiply(translation(x, y), scaling(width, height));
  },
};
