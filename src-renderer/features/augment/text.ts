/** How the parameters of augmentations are written. */
import type { Preprocessing } from '../../../src-main/contract/shared/preprocessing.ts';
import type {
  AugmentationInfo,
  AugmentationParam,
  AugmentationValue,
  FillMode,
} from '../../../src-main/contract/app/index.ts';

/** The groups of the panel, in order. */
export const kinds: readonly { kind: AugmentationInfo['kind']; label: string }[] = [
  { kind: 'geometric', label: 'Place and shape' },
  { kind: 'colour', label: 'Light and colour' },
  { kind: 'pixels', label: 'Detail' },
];

/** `40°`, `20%`, `0.8–1.2×` */
export function valueText({ unit, step }: AugmentationParam, value: AugmentationValue): string {
  const one = (number: number): string => {
    if (unit !== '%') return number.toFixed(digitsOf(step));
    return (number * 100).toFixed(digitsOf(step * 100));
  };
  const text = typeof value === 'number' ? one(value) : `${one(value[0])}–${one(value[1])}`;
  return unit === '×' ? `${text} ×` : `${text}${unit}`;
}

function digitsOf(step: number): number {
  return step >= 1 ? 0 : Math.round(-Math.log10(step));
}

/** What lies beyond the edge of a row `abcd`. */
export const fillSketches: Readonly<Record<FillMode, { label: string; left: string; right: string }>> = {
  nearest: { label: 'The edge goes on', left: 'aaaa', right: 'dddd' },
  reflect: { label: 'Mirrored', left: 'dcba', right: 'dcba' },
  wrap: { label: 'Repeated', left: 'abcd', right: 'abcd' },
  constant: { label: 'One grey value', left: '▪▪▪▪', right: '▪▪▪▪' },
};

/** What happens to the values 0–255 before the network gets them. */
export const preprocessingWords: Readonly<Record<Preprocessing, string>> = {
  none: 'as they are',
  '0-1': 'divided by 255',
  '-1-1': 'divided by 127.5, minus 1',
  imagenet: 'blue, green, red minus the means of ImageNet',
};

const imagenetMeans = { blue: 103.939, green: 116.779, red: 123.68 };

/** One pixel as the network gets it; the formulas of the engine. */
export function preprocessed(pixel: readonly number[], preprocessing: Preprocessing): number[] {
  const [red, green, blue] = pixel;
  switch (preprocessing) {
    case 'none':
      return [...pixel];
    case '0-1':
      return pixel.map((value) => value / 255);
    case '-1-1':
      return pixel.map((value) => value / 127.5 - 1);
    case 'imagenet':
      return pixel.length === 3
        ? [blue - imagenetMeans.blue, green - imagenetMeans.green, red - imagenetMeans.red]
        : [red - imagenetMeans.green];
  }
}

/** 0.53, −1.00, 151.06 */
export function figure(value: number): string {
  return value.toFixed(2).replace('-', '−');
}
