import { expect, test } from 'vitest';
import { stream } from '../../../../../src-main/core/random/random.ts';
import { cellEdge, labelRoom } from '../../../../../src-renderer/features/results/matrix/matrix-canvas.ts';
import {
  orderClasses,
  worstPairs,
} from '../../../../../src-renderer/features/results/matrix/matrix-order.ts';

/** Classes along a line, each confused with its neighbours; listed in a random order. */
function hiddenChain(classes: number): { matrix: number[][]; line: number[] } {
  const random = stream(3, 'chain', classes);
  const line = Array.from({ length: classes }, (_, place) => place);
  for (let at = classes - 1; at > 0; at--) {
    const other = random.integer(at + 1);
    [line[at], line[other]] = [line[other], line[at]];
  }
  const matrix = line.map((a) =>
    line.map((b) => (a === b ? 40 : Math.abs(a - b) === 1 ? 6 : Math.abs(a - b) === 2 ? 2 : 0)),
  );
  return { matrix, line };
}

test.each([12, 60, 200])('brings confusions of %i classes to the diagonal', (classes) => {
  const { matrix, line } = hiddenChain(classes);
  const order = orderClasses(matrix, 'similarity').map((place) => line[place]);
  expect([...order].sort((a, b) => a - b)).toEqual(line.map((_, place) => place));
  const steps = order.slice(1).map((place, at) => Math.abs(place - order[at]));
  // The whole chain is found again, from one end or the other.
  expect(steps.filter((step) => step === 1).length).toBeGreaterThan(0.95 * (classes - 1));
});

test('keeps groups together, the largest first, and classes without mistakes last', () => {
  const matrix = [
    [9, 0, 0, 0, 1],
    [0, 9, 1, 0, 0],
    [0, 2, 9, 1, 0],
    [0, 0, 0, 9, 0],
    [2, 0, 0, 0, 9],
  ];
  expect(orderClasses(matrix, 'similarity').slice(0, 3).sort()).toEqual([1, 2, 3]);
  expect(orderClasses(matrix, 'similarity').slice(3).sort()).toEqual([0, 4]);
  expect(orderClasses(matrix, 'class')).toEqual([0, 1, 2, 3, 4]);
  // Class 2 takes part in four mistakes, 0 and 4 in three each.
  expect(orderClasses(matrix, 'confusion')).toEqual([2, 0, 1, 4, 3]);
  expect(orderClasses([], 'similarity')).toEqual([]);
  expect(
    orderClasses(
      [
        [0, 0],
        [0, 0],
      ],
      'similarity',
    ),
  ).toEqual([0, 1]);
});

test('lists the worst pairs by photos, then by their share of the class', () => {
  const matrix = [
    [5, 3, 0],
    [0, 90, 3],
    [1, 0, 0],
  ];
  expect(worstPairs(matrix, 20).map(({ truth, said }) => [truth, said])).toEqual([
    [0, 1],
    [1, 2],
    [2, 0],
  ]);
  expect(worstPairs(matrix, 1)).toEqual([{ truth: 0, said: 1, images: 3, share: 3 / 8 }]);
});

test('shows 30 classes whole in the width that Results has at 1280 pixels', () => {
  const names = Array.from({ length: 30 }, (_, at) => `a longer class ${at}`);
  const edge = cellEdge(460, names);
  expect(labelRoom(names, edge).left + 30 * edge).toBeLessThanOrEqual(460);
  expect(edge).toBeGreaterThanOrEqual(9);
});
