/** Entry point of a worker thread: makes one map and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { SignalStore } from '../checks/measure/signal-store.ts';
import { permutation, stream } from '../core/random.ts';
import { openFeatureFile } from '../datasets/feature-file.ts';
import type { ThreadReply } from '../datasets/task-thread.ts';
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
/** Milliseconds between two tellings. */
const pause = 100;

/** Rows of features that are read when they are wanted. */
interface RowReader {
  readonly count: number;
  readonly dimension: number;
  read(rows: ArrayLike<number>): Promise<Float32Array>;
  close(): Promise<void> | void;
}

function tell(reply: ThreadReply): void {
  parentPort?.postMessage(reply);
}

let toldAt = 0;
function progress(phase: string, done: number, total: number): void {
  const now = performance.now();
  if (now - toldAt < pause && done < total) return;
  toldAt = now;
  tell({ type: 'progress', phase, done, total });
}

async function openRows(source: RowSource): Promise<RowReader> {
  if (source.kind === 'signals') return openSignals(source);
  const { tilesPath, name, shape, slots } = source;
  const file = await openFeatureFile(tilesPath, name, shape);
  const dimension = shape.reduce((product, length) => product * length, 1);
  return {
    count: slots.length,
    dimension,
    async read(rows) {
      const data = new Float32Array(rows.length * dimension);
      const wanted = Array.from(rows, (row) => slots[row]);
      await file.read(wanted, new Uint8Array(data.buffer));
      return data;
    },
    close: () => file.close(),
  };
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

async function run({ rows: source, seed, mostFitted }: MapTask): Promise<MapAnswer> {
  const reader = await openRows(source);
  try {
    const rows = await reduceAll(reader, seed);
    const chosen = mostFitted === undefined ? {} : { mostFitted };
    const { positions, fitted } = layOut(rows, { seed, ...chosen, onProgress: progress });
    return { positions: scalePositions(positions), fitted };
  } finally {
    await reader.close();
  }
}

try {
  tell({ type: 'done', answer: await run(workerData as MapTask) });
} catch (error) {
  tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
