/** Entry point of a worker thread: does one task of `check-tasks.ts` and ends. */
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { openFeatureFile } from '../datasets/feature-file.ts';
import type { ThreadReply } from '../datasets/task-thread.ts';
import type { CheckTask } from './check-tasks.ts';
import { findSimilarPairs, type SimilarPair } from './mathematics/near-duplicate-search.ts';
import { outOfFold } from './mathematics/out-of-fold.ts';
import { outlyingness } from './mathematics/outlyingness.ts';
import { type SuggestedClasses, suggestLabels } from './mathematics/suggest-labels.ts';
import { hashWords } from './measure/perceptual-hash.ts';
import { SignalStore } from './measure/signal-store.ts';
import { type Signals, measureTile } from './measure/signals.ts';

function tell(reply: ThreadReply): void {
  parentPort?.postMessage(reply);
}

function progress(done: number, total: number): void {
  tell({ type: 'progress', done, total });
}

/** Photos written at a time. */
const batch = 200;

function measure({ store: path, pack, photos }: Extract<CheckTask, { kind: 'measure' }>): number {
  const { size, channels } = pack;
  const store = new SignalStore(path);
  const file = openSync(pack.path, 'r');
  const bytes = size * size * channels;
  const pixels = new Uint8Array(bytes);
  let rows: { hash: string; signals: Signals }[] = [];
  let measured = 0;
  try {
    photos.forEach(({ hash, slot }, at) => {
      if (readSync(file, pixels, 0, bytes, slot * bytes) === bytes) {
        rows.push({ hash, signals: measureTile({ size, channels, pixels }) });
        measured++;
      }
      if (rows.length < batch && at < photos.length - 1) return;
      store.write(rows);
      rows = [];
      progress(at + 1, photos.length);
    });
    return measured;
  } finally {
    closeSync(file);
    store.close();
  }
}

function nearDuplicates({
  store: path,
  hashes,
}: Extract<CheckTask, { kind: 'near-duplicates' }>): SimilarPair[] {
  const store = new SignalStore(path);
  try {
    // Photos that could not be measured take no part; neither do those that show nothing.
    const places: number[] = [];
    const words = new Int32Array(hashes.length * hashWords);
    hashes.forEach((hash, at) => {
      const found = store.hashes(hash);
      if (found === null || found.length !== hashWords) return;
      if ((store.read(hash)?.contrast ?? 0) < leastContrast) return;
      words.set(found, places.length * hashWords);
      places.push(at);
    });
    const pictures = {
      count: places.length,
      hashes: words.subarray(0, places.length * hashWords),
      grey: (index: number) => store.grey(hashes[places[index]]),
      colour: (index: number) => store.colour(hashes[places[index]]),
    };
    const pairs = findSimilarPairs(pictures, undefined, (done) => progress(done, places.length));
    return pairs.map(({ a, b, correlation }) => ({ a: places[a], b: places[b], correlation }));
  } finally {
    store.close();
  }
}

/** Standard deviation of the luminance, 0–1, below which a picture is one colour. */
const leastContrast = 0.015;

async function suggest({
  features: { tilesPath, name, shape },
  slots,
  ...learning
}: Extract<CheckTask, { kind: 'suggest' }>): Promise<SuggestedClasses | null> {
  const file = await openFeatureFile(tilesPath, name, shape);
  try {
    const rows = Int32Array.from(slots.keys()).filter((row) => slots[row] >= 0);
    if (rows.some((row) => !file.has(slots[row]))) return null;
    const dimension = shape.reduce((product, length) => product * length, 1);
    const reader = {
      dimension,
      async read(wanted: Int32Array): Promise<Float32Array> {
        const data = new Float32Array(wanted.length * dimension);
        const records = Array.from(wanted, (row) => slots[row]);
        await file.read(records, new Uint8Array(data.buffer));
        return data;
      },
    };
    return await suggestLabels(reader, rows, learning, progress);
  } finally {
    await file.close();
  }
}

function run(task: CheckTask): unknown {
  switch (task.kind) {
    case 'suggest':
      return suggest(task);
    case 'measure':
      return measure(task);
    case 'near-duplicates':
      return nearDuplicates(task);
    case 'out-of-fold': {
      const { classes, seed, groups } = task;
      return outOfFold(task, task.labels, { classes, seed, groups: groups ?? undefined }, progress);
    }
    case 'outlyingness':
      return outlyingness(task, task.labels, task.seed, progress);
  }
}

try {
  tell({ type: 'done', answer: await run(workerData as CheckTask) });
} catch (error) {
  tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
