import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapInOrder } from '../../../../src-main/core/threads/map-in-order.ts';

test('gives results in the order of the items, several at a time', async () => {
  let [running, most] = [0, 0];
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++running);
    await wait((item * 7) % 5);
    running--;
    return item * 2;
  };
  const results: number[] = [];
  for await (const result of mapInOrder(
    Array.from({ length: 40 }, (_, i) => i),
    4,
    work,
  ))
    results.push(result);
  expect(results).toEqual(Array.from({ length: 40 }, (_, i) => i * 2));
  expect(most).toBe(4);
});

test('does not run ahead of a slow reader', async () => {
  let started = 0;
  const reading = mapInOrder(
    Array.from({ length: 1000 }, (_, i) => i),
    4,
    async (item) => {
      started++;
      return item;
    },
  );
  await reading.next();
  await wait(20);
  expect(started).toBeLessThanOrEqual(9);
  await reading.return();
});

test('the first failure ends it, after the others have come to rest', async () => {
  let running = 0;
  const work = async (item: number): Promise<number> => {
    running++;
    await wait(item);
    running--;
    if (item === 3) throw new Error('third');
    return item;
  };
  const all = async (): Promise<void> => {
    for await (const result of mapInOrder([1, 2, 3, 20, 21], 4, work)) expect(result).toBeLessThan(3);
  };
  await expect(all()).rejects.toThrow('third');
  expect(running).toBe(0);
});

test('a cancel ends it with CANCELLED', async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const result of mapInOrder(
      [...Array(100).keys()],
      2,
      async (item) => item,
      controller.signal,
    )) {
      seen.push(result);
      if (result === 5) controller.abort();
    }
  };
  await expect(all()).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(seen.length).toBeLessThan(15);
});
