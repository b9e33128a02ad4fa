/** Works of the engine alone: a training step, and a pass through a pretrained network's layers. */
import { readFileSync } from 'node:fs';
import { findBackbone } from '../../../src-main/registries/backbones/index.ts';
import { createTensorflowCandidate } from '../../../src-main/backends/tensorflow.ts';
import { createTensorflowGpuCandidate } from '../../../src-main/backends/tensorflow-gpu.ts';
import { createRandom } from '../../../src-main/core/random/random.ts';
import type { Backend } from '../../../src-main/engine/base/backend.ts';
import { toClassifier } from '../../../src-main/engine/step/classifier.ts';
import { buildTopology } from '../../../src-main/engine/network/model-source.ts';
import { createSlots, optimizers } from '../../../src-main/engine/optimizers/index.ts';
import { pixelTensor, trainableVariables } from '../../../src-main/engine/step/programs.ts';
import { preprocess } from '../../../src-main/engine/step/preprocessing.ts';
import { createTrainStep } from '../../../src-main/engine/training/train-step.ts';
import { findRecipe } from '../../../src-main/registries/recipes/index.ts';
import type { Work } from '../support/side.ts';
import type { Prepared } from './lenslet-side.ts';

function loadBackend(): Promise<Backend> {
  const wanted =
    process.env.LENSLET_ENGINE === 'tensorflow-gpu'
      ? createTensorflowGpuCandidate()
      : createTensorflowCandidate();
  return wanted.load();
}

function noise(length: number): Uint8Array {
  const random = createRandom(1);
  return Uint8Array.from({ length }, () => random.integer(256));
}

function timed(times: number, work: () => void): number[] {
  return Array.from({ length: times }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
}

/** The most memory this process has had, in megabytes. */
function peakMegabytes(): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** One training step of a recipe, batch fed and loss read, as the training loop does it. */
export async function trainingStep({ recipe: id, batch }: Work): Promise<Prepared> {
  const backend = await loadBackend();
  const recipe = findRecipe(id as string);
  const { imageSize, channels, learningRate } = recipe.defaults;
  const batchSize = Number(batch);
  const imageShape = [imageSize, imageSize, channels] as const;
  const begun = performance.now();
  const model = recipe.build(backend.tf, { inputShape: imageShape, classes: 2, seed: 1 });
  const built = performance.now();
  const optimizer = optimizers[recipe.defaults.optimizer];
  const variables = trainableVariables(model);
  const slots = createSlots(backend, optimizer, variables);
  const classifier = toClassifier(backend.tf, model);
  const shared = {
    backend,
    classifier,
    preprocessing: recipe.preprocessing ?? '0-1',
    imageShape,
    batchSize,
  } as const;
  const step = createTrainStep({ ...shared, optimizer, variables, slots, seed: 1 });
  const set = backend.prepare({ train: step.spec });
  if (set.mode !== 'graph') throw new Error(`not compiled: ${set.whyEager}`);
  const prepared = performance.now();
  const images = noise(batchSize * imageSize * imageSize * channels);
  const labels = Int32Array.from({ length: batchSize }, (_, index) => index % 2);
  const weights = new Float32Array(batchSize).fill(1);
  const run = (): void => {
    const given = { images: images.slice(), labels, weights, count: batchSize };
    const inputs = step.inputs(given, { learningRate, step: 0, update: 1 });
    const outputs = set.run('train', inputs);
    outputs[0].dataSync();
    backend.tf.dispose([inputs, outputs]);
  };
  run();
  const facts = {
    version: backend.version,
    device: backend.device,
    buildMilliseconds: built - begun,
    prepareMilliseconds: prepared - built,
    firstStepMilliseconds: performance.now() - prepared,
    peakMegabytes: 0,
  };
  timed(2, run);
  return {
    facts,
    run: (times) => {
      const values = timed(times, run);
      facts.peakMegabytes = process.platform === 'linux' ? peakMegabytes() : 0;
      return values;
    },
  };
}

/** A batch of pixels through a network without its classifier; weights are random. */
export async function networkForward({ network, size, batch }: Work): Promise<Prepared> {
  const backend = await loadBackend();
  const { tf } = backend;
  const known = findBackbone(network === 'mobilenet_v2' ? 'mobilenet-v2' : (network as string));
  const shape = [Number(size), Number(size), 3] as const;
  const topology = known.network({ inputShape: shape });
  const model = await buildTopology(tf, { format: 'tfjs', topology }, known.id);
  tf.tidy(() =>
    model.setWeights(model.getWeights().map((weight) => tf.randomNormal(weight.shape, 0.01, 0.02))),
  );
  const pixels = noise(Number(batch) * shape[0] * shape[1] * 3);
  const example = pixelTensor(backend, pixels, Number(batch), shape);
  const set = backend.prepare({
    forward: {
      program: ([images]) => [model.predict(preprocess(tf, images, known.preprocessing)) as never],
      exampleInputs: [example],
    },
  });
  if (set.mode !== 'graph') throw new Error(`not compiled: ${set.whyEager}`);
  const run = (): void => {
    const inputs = [pixelTensor(backend, pixels.slice(), Number(batch), shape)];
    const outputs = set.run('forward', inputs);
    outputs[0].dataSync();
    tf.dispose([inputs, outputs]);
  };
  timed(2, run);
  return { run: (times) => timed(times, run), facts: { version: backend.version } };
}
