/** Entry point of a worker thread: makes one map and ends. */
import { SignalStore } from '../checks/measure/signal-store.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
import { permutation, stream } from '../../core/random/random.ts';
import { type FeatureRows, openFeatureRows } from '../../datasets/tiles/feature-rows.ts';
import { answerTask, tellProgress } from '../../core/threads/task-worker.ts';
import { layOut } from './layout.ts';
import type { MapAnswer, MapTask, RowSource } from './map-task.ts';
import { type Rows, learnReduction, normaliseRows, reduceRows } from './reduce.ts';
import { scalePositions } from './scale-positions.ts';
import { readSignalRow, signalLength } from './signal-rows.ts';

/** Dimensions in which neighbours are looked for. */
const reduced = 50;
/** Photos that the reduction is learned from. */
const learnedFrom = 2000;
/** Rows that are in memory at a time, besides those. */
const atOnce = 1000;
/** Progress is reported at most every 100 ms. */
const throttle = new Throttle(100);

/** Rows that are read when they are wanted. */
interface RowReader extends Pick<FeatureRows, 'dimension'> {
  readonly count: number;
  read(rows: ArrayLike<number>): Promise<Float32Array>;
  close(): Promise<void> | void;
}

function progress(phase: string, done: number, total: number): void {
  if (throttle.isDue(done >= total)) tellProgress(done, total, phase);
}

async function openRows(source: RowSource): Promise<RowReader> {
  if (source.kind === 'signals') return openSignals(source);
  return { count: source.slots.length, ...(await openFeatureRows(source, source.slots)) };
}

function openSignals({ store: path, hashes }: Extract<RowSource, { kind: 'signals' }>): RowReader {
  const store = new SignalStore(path);
  return {
    count: hashes.length,
    dimension: signalLength,
    read(rows) {
      const data = new Float32Array(rows.length * signalLength);
      for (let at = 0; at < rows.length; at++) {
        readSignalRow(store, hashes[rows[at]], data.subarray(at * signalLength, (at + 1) * signalLength));
      }
      return Promise.resolve(data);
    },
    close: () => store.close(),
  };
}

/** All rows in few dimensions; never more than some thousands are in memory in all of theirs. */
async function reduceAll(reader: RowReader, seed: number): Promise<Rows> {
  const { count, dimension } = reader;
  const order = permutation(count, stream(seed, 'map-reduction'));
  const learned = { data: await reader.read(order.subarray(0, learnedFrom)), dimension };
  normaliseRows(learned);
  const reduction = learnReduction(learned, reduced, seed);
  const { target } = reduction;
  const data = new Float32Array(count * target);
  for (let start = 0; start < count; start += atOnce) {
    const length = Math.min(atOnce, count - start);
    const rows = { data: await reader.read(Array.from({ length }, (_, at) => start + at)), dimension };
    normaliseRows(rows);
    data.set(reduceRows(rows, reduction), start * target);
    progress('reading features', start + length, count);
  }
  return { data, dimension: target };
}

async function run({ rows: source, seed, maxFitted }: MapTask): Promise<MapAnswer> {
  const reader = await openRows(source);
  try {
    const rows = await reduceAll(reader, seed);
    const chosen = maxFitted === undefined ? {} : { maxFitted };
    const { positions, fitted } = layOut(rows, { seed, ...chosen, onProgress: progress });
    return { positions: scalePositions(positions), fitted };
  } finally {
    await reader.close();
  }
}

await answerTask(run);
