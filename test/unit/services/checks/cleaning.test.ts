import { describe, expect, test } from 'vitest';
import { compareDatasets, leaksOf } from '../../../../src-main/services/checks/cleaning.ts';
import type { RunImage } from '../../../../src-main/services/runs/run-files.ts';

const image = (id: number, label: number, split: RunImage[4], hash = `hash ${id}`): RunImage => [
  id,
  hash,
  `${id}.jpg`,
  label,
  split,
];

describe('what cleaning changed', () => {
  test('counts photos left out, labels, splits and new photos, whatever the order of classes', () => {
    const before = {
      classes: ['cats', 'dogs'],
      classIds: null,
      images: [image(1, 0, 'train'), image(2, 1, 'train'), image(3, 0, 'test'), image(4, 1, 'test')],
    };
    const now = {
      classes: ['dogs', 'cats'],
      classIds: null,
      images: [image(1, 1, 'train'), image(2, 1, 'train'), image(4, 0, 'train'), image(5, 0, 'test')],
    };
    expect(compareDatasets(before, now, new Set([3]))).toEqual({
      excluded: 1,
      relabelled: 1,
      moved: 1,
      added: 1,
    });
  });

  test('leaks are test photos whose group or copy is taught', () => {
    const groups = new Map([
      ['hash 1', 1],
      ['hash 2', 1],
      ['hash 3', 2],
    ]);
    const images = [
      image(1, 0, 'train'),
      image(2, 0, 'test'),
      image(3, 0, 'test'),
      image(4, 0, 'test', 'hash 5'),
      image(5, 0, 'train'),
      image(6, 0, 'validation', 'hash 1'),
    ];
    expect(leaksOf(images, groups)).toBe(2);
    expect(leaksOf(images, new Map())).toBe(1);
  });
});
