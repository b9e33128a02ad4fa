import { expect, it } from 'vitest';
import { packIntegers, unpackIntegers } from '../../../../src-main/core/statistics/packed-integers.ts';

it('packs lists of whole numbers and gives them back', () => {
  for (const values of [
    [],
    [0],
    [1, -1, 2 ** 31 - 1, -(2 ** 31)],
    Array.from({ length: 70_001 }, (_, i) => i * 3),
  ]) {
    expect([...unpackIntegers(packIntegers(values))]).toEqual(values);
  }
});

it('is the same text on every machine', () => {
  expect(packIntegers([1, 256])).toBe('AQAAAAABAAA=');
});
