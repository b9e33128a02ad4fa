/** The geometric augmentations, and brightness, against Keras' ImageDataGenerator for fixed parameters. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import {
  type KerasCase,
  comesFromInside,
  transformed,
} from '../../../fixtures/augmentation/keras-transforms.ts';
import { loadTensorflow } from '../../backends/tensorflow/graph/tensorflow.ts';

interface Fixtures {
  readonly size: number;
  readonly fillValue: number;
  readonly picture: string;
  readonly cases: readonly (KerasCase & { readonly name: string; readonly expected: string })[];
}

const file = join(import.meta.dirname, '../../../fixtures/augmentation/keras-augmentation.json');
const fixtures = JSON.parse(readFileSync(file, 'utf8')) as Fixtures;
const { size, fillValue, cases } = fixtures;
const picture = Buffer.from(fixtures.picture, 'base64');

let tf: Tf;

beforeAll(async () => {
  ({ tf } = await loadTensorflow());
});

/** Mean absolute difference to Keras inside the picture and outside, and the share that is inside. */
function difference(example: Fixtures['cases'][number]): { inside: number; outside: number; share: number } {
  const expected = Buffer.from(example.expected, 'base64');
  const found = transformed(tf, picture, size, example, fillValue);
  const inside = comesFromInside(example.parameters, size);
  const sums = { inside: 0, outside: 0, count: 0 };
  found.forEach((value, index) => {
    const isInside = inside[Math.floor(index / 3)];
    sums[isInside ? 'inside' : 'outside'] += Math.abs(value - expected[index]);
    if (isInside) sums.count++;
  });
  return {
    inside: sums.inside / sums.count,
    outside: sums.outside / Math.max(1, found.length - sums.count),
    share: sums.count / found.length,
  };
}

describe.each(['tensorflow', 'cpu'])('as Keras does it, on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    return async () => {
      await tf.setBackend('tensorflow');
    };
  });

  test.each(cases)('$name', (example) => {
    const { inside, outside, share } = difference(example);
    expect(share).toBeGreaterThan(0.15);
    // Keras' numbers are rounded in the file, and for brightness cut to whole numbers by Pillow before and after.
    expect(inside).toBeLessThan(example.parameters.brightness === undefined ? 0.3 : 1);
    expect(outside).toBeLessThan(1);
  });
});

test('one of the cases done wrongly would be noticed', () => {
  const rotated = cases.find(({ name }) => name === 'rotation')!;
  const wrong = { ...rotated, parameters: { theta: -rotated.parameters.theta! } };
  expect(difference(wrong).inside).toBeGreaterThan(5);
});
