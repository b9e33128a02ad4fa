import { z } from 'zod';
import { type ColourAugmentation, uniform } from '../../../engine/augmentation/augmentation.ts';
import type { Matrix3 } from '../../../engine/augmentation/matrix.ts';
import { amount } from '../params.ts';

const params = z.object({
  hue_range: amount({ title: 'Up to', unit: '°', min: 0, max: 180, step: 1 }, 15),
});

/** CSS' `hue-rotate()`. @see https://www.w3.org/TR/filter-effects-1/#feColorMatrixElement */
function hueRotation(angle: number): Matrix3 {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [
    0.213 + c * 0.787 - s * 0.213,
    0.715 - c * 0.715 - s * 0.715,
    0.072 - c * 0.072 + s * 0.928,
    0.213 - c * 0.213 + s * 0.143,
    0.715 + c * 0.285 + s * 0.14,
    0.072 - c * 0.072 - s * 0.283,
    0.213 - c * 0.213 - s * 0.787,
    0.715 - c * 0.715 + s * 0.715,
    0.072 + c * 0.928 + s * 0.072,
  ];
}

/** Colours turned around the colour circle by an angle drawn from [−range, range] degrees. */
export const hue: ColourAugmentation<z.infer<typeof params>> = {
  id: 'hue',
  label: 'Hue',
  description:
    'Turns colours around the colour circle. A little stands for other lamps; much hides colour as a clue.',
  kind: 'colour',
  needs: 'mixing',
  params,
  changesNothing: ({ hue_range }) => hue_range === 0,
  draw: ({ hue_range }, random) => ({
    matrix: hueRotation((uniform(random, -hue_range, hue_range) * Math.PI) / 180),
    meanFactor: 0,
  }),
};
