import { expect, test } from 'vitest';
import {
  classFill,
  classPattern,
  paletteOf,
} from '../../../../../src-renderer/shared/composables/class-style.ts';
import {
  bytes,
  duration,
  lossText,
  percent,
  plural,
  rateText,
} from '../../../../../src-renderer/shared/text/format.ts';
import { glossary, termOfLayer } from '../../../../../src-renderer/shared/text/glossary.ts';

test('numbers read as people write them', () => {
  expect(plural(1, 'image')).toBe('1 image');
  expect(plural(4000, 'image')).toBe('4,000 images');
  expect(percent(0.7153)).toBe('71.5%');
  expect(duration(4)).toBe('4 s');
  expect(duration(125)).toBe('2 min 05 s');
  expect(duration(4320)).toBe('1 h 12 min');
  expect(bytes(999)).toBe('999 B');
  expect(bytes(3_240_000)).toBe('3.2 MB');
  expect(rateText(1e-4)).toBe('0.0001');
  expect(rateText(2e-5)).toBe('0.00002');
  expect(rateText(1)).toBe('1');
  expect(lossText(Number.NaN)).toBe('∞');
});

test('no two of the first 32 classes look alike', () => {
  const looks = Array.from({ length: 32 }, (_, i) => classFill(i).background);
  expect(new Set(looks).size).toBe(32);
  expect(classPattern(7)).toBe('plain');
  expect(classPattern(8)).toBe('hatched');
});

test('a class keeps its colour where a model knows only some of the classes', () => {
  const dataset = ['badger', 'fox', 'hare'].map((name, index) => ({ name, index }));
  expect(paletteOf(['badger', 'hare'], dataset)).toEqual({ badger: 0, hare: 2 });
  expect(paletteOf(['lynx', 'fox'], dataset)).toEqual({ lynx: 0, fox: 1 });
});

test('layers are explained, with the word a PyTorch user knows', () => {
  const term = termOfLayer('Dense');
  expect(term).toBe('dense');
  expect(glossary.dense.torch).toBe('nn.Linear');
  expect(termOfLayer('MaxPooling2D')).toBe('maxPooling2d');
  expect(termOfLayer('InputLayer')).toBeUndefined();
});
