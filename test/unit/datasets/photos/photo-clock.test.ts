import { Worker } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import {
  type ClockWatch,
  enterStage,
  readClock,
  startClock,
  watchClock,
} from '../../../../src-main/datasets/photos/photo-clock.ts';

function aborted({ signal }: ClockWatch): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener('abort', resolve));
}

test('what waits behind others is not overdue, however long; decoding is', async () => {
  const clock = startClock();
  const watch = watchClock(clock, { reading: 1000, decoding: 30 });
  await sleep(120);
  expect(watch.signal.aborted).toBe(false);
  enterStage(clock, 'decoding');
  await aborted(watch);
  expect(watch.overdue).toBe('decoding');
});

test('each stage has its own time, from when it began', async () => {
  const clock = startClock();
  const watch = watchClock(clock, { reading: 100, decoding: 60_000 });
  enterStage(clock, 'reading');
  await sleep(10);
  enterStage(clock, 'decoding');
  await sleep(250);
  expect(watch.overdue).toBeNull();
  watch.stop();
  const slow = startClock();
  enterStage(slow, 'reading');
  const other = watchClock(slow, { reading: 60, decoding: 60_000 });
  await aborted(other);
  expect(other.overdue).toBe('reading');
});

test('a thread that hangs is seen from outside', async () => {
  const clock = startClock();
  const program = `const { workerData: clock } = require('node:worker_threads');
    Atomics.store(clock, 0, process.hrtime.bigint() * 4n + 2n);
    for (;;);`;
  const thread = new Worker(program, { eval: true, workerData: clock });
  const watch = watchClock(clock, { reading: 1000, decoding: 50 });
  try {
    await aborted(watch);
    expect(readClock(clock).stage).toBe('decoding');
    expect(readClock(clock).milliseconds).toBeGreaterThanOrEqual(50);
  } finally {
    await thread.terminate();
  }
});

test('stopped, it looks no longer', async () => {
  const clock = startClock();
  const watch = watchClock(clock, { reading: 20, decoding: 20 });
  enterStage(clock, 'reading');
  watch.stop();
  await sleep(80);
  expect(watch.signal.aborted).toBe(false);
});
