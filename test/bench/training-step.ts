/**
 * Milliseconds per training step of a recipe: run operation by operation, as a graph, and as a graph with native
 * optimizer steps. The three take turns, so that other load on the machine falls on all of them.
 *
 *   node test/bench/training-step.ts [--recipe scratch] [--batch 20] [--size 150] [--classes 2] [--steps 20]
 *                                    [--only eager|graph|fused] [--json]
 */
import { parseArgs } from 'node:util';
import { createTensorflowCandidate } from '../../src-main/backends/tensorflow.ts';
import type { Backend } from '../../src-main/engine/base/backend.ts';
import { toClassifier } from '../../src-main/engine/step/classifier.ts';
import { prepareEagerly } from '../../src-main/engine/base/eager-programs.ts';
import { createSlots, optimizers } from '../../src-main/engine/optimizers/index.ts';
import { trainableVariables } from '../../src-main/engine/step/programs.ts';
import { createTrainStep } from '../../src-main/engine/training/train-step.ts';
import { findRecipe } from '../../src-main/registries/recipes/index.ts';

const { values: options } = parseArgs({
  options: {
    recipe: { type: 'string', default: 'scratch' },
    batch: { type: 'string' },
    size: { type: 'string' },
    classes: { type: 'string', default: '2' },
    steps: { type: 'string', default: '20' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const recipe = findRecipe(options.recipe);
const batchSize = Number(options.batch ?? recipe.defaults.batchSize);
const size = Number(options.size ?? recipe.defaults.imageSize);
const classes = Number(options.classes);
const steps = Number(options.steps);
const imageShape = [size, size, recipe.defaults.channels] as const;

const loaded = await createTensorflowCandidate().load();
const { tf } = loaded;
const unfused: Backend = { ...loaded, fuseUpdate: undefined };
const eager: Backend = { ...unfused, prepare: (programs) => prepareEagerly(tf, programs, 'for comparison') };

/** One way to run the recipe's training step; `pixels` are copied, as each step of a real run brings its own. */
function createRunner(backend: Backend) {
  const model = recipe.build(tf, { inputShape: imageShape, classes, seed: 1 });
  const classifier = toClassifier(tf, model);
  const optimizer = optimizers[recipe.defaults.optimizer];
  const variables = trainableVariables(model);
  const slots = createSlots(backend, optimizer, variables);
  const preprocessing = recipe.preprocessing ?? '0-1';
  const shared = { backend, classifier, preprocessing, imageShape, batchSize };
  const start = performance.now();
  const trainStep = createTrainStep({ ...shared, optimizer, variables, slots, seed: 1 });
  const set = backend.prepare({ train: trainStep.spec });
  if (set.mode === 'eager' && backend !== eager) throw new Error(`Not compiled: ${set.whyEager}`);
  const prepared = performance.now() - start;
  const step = (pixels: Uint8Array, labels: Int32Array): number => {
    const batch = {
      images: pixels.slice(),
      labels,
      weights: new Float32Array(batchSize).fill(1),
      count: batchSize,
    };
    const { learningRate } = recipe.defaults;
    const inputs = trainStep.inputs(batch, { learningRate, step: 0, update: 1 });
    const outputs = set.run('train', inputs);
    const [loss] = outputs[0].dataSync();
    tf.dispose([inputs, outputs]);
    return loss;
  };
  return { step, prepared };
}

const backends: Record<string, Backend> = { eager, graph: unfused, fused: loaded };
const names = options.only ? [options.only] : Object.keys(backends);
const runners = names.map((name) => ({
  name,
  ...createRunner(backends[name]),
  times: [] as number[],
  losses: [] as number[],
}));
const pixels = Uint8Array.from(
  { length: batchSize * size * size * imageShape[2] },
  (_pixel, i) => (i * 31 + ((i * i) % 97)) % 256,
);
const labels = Int32Array.from({ length: batchSize }, (_label, index) => index % classes);

for (let round = 0; round < steps + 3; round++) {
  for (const { step, times, losses } of runners) {
    const start = performance.now();
    losses.push(step(pixels, labels) / batchSize);
    if (round >= 3) times.push(performance.now() - start);
  }
}

const quantile = (times: number[], part: number) =>
  [...times].sort((a, b) => a - b)[Math.floor(part * (steps - 1))];
const results = runners.map(({ name, prepared, times, losses }) => ({
  name,
  median: quantile(times, 0.5),
  fastest: quantile(times, 0),
  ratioToFirst: quantile(runners[0].times, 0.5) / quantile(times, 0.5),
  prepareMs: prepared,
  losses,
}));
if (options.json)
  console.log(JSON.stringify({ recipe: recipe.id, batchSize, size, classes, steps, results }));
else {
  console.log(
    `${recipe.id}, batch ${batchSize} of ${imageShape.join('×')}, TensorFlow ${loaded.version}, ${steps} steps`,
  );
  for (const { name, median, fastest, ratioToFirst, prepareMs } of results) {
    const numbers = `${median.toFixed(1)} ms (fastest ${fastest.toFixed(1)}), ${ratioToFirst.toFixed(2)}× ${names[0]}`;
    console.log(`${name.padEnd(6)} ${numbers}, prepared in ${prepareMs.toFixed(0)} ms`);
  }
}
