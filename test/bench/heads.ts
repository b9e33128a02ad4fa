/**
 * The head that one click solves for, against scikit-learn's logistic regression on the same features, from five photos
 * a class on: `node test/bench/heads.ts --python PYTHON FOLDER…`, each folder with classes, or with `train` and `test`.
 * PYTHON is one that has scikit-learn.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runAtOnce } from '../../src-main/core/jobs/in-pieces.ts';
import { permutation, stream } from '../../src-main/core/random/random.ts';
import { fitBestRegression } from '../../src-main/core/statistics/logistic-regression/choose-strength.ts';
import { predictRow } from '../../src-main/core/statistics/logistic-regression/logistic-regression.ts';
import { type FeatureDataset, readFeatureDataset } from './support/feature-dataset.ts';

/** Photos a class that are learnt from; null: all. */
const sizes = [5, 10, 20, 50, null];
const draws = 5;
/** Mean accuracy and cross-entropy over the test photos, and the seconds it took to get there. */
interface Figures {
  readonly accuracy: number;
  readonly loss: number;
  readonly seconds: number;
}

const { values: flags, positionals: folders } = parseArgs({
  options: { python: { type: 'string' } },
  allowPositionals: true,
});
if (flags.python === undefined || folders.length === 0) {
  process.stderr.write('usage: node test/bench/heads.ts --python PYTHON FOLDER…\n');
  process.exit(2);
}
const python = flags.python;

function drawRows({ pool, labels, classes }: FeatureDataset, each: number | null, seed: number): number[] {
  if (each === null) return [...pool];
  const order = Array.from(permutation(pool.length, stream(seed, 'draw', each)), (at) => pool[at]);
  return Array.from({ length: classes }, (_, c) =>
    order.filter((row) => labels[row] === c).slice(0, each),
  ).flat();
}

function ours({ values, dimension, labels, classes, test }: FeatureDataset, rows: number[]): Figures {
  const began = performance.now();
  const features = { data: values, dimension };
  const fitted = runAtOnce(fitBestRegression({ features, rows, labels, classes }, { seed: 1 }));
  const seconds = (performance.now() - began) / 1000;
  const output = new Float64Array(classes);
  let right = 0;
  let loss = 0;
  for (const row of test) {
    predictRow(fitted, features, row, output);
    if (output.indexOf(Math.max(...output)) === labels[row]) right++;
    loss -= Math.log(Math.max(output[labels[row]], 1e-15));
  }
  return { accuracy: right / test.length, loss: loss / test.length, seconds };
}

function theirs(dataset: FeatureDataset, rowsOfDraws: readonly number[][], home: string): Figures[] {
  const { values, dimension, labels, test } = dataset;
  const features = join(home, 'features.f32');
  writeFileSync(features, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const request = { features, dimension, labels: Array.from(labels), test, draws: rowsOfDraws };
  const path = join(home, 'request.json');
  writeFileSync(path, JSON.stringify(request));
  const side = new URL('sides/scikit_learn_heads.py', import.meta.url);
  return JSON.parse(execFileSync(python, [side.pathname, path], { encoding: 'utf8' })) as Figures[];
}

const mean = (figures: readonly Figures[], of: keyof Figures): number =>
  figures.reduce((sum, one) => sum + one[of], 0) / figures.length;
const cell = (figures: readonly Figures[]): string =>
  `${(100 * mean(figures, 'accuracy')).toFixed(1)}% | ${mean(figures, 'loss').toFixed(3)} | ${mean(figures, 'seconds').toFixed(2)} s`;

process.stdout.write(
  '| dataset | photos a class | Lenslet: accuracy | loss | time | scikit-learn: accuracy | loss | time |\n|---|---|---|---|---|---|---|---|\n',
);
for (const folder of folders) {
  const home = mkdtempSync(join(tmpdir(), 'lenslet-heads-'));
  try {
    const dataset = await readFeatureDataset(folder, home);
    for (const each of sizes) {
      const rows = Array.from({ length: each === null ? 1 : draws }, (_, at) =>
        drawRows(dataset, each, at + 1),
      );
      const mine = rows.map((some) => ours(dataset, some));
      const name = each === null ? `all (${rows[0].length} photos)` : String(each);
      process.stdout.write(
        `| ${basename(folder)} | ${name} | ${cell(mine)} | ${cell(theirs(dataset, rows, home))} |\n`,
      );
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
