import { expect, test } from 'vitest';
import type { EngineStatus, FastMathComparison } from '../../../../../src-main/contract/app/index.ts';
import {
  differenceWords,
  gigabytesText,
  millisecondsText,
  partWords,
  readLimit,
  secondsText,
  speedWords,
  whyNotFast,
} from '../../../../../src-renderer/features/settings/text.ts';

const engine = (id: string | null): EngineStatus => ({
  state: 'ready',
  engine: id,
  device: null,
  version: null,
  slow: false,
  rejected: [],
  error: null,
});
const comparison = (values: Partial<FastMathComparison>): FastMathComparison => ({
  run: 'one',
  images: 36,
  stepMilliseconds: { exact: 168, fast: 105 },
  predictSeconds: { exact: 0.4, fast: 0.4 },
  accuracy: { exact: 1, fast: 1 },
  changed: 0,
  largestDifference: 0.0041,
  meanDifference: 0.00002,
  ...values,
});

test('offers fast mathematics where it helps, and says why not elsewhere', () => {
  const offered = { on: false, offered: true, instructions: ['avx512_bf16'] };
  expect(whyNotFast(offered, engine('tensorflow'))).toBe('');
  expect(whyNotFast(offered, engine(null))).toBe('');
  expect(whyNotFast(offered, engine('tensorflow-gpu'))).toContain('graphics card');
  expect(whyNotFast(offered, engine('cpu'))).toContain('Only TensorFlow');
  const old = { on: false, offered: false, instructions: [] };
  expect(whyNotFast(old, engine('tensorflow'))).toContain('no instructions');
  expect(whyNotFast({ ...old, instructions: null }, null)).toContain('does not say');
});

test('writes speeds as a comparison', () => {
  expect(speedWords(168, 105)).toBe('1.6 times as fast');
  expect(speedWords(100, 98)).toBe('about as fast');
  expect(speedWords(100, 120)).toBe('1.2 times as slow');
  expect(speedWords(null, 120)).toBe('');
  expect(millisecondsText(168.4)).toBe('168 ms');
  expect(millisecondsText(7.42)).toBe('7.4 ms');
  expect(millisecondsText(null)).toBe('–');
  expect(secondsText(0.4236)).toBe('0.42 s');
  expect(secondsText(12.34)).toBe('12.3 s');
});

test('says in sentences what changes for the photos', () => {
  expect(differenceWords(comparison({}))).toBe(
    'All 36 photos get the same class. A probability differs by 0.41 percentage points at most, by less than 0.01 on average.',
  );
  expect(differenceWords(comparison({ changed: 1 }))).toContain('1 photo of 36 gets another class.');
  expect(differenceWords(comparison({ changed: 2 }))).toContain('2 photos of 36 get another class.');
  expect(differenceWords(comparison({ largestDifference: 0 }))).toContain('No probability differs.');
});

test('names the parts of the cache and reads its limit', () => {
  const part = { bytes: 1, images: 1, usedAt: null, inUse: false };
  expect(partWords({ ...part, name: '150x3', kind: 'tiles' }).what).toBe('Tiles of 150 × 150');
  expect(partWords({ ...part, name: '28x1', kind: 'tiles' }).about).toContain('grey');
  expect(partWords({ ...part, name: 'thumbnails', kind: 'thumbnails' }).what).toBe('Thumbnails');
  expect(gigabytesText(20e9)).toBe('20');
  expect(gigabytesText(4.72e9)).toBe('4.7');
  expect(gigabytesText(250e6)).toBe('0.25');
  expect(readLimit(' 2,5 ')).toEqual({ bytes: 2_500_000_000 });
  expect(readLimit('')).toEqual({ bytes: null });
  for (const wrong of ['much', '0', '0.05', '-3']) expect(readLimit(wrong)).toHaveProperty('problem');
});
