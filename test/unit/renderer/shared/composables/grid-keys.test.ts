import { expect, test } from 'vitest';
import { moveInGrid } from '../../../../../src-renderer/shared/composables/grid-keys.ts';

// Two full rows of four and a last row of three: 0–3, 4–7, 8–10.
const grid = { count: 11, columns: 4, page: 2 };
const move = (key: string, from: number) => moveInGrid(key, from, grid);

test('arrows move by tile and by row, and stop at the edges', () => {
  expect(move('ArrowRight', 3)).toBe(4);
  expect(move('ArrowRight', 10)).toBe(10);
  expect(move('ArrowLeft', 0)).toBe(0);
  expect(move('ArrowDown', 1)).toBe(5);
  expect(move('ArrowUp', 5)).toBe(1);
  expect(move('ArrowUp', 2)).toBe(2);
});

test('down from above a gap in the last row goes to the last tile, and stays in the last row', () => {
  expect(move('ArrowDown', 7)).toBe(10);
  expect(move('ArrowDown', 9)).toBe(9);
});

test('pages keep the column; Home and End reach the ends; other keys do nothing', () => {
  expect(move('PageDown', 1)).toBe(9);
  expect(move('PageUp', 9)).toBe(1);
  expect(move('PageUp', 6)).toBe(2);
  expect(move('Home', 9)).toBe(0);
  expect(move('End', 0)).toBe(10);
  expect(move('a', 3)).toBeNull();
});
