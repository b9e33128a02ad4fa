import { expect, test } from 'vitest';
import { FileQueue } from '../../../../src-renderer/client/file-queue.ts';

async function readAll(queue: FileQueue<number>): Promise<number[]> {
  const read: number[] = [];
  for await (const item of queue) {
    read.push(item);
    await Promise.resolve();
  }
  return read;
}

test('readers that wait get items as they are found, each item once', async () => {
  const queue = new FileQueue<number>();
  const readers = [readAll(queue), readAll(queue), readAll(queue)];
  for (let item = 0; item < 20; item++) {
    queue.add(item);
    if (item % 3 === 0) await Promise.resolve();
  }
  queue.end();
  const read = (await Promise.all(readers)).flat();
  expect(read.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, item) => item));
});

test('items that were there before a reader came are read', async () => {
  const queue = new FileQueue<number>();
  queue.add(7);
  queue.end();
  expect(await readAll(queue)).toEqual([7]);
});

test('the end lets go of all readers that wait', async () => {
  const queue = new FileQueue<number>();
  const readers = [readAll(queue), readAll(queue)];
  await Promise.resolve();
  queue.end();
  expect(await Promise.all(readers)).toEqual([[], []]);
});
