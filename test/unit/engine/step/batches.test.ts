import { describe, expect, it } from 'vitest';
import {
  orderedSchedule,
  readAhead,
  readBatch,
  shuffledSchedule,
} from '../../../../src-main/engine/step/batches.ts';
import { makeTiles, tileReader } from '../../../fixtures/engine-parts.ts';

describe('shuffled batches', () => {
  it('show every image once in each pass, the last batch being smaller', () => {
    const schedule = shuffledSchedule(10, 4, 7);
    expect(schedule.stepsPerPass).toBe(3);
    const sizes = [0, 1, 2].map((step) => schedule.batch(step).length);
    expect(sizes).toEqual([4, 4, 2]);
    const seen = [0, 1, 2].flatMap((step) => [...schedule.batch(step)]);
    expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('come in another order in the next pass, and in the same order from the same seed', () => {
    const order = (seed: number, from: number) => {
      const schedule = shuffledSchedule(50, 10, seed);
      return Array.from({ length: 5 }, (_, step) => [...schedule.batch(from + step)]).flat();
    };
    expect(order(1, 0)).toEqual(order(1, 0));
    expect(order(1, 0)).not.toEqual(order(1, 5));
    expect(order(1, 0)).not.toEqual(order(2, 0));
  });

  it('can be asked for any step, so that a resumed run goes on where it was', () => {
    const whole = shuffledSchedule(23, 5, 3);
    const all = Array.from({ length: 20 }, (_, step) => [...whole.batch(step)]);
    const resumed = shuffledSchedule(23, 5, 3);
    expect([...resumed.batch(13)]).toEqual(all[13]);
    expect([...resumed.batch(4)]).toEqual(all[4]);
  });
});

describe('reading a batch', () => {
  it('pads the last one with empty places of weight 0', async () => {
    const tiles = makeTiles({ images: 5, classes: 2, size: 8, channels: 1 });
    const schedule = orderedSchedule(5, 3);
    const batch = await readBatch(tileReader(tiles), tiles, schedule.batch(1), 3);
    expect(batch.count).toBe(2);
    expect([...batch.weights]).toEqual([1, 1, 0]);
    expect([...batch.labels]).toEqual([1, 0, 0]);
    expect(batch.images.subarray(0, 64)).toEqual(tiles.data.subarray(3 * 64, 4 * 64));
    expect(batch.images.subarray(128).every((value) => value === 0)).toBe(true);
  });
});

describe('reading ahead', () => {
  it('begins the next read before the present item is used', async () => {
    const begun: number[] = [];
    const read = async (index: number): Promise<number> => {
      begun.push(index);
      return index;
    };
    const items: [number, number][] = [];
    const ahead = readAhead(2, 5, read);
    for (let item = 2; item < 5; item++) items.push([await ahead.next(), begun.length]);
    expect(items).toEqual([
      [2, 2],
      [3, 3],
      [4, 3],
    ]);
  });

  it('throws a failed read when its turn comes', async () => {
    const read = async (index: number): Promise<number> => {
      if (index === 1) throw new TypeError('gone');
      return index;
    };
    const ahead = readAhead(0, 3, read);
    expect(await ahead.next()).toBe(0);
    await expect(ahead.next()).rejects.toThrow('gone');
  });
});
