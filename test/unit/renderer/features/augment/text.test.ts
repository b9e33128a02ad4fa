import { describe, expect, test } from 'vitest';
import { preprocessingNames } from '../../../../../src-main/contract/shared/preprocessing.ts';
import { preprocess } from '../../../../../src-main/engine/step/preprocessing.ts';
import { figure, preprocessed, valueText } from '../../../../../src-renderer/features/augment/text.ts';
import { plainBackend } from '../../../../fixtures/engine-parts.ts';

describe('shows a pixel as the network gets it', () => {
  test.each(preprocessingNames)('%s', async (preprocessing) => {
    const { tf } = await plainBackend();
    for (const pixel of [[12, 130, 250], [77]]) {
      const wanted = tf.tidy(() => [
        ...preprocess(tf, tf.tensor4d(pixel, [1, 1, 1, pixel.length]), preprocessing).dataSync(),
      ]);
      preprocessed(pixel, preprocessing).forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 4));
    }
  });
});

test('writes values with their unit', () => {
  const param = { name: 'x', title: 'Up to', min: 0, max: 1, default: 0 };
  expect(valueText({ ...param, unit: '°', step: 1 }, 40)).toBe('40°');
  expect(valueText({ ...param, unit: '°', step: 0.1 }, 0.2)).toBe('0.2°');
  expect(valueText({ ...param, unit: '%', step: 0.01 }, 0.2)).toBe('20%');
  expect(valueText({ ...param, unit: '%', step: 0.001 }, 0.006)).toBe('0.6%');
  expect(valueText({ ...param, unit: '×', step: 0.01 }, [0.8, 1.2])).toBe('0.80–1.20 ×');
  expect(figure(-1)).toBe('−1.00');
});
