/**
 * Labels that are needed until suggestions are right: in the order of the queue, the least certain first, and at random;
 * from none on, with five draws: `node test/bench/active-learning.ts [--labels N] FOLDER…`, each folder with classes, or
 * with `train` and `test`. The accuracy is that of the suggestions for photos that are never labelled.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { suggestLabels } from '../../src-main/analysis/checks/mathematics/suggest-labels.ts';
import { permutation, stream } from '../../src-main/core/random/random.ts';
import { minPerClass } from '../../src-main/services/suggestions/label-assistant.ts';
import { type FeatureDataset, readFeatureDataset } from './support/feature-dataset.ts';

const draws = 5;
/** Labels between two measurements: the queue is asked again after each. */
const step = 5;
const targets = [0.8, 0.9, 0.95, 0.98];
const orders = ['queue', 'least certain first', 'random'] as const;

const { values: flags, positionals: folders } = parseArgs({
  options: { labels: { type: 'string', default: '150' } },
  allowPositionals: true,
});
if (folders.length === 0) {
  process.stderr.write('usage: node test/bench/active-learning.ts [--labels N] FOLDER…\n');
  process.exit(2);
}
const maxLabels = Number(flags.labels);

/** Accuracy after so many labels. */
type Curve = readonly { readonly labels: number; readonly accuracy: number }[];

async function label(dataset: FeatureDataset, order: (typeof orders)[number], seed: number): Promise<Curve> {
  const { values, dimension, labels: truth, classes, pool, test } = dataset;
  const reader = {
    dimension,
    read: (rows: ArrayLike<number>) => {
      const some = new Float32Array(rows.length * dimension);
      Array.from(rows).forEach((row, at) =>
        some.set(values.subarray(row * dimension, (row + 1) * dimension), at * dimension),
      );
      return Promise.resolve(some);
    },
  };
  const rows = Int32Array.from(truth.keys());
  const labels = new Int32Array(truth.length).fill(-1);
  // Only photos of the pool are learnt from and asked for; the others have a class that is never learnt.
  const isOfPool = new Set(pool);
  for (const row of rows) if (!isOfPool.has(row)) labels[row] = classes;
  const atRandom = Array.from(permutation(pool.length, stream(seed, 'order')), (at) => pool[at]);
  const curve: { labels: number; accuracy: number }[] = [];
  for (let count = 0; count <= maxLabels; count += step) {
    const classIds = Int32Array.from({ length: classes }, (_, id) => id).filter(
      (id) => labels.filter((one) => one === id).length >= minPerClass,
    );
    const learning = { labels, classIds, seed };
    const found = await suggestLabels(reader, rows, learning);
    if (classIds.length >= 2) {
      const right = test.filter((row) => found.classes[row] === truth[row]).length;
      curve.push({ labels: count, accuracy: right / test.length });
    }
    const free = atRandom.filter((row) => labels[row] < 0);
    const isLearnt = classIds.length >= 2;
    const certain = [...free].sort((a, b) => found.probabilities[a] - found.probabilities[b]);
    const next = { queue: [...found.queue], 'least certain first': isLearnt ? certain : free, random: free }[
      order
    ];
    for (const row of next.slice(0, step)) labels[row] = truth[row];
  }
  return curve;
}

const needed = (curve: Curve, target: number): number =>
  curve.find(({ accuracy }) => accuracy >= target)?.labels ?? Infinity;

/** Of the draws, in order: `15, 20, 20, 25, >150`. */
const cell = (curves: readonly Curve[], target: number): string =>
  curves
    .map((curve) => needed(curve, target))
    .sort((a, b) => a - b)
    .map((count) => (count === Infinity ? `>${maxLabels}` : String(count)))
    .join(', ');

process.stdout.write(
  `| dataset | order | at the end | ${targets.map((target) => `${100 * target}%`).join(' | ')} |\n|---|---|---|${'---|'.repeat(targets.length)}\n`,
);
for (const folder of folders) {
  const home = mkdtempSync(join(tmpdir(), 'lenslet-active-learning-'));
  try {
    const dataset = await readFeatureDataset(folder, home);
    for (const order of orders) {
      const curves: Curve[] = [];
      for (let seed = 1; seed <= draws; seed++) curves.push(await label(dataset, order, seed));
      const end = curves.reduce((sum, curve) => sum + (curve.at(-1)?.accuracy ?? 0), 0) / draws;
      const cells = targets.map((target) => cell(curves, target)).join(' | ');
      process.stdout.write(`| ${basename(folder)} | ${order} | ${(100 * end).toFixed(1)}% | ${cells} |\n`);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
