import { expect, test } from 'vitest';
import { giveKey, keysOf } from '../../../../../src-renderer/features/labelling/label-keys.ts';
import {
  type Selection,
  emptySelection,
  keepIn,
  nextAfter,
  pick,
  pickAll,
} from '../../../../../src-renderer/shared/composables/selection.ts';

const list = [30, 10, 20, 50, 40];
const chosen = ({ ids }: Selection): number[] => list.filter((id) => ids.has(id));

test('a click chooses one, Ctrl adds and takes away', () => {
  const one = pick(emptySelection, list, 10, 'only');
  expect(chosen(one)).toEqual([10]);
  const two = pick(one, list, 50, 'toggle');
  expect(chosen(two)).toEqual([10, 50]);
  expect(chosen(pick(two, list, 10, 'toggle'))).toEqual([50]);
});

test('Shift chooses from the last click in the order of the list, and a second Shift replaces the first range', () => {
  const one = pick(emptySelection, list, 20, 'only');
  const down = pick(one, list, 40, 'range');
  expect(chosen(down)).toEqual([20, 50, 40]);
  const up = pick(down, list, 30, 'range');
  expect(chosen(up)).toEqual([30, 10, 20]);
  expect(up.current).toBe(30);
});

test('moving leaves the choice; all is all of the list', () => {
  const one = pick(emptySelection, list, 20, 'only');
  const moved = pick(one, list, 50, 'move');
  expect(chosen(moved)).toEqual([20]);
  expect(moved.current).toBe(50);
  expect(pickAll(moved, list).ids.size).toBe(5);
});

test('what leaves the list is no longer chosen', () => {
  const some = pick(pick(emptySelection, list, 10, 'only'), list, 50, 'range');
  const left = keepIn(some, [30, 20, 40]);
  expect([...left.ids]).toEqual([20]);
  expect(left.current).toBe(20);
  expect(keepIn(left, [30])).toMatchObject({ current: null });
});

test('the next photo is the one after the last chosen one, at the end the one before', () => {
  expect(nextAfter(pick(emptySelection, list, 10, 'only'), list)).toBe(20);
  const upwards = pick(pick(emptySelection, list, 20, 'only'), list, 30, 'range');
  expect(nextAfter(upwards, list)).toBe(50);
  expect(nextAfter(pick(emptySelection, list, 40, 'only'), list)).toBe(50);
  expect(nextAfter(pickAll(emptySelection, list), list)).toBeNull();
});

test('the first nine classes have keys; a key that is given away changes places', () => {
  const classes = Array.from({ length: 11 }, (_, at) => ({ id: 100 + at }));
  const keys = keysOf(classes, {});
  expect([...keys.values()].join('')).toBe('123456789');
  const swapped = keysOf(classes, giveKey(keys, 102, '1'));
  expect([swapped.get(102), swapped.get(100)]).toEqual(['1', '3']);
  const late = keysOf(classes, giveKey(keys, 110, '9'));
  expect([late.get(110), late.get(108)]).toEqual(['9', undefined]);
  expect(late.get(107)).toBe('8');
});
