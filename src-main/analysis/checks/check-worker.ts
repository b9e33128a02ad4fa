/** Entry point of a worker thread: does one task of `check-tasks.ts` and ends. */
import { closeSync, openSync, readSync } from 'node:fs';
import { openFeatureRows } from '../../datasets/tiles/feature-rows.ts';
import { answerTask, tellProgress } from '../../core/threads/task-worker.ts';
import type { CheckTask } from './check-tasks.ts';
import { findSimilarPairs, type SimilarPair } from './mathematics/near-duplicate-search.ts';
import { outOfFold } from './mathematics/out-of-fold.ts';
import { outlyingness } from './mathematics/outlyingness.ts';
import { type SuggestedClasses, suggestLabels } from './mathematics/suggest-labels.ts';
import { hashWords } from './measure/perceptual-hash.ts';
import { SignalStore } from './measure/signal-store.ts';
import { type Signals, measureTile } from './measure/signals.ts';

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
      tellProgress(at + 1, photos.length);
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
      if ((store.read(hash)?.contrast ?? 0) < minContrast) return;
      words.set(found, places.length * hashWords);
      places.push(at);
    });
    const pictures = {
      count: places.length,
      hashes: words.subarray(0, places.length * hashWords),
      grey: (index: number) => store.grey(hashes[places[index]]),
      colour: (index: number) => store.colour(hashes[places[index]]),
    };
    const pairs = findSimilarPairs(pictures, undefined, (done) => tellProgress(done, places.length));
    return pairs.map(({ a, b, correlation }) => ({ a: places[a], b: places[b], correlation }));
  } finally {
    store.close();
  }
}

/** Standard deviation of the luminance, 0–1, below which a picture is one colour. */
const minContrast = 0.015;

async function suggest({
  features,
  slots,
  ...learning
}: Extract<CheckTask, { kind: 'suggest' }>): Promise<SuggestedClasses | null> {
  const reader = await openFeatureRows(features, slots);
  try {
    const rows = Int32Array.from(slots.keys()).filter((row) => slots[row] >= 0);
    if (rows.some((row) => !reader.has(row))) return null;
    return await suggestLabels(reader, rows, learning, tellProgress);
  } finally {
    await reader.close();
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
      return outOfFold(task, task.labels, { classes, seed, groups: groups ?? undefined }, tellProgress);
    }
    case 'outlyingness':
      return outlyingness(task, task.labels, task.seed, tellProgress);
  }
}

await answerTask(run);
