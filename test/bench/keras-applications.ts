/**
 * Compares every network of keras.applications, its weights at random, with Keras: opened as `.keras` and `.h5`,
 * predicted, gone back through as heatmaps and filter patterns do it, cut as a backbone, and written as ONNX.
 *
 *   node test/bench/keras-applications.ts --python FOLDER/bin/python [--size 160] [--out docs/keras-applications.md] [NAME…]
 *
 * Needs a Python with keras and tensorflow, up to 16 GB of memory and an hour; one network is on the disk at a time.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type * as tfjs from '@tensorflow/tfjs';
import { loadBackend } from '../../src-main/backends/ladder.ts';
import { loadOnnxRuntime } from '../../src-main/backends/onnxruntime.ts';
import { folderStorage } from '../../src-main/core/files/folder-storage.ts';
import { largestDifferenceOf } from '../../src-main/engine/base/difference.ts';
import type { Tf } from '../../src-main/engine/base/backend.ts';
import { loadModel } from '../../src-main/engine/models/model-file.ts';
import { openBackbone } from '../../src-main/engine/models/open-backbone.ts';
import { onnxInput, onnxOutput, writeOnnx } from '../../src-main/engine/onnx/write-onnx.ts';
import { knownBackbones } from '../../src-main/registries/backbones/index.ts';

const side = join(import.meta.dirname, 'sides', 'keras_applications.py');

interface Expected {
  readonly keras: string;
  readonly parameters: number;
  readonly probabilities: readonly (readonly number[])[];
  readonly features: readonly number[];
}

/** What was found of one network; differences from Keras. */
interface Row {
  readonly name: string;
  readonly parameters: number;
  /** From the least to the most probable class of the first image. */
  readonly range: readonly [number, number];
  readonly keras: number;
  readonly h5: number;
  /** Of all numbers together, as a share of them. */
  readonly gradient: number;
  /** As a share of the largest feature. */
  readonly backbone: number;
  readonly features: readonly number[];
  /** Of ONNX Runtime from the engine, as a share of the largest feature; a reason where it is not written. */
  readonly onnx: number | string;
}

function floats(path: string): Float32Array {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function relative(found: Float32Array, wanted: Float32Array): number {
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largestDifferenceOf(found, wanted) / largest;
}

/** The difference of all numbers together, as a share of them: where rounding takes an activation over its kink, some gradients are others. */
function share(found: Float32Array, wanted: Float32Array): number {
  const sum = (values: Float32Array): number => values.reduce((all, value) => all + Math.abs(value), 0);
  return sum(found.map((value, at) => value - wanted[at])) / sum(wanted);
}

async function compareOnnx(tf: Tf, model: tfjs.LayersModel, size: number): Promise<number | string> {
  const about = { producer: ['Lenslet', ''], description: '', metadata: {} } as const;
  const options = { preprocessing: 'none', imageSize: size, channels: 3, ending: 'as-it-is', about } as const;
  try {
    const { bytes } = writeOnnx(model, options);
    const session = await (await loadOnnxRuntime()).open(bytes);
    const pixels = Uint8Array.from(
      { length: size * size * 3 },
      (_, at) => (at * 31 + ((at * at) % 97)) % 256,
    );
    const [{ values }] = await session.run(onnxInput, [1, size, size, 3], pixels, [onnxOutput]);
    await session.close();
    const wanted = tf.tidy(() => {
      const images = tf.tensor4d(Float32Array.from(pixels), [1, size, size, 3]);
      return (model.predict(images) as tfjs.Tensor).dataSync<'float32'>();
    });
    return relative(values, wanted);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function compare(tf: Tf, name: string, folder: string, size: number): Promise<Row> {
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
  const pixels = floats(join(folder, 'images.bin'));
  const images = tf.tensor4d(pixels, [2, size, size, 3]);
  const first = tf.slice(images, [0, 0, 0, 0], [1, -1, -1, -1]);
  const wanted = Float32Array.from(expected.probabilities.flat());
  const place = (file: string) => ({
    storage: folderStorage(folder),
    name: file,
    path: join(folder, file),
    known: knownBackbones,
  });
  const differences: number[] = [];
  let gradient = NaN;
  for (const file of ['model.keras', 'model.h5']) {
    const { model } = await loadModel(tf, place(file));
    if (model.countParams() !== expected.parameters)
      throw new Error(`${name}: ${model.countParams()} parameters instead of ${expected.parameters}`);
    differences.push(
      largestDifferenceOf(
        tf.tidy(() => (model.predict(images) as tfjs.Tensor).dataSync<'float32'>()),
        wanted,
      ),
    );
    if (file === 'model.keras') {
      const likeliest = expected.probabilities[0].indexOf(Math.max(...expected.probabilities[0]));
      const found = tf.tidy(() =>
        tf
          .grad((x: tfjs.Tensor) =>
            tf.sum(tf.slice(model.apply(x, { training: false }) as tfjs.Tensor, [0, likeliest], [1, 1])),
          )(first)
          .dataSync<'float32'>(),
      );
      gradient = share(found, floats(join(folder, 'gradient.bin')));
    }
    model.dispose();
  }
  const backbone = await openBackbone(tf, { ...place('model.keras'), imageSize: size });
  const features = tf.tidy(() => {
    const map = backbone.model.predict(first) as tfjs.Tensor;
    return { shape: map.shape.slice(1), values: map.dataSync<'float32'>() };
  });
  const onnx = await compareOnnx(tf, backbone.model, size);
  backbone.model.dispose();
  tf.dispose([images, first]);
  return {
    name,
    parameters: expected.parameters,
    range: [Math.min(...expected.probabilities[0]), Math.max(...expected.probabilities[0])],
    keras: differences[0],
    h5: differences[1],
    gradient,
    backbone: relative(features.values, floats(join(folder, 'features.bin'))),
    features: features.shape,
    onnx,
  };
}

function shown(value: number | string): string {
  return typeof value === 'string' ? value : value.toExponential(1);
}

function table(rows: readonly Row[]): string {
  const heads = [
    'network',
    'parameters',
    'probabilities',
    '.keras',
    '.h5',
    'gradient',
    'backbone',
    'feature map',
    'ONNX',
  ];
  const lines = rows.map((row) => [
    row.name,
    row.parameters.toLocaleString('en-US'),
    row.range.map((end) => end.toPrecision(2)).join(' … '),
    ...[row.keras, row.h5, row.gradient, row.backbone].map(shown),
    row.features.join('×'),
    shown(row.onnx),
  ]);
  const rule = heads.map((_, place) => (place === 0 ? '---' : '--:'));
  return [heads, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: 'python3' },
    size: { type: 'string', default: '160' },
    out: { type: 'string' },
  },
});
const size = Number(values.size);
const run = (...args: string[]): string =>
  execFileSync(values.python, [side, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const names =
  positionals.length > 0 ? positionals : (JSON.parse(run('list').trim().split('\n').at(-1)!) as string[]);
const { tf } = (await loadBackend()).backend;
const rows: Row[] = [];
for (const name of names) {
  const folder = mkdtempSync(join(tmpdir(), 'lenslet-applications-'));
  try {
    run(name, folder, values.size);
    const row = await compare(tf, name, folder, size);
    rows.push(row);
    console.log(table([row]).split('\n').at(-1));
  } catch (error) {
    process.exitCode = 1;
    console.log(`| ${name} | ${error instanceof Error ? (error.stack ?? error.message) : String(error)} |`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.out !== undefined) writeFileSync(`${values.out}.table`, `${table(rows)}\n`);
}
