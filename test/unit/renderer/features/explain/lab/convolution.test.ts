/** The lesson's worked examples, digit by digit, and what follows from the same arithmetic. */
import { describe, expect, test } from 'vitest';
import {
  convolve,
  convolvePlane,
  padGrid,
  planAxis,
  planGrid,
  pool,
  poolPlane,
  productsOf,
  shiftPlane,
  sumOf,
  windowOf,
} from '../../../../../../src-renderer/features/explain/lab/convolution.ts';
import {
  averageExample,
  convolutionExample,
} from '../../../../../../src-renderer/features/explain/lab/examples.ts';

const { image, filter } = convolutionExample;

describe('convolution', () => {
  test("the lesson's example: 5×5 and 3×3 give 3×3, digit by digit", () => {
    expect(convolve(image, filter)).toEqual([
      [12, 12, 17],
      [10, 17, 19],
      [9, 6, 14],
    ]);
  });

  test('the first position: window, products and their sum', () => {
    const window = windowOf(image, 0, 0, 3, 3);
    expect(window).toEqual([
      [3, 3, 2],
      [0, 0, 1],
      [3, 1, 2],
    ]);
    expect(productsOf(window, filter)).toEqual([
      [0, 3, 4],
      [0, 0, 0],
      [0, 1, 4],
    ]);
    expect(sumOf(productsOf(window, filter))).toBe(12);
  });

  test('same padding keeps the size and agrees with valid in the middle', () => {
    const same = convolve(image, filter, 1, 'same');
    expect(same.map((row) => row.length)).toEqual([5, 5, 5, 5, 5]);
    expect(windowOf(same, 1, 1, 3, 3)).toEqual(convolve(image, filter));
    // Upper left corner: only four image cells under the filter, 3·2 + 3·0 + 0·1 + 0·2.
    expect(same[0][0]).toBe(6);
  });

  test('stride 2 takes every second position of stride 1', () => {
    const [a, b] = [convolve(image, filter), convolve(image, filter, 2)];
    expect(b).toEqual([
      [a[0][0], a[0][2]],
      [a[2][0], a[2][2]],
    ]);
  });

  test('output sizes of the lesson: 28 → 26, 13 → 11, 5 → 3, and 150 through four blocks to 7', () => {
    const conv = (side: number): number => planAxis(side, 3, 1, 'valid').output;
    const half = (side: number): number => planAxis(side, 2, 2, 'valid').output;
    expect([conv(28), half(26), conv(13), half(11), conv(5)]).toEqual([26, 13, 11, 5, 3]);
    expect([1, 2, 3, 4].reduce((side) => half(conv(side)), 150)).toBe(7);
  });

  test('leaves cells over for a stride that does not fit, and no position for a filter that is too large', () => {
    expect(planAxis(6, 3, 2, 'valid')).toMatchObject({ output: 2, leftOver: 1 });
    expect(planAxis(5, 3, 2, 'valid')).toMatchObject({ output: 2, leftOver: 0 });
    expect(planAxis(2, 3, 1, 'valid')).toMatchObject({ output: 0, leftOver: 2 });
    expect(convolve([[1, 2]], filter)).toEqual([]);
  });

  test('same padding with an even remainder puts the odd zero at the end, as TensorFlow does', () => {
    expect(planAxis(6, 3, 2, 'same')).toMatchObject({ before: 0, after: 1, output: 3, leftOver: 0 });
    const { rows, columns } = planGrid([[1]], { rows: 2, columns: 2 }, 1, 'same');
    expect(padGrid([[1]], rows, columns)).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });
});

describe('pooling', () => {
  const exact = (grid: number[][]): string[][] => grid.map((row) => row.map((value) => value.toFixed(4)));

  test("the lesson's example: max and average, digit by digit", () => {
    expect(exact(pool(averageExample, 'max'))).toEqual([
      ['0.1600', '0.1400'],
      ['0.1100', '0.1500'],
    ]);
    expect(exact(pool(averageExample, 'average'))).toEqual([
      ['0.0950', '0.1075'],
      ['0.0600', '0.0775'],
    ]);
  });

  test('drops the last row and column of an odd side', () => {
    expect(
      pool(
        [
          [1, 2, 9],
          [3, 4, 9],
          [9, 9, 9],
        ],
        'max',
      ),
    ).toEqual([[4]]);
  });
});

describe('photos', () => {
  const plane = (rows: number[][]) => ({
    width: rows[0].length,
    height: rows.length,
    values: Float32Array.from(rows.flat()),
  });

  test('agrees with small grids away from the edges', () => {
    const { values } = convolvePlane(plane(image.map((row) => [...row])), filter);
    const inner = [1, 2, 3].map((y) => [1, 2, 3].map((x) => values[y * 5 + x]));
    expect(inner).toEqual(convolve(image, filter));
  });

  test('finds no edges in a flat picture, not even at its border', () => {
    const flat = plane(Array.from({ length: 6 }, () => Array.from({ length: 7 }, () => 0.5)));
    const edges = convolvePlane(flat, [
      [-1, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ]);
    expect(Math.max(...edges.values.map(Math.abs))).toBe(0);
  });

  test('gives the same result for shifting and convolving in either order', () => {
    const picture = plane(
      Array.from({ length: 12 }, (_, y) =>
        Array.from({ length: 12 }, (_, x) => (x === 4 && y > 3 && y < 8 ? 1 : 0)),
      ),
    );
    const shiftedFirst = convolvePlane(shiftPlane(picture, 3, 2), filter);
    const shiftedLast = shiftPlane(convolvePlane(picture, filter), 3, 2);
    expect([...shiftedFirst.values]).toEqual([...shiftedLast.values]);
  });

  test('pooling halves both sides', () => {
    const pooled = poolPlane(plane(averageExample.map((row) => [...row])), 'max');
    expect([pooled.width, pooled.height]).toEqual([2, 2]);
    expect([...pooled.values].map((value) => value.toFixed(2))).toEqual(['0.16', '0.14', '0.11', '0.15']);
  });
});
