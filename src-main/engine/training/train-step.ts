/** One training step: what is fed, what is computed, what comes out. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Augmenter } from '../augmentation/augmenter.ts';
import { type Random, permutation, stream, streamSeed } from '../../core/random/random.ts';
import type { Backend, ProgramSet, ProgramSpec, Tf } from '../base/backend.ts';
import type { Batch } from '../step/batches.ts';
import { withRealStatistics } from '../step/batch-statistics.ts';
import { dropoutLayersOf, withDropoutSeed } from '../step/dropout.ts';
import { type Targets, crossEntropyOf, mixTargets, predictedClasses, targetsFor } from '../step/losses.ts';
import { drawBeta } from '../step/mixup.ts';
import type { Optimizer } from '../optimizers/index.ts';
import { type ProgramOptions, batchTensors, emptyBatch, networkInput, recordsOf } from '../step/programs.ts';

/** How a step trains, beyond the network. */
export interface TrainStepOptions extends ProgramOptions {
  readonly optimizer: Optimizer;
  /** The weights that change. */
  readonly variables: readonly tfjs.Variable[];
  /** Per slot name of the optimizer, one variable per weight. */
  readonly slots: readonly (readonly tfjs.Variable[])[];
  /** Everything random in a step is drawn from it and the step's number. */
  readonly seed: number;
  readonly augmenter?: Augmenter | null;
  /** How much an image of each class counts; null: all the same. */
  readonly classWeights?: readonly number[] | null;
  readonly labelSmoothing?: number;
  /** Strength α of mixing pairs; 0: off. */
  readonly mixup?: number;
  /** True when some batches hold fewer images than `batchSize`, the rest being padding. */
  readonly isPadded?: boolean;
}

/** A training step, ready to be prepared and fed. */
export interface TrainStep {
  /**
   * → `[summed loss, number of right answers]`, both over the images of weight 1. The gradient is that of their mean
   * loss, so a padded batch trains like a smaller one.
   */
  readonly spec: ProgramSpec;
  /** What one step is fed. The caller disposes of it. */
  inputs(batch: Batch, at: StepPlace): tfjs.Tensor[];
}

/** Where in a training a step is. */
export interface StepPlace {
  readonly learningRate: number;
  /** Counted from 0 through the whole run: names the random draws. */
  readonly step: number;
  /** Counted from 1 since the optimizer began. */
  readonly update: number;
}

/** The results of a step, over the images of weight 1. */
export interface StepResult {
  readonly lossSum: number;
  readonly right: number;
}

/** Runs one training step: the weights and slots change. Waits for it to end. */
export function runTrainStep(
  { tf }: Pick<Backend, 'tf'>,
  programs: Pick<ProgramSet<'train'>, 'run'>,
  step: TrainStep,
  batch: Batch,
  at: StepPlace,
): StepResult {
  const inputs = step.inputs(batch, at);
  const outputs = programs.run('train', inputs);
  const lossSum = outputs[0].dataSync()[0];
  const right = outputs[1].dataSync()[0];
  tf.dispose([...inputs, ...outputs]);
  return { lossSum, right };
}

/** Makes the training step of a classifier. The caller disposes of `spec.exampleInputs`. */
export function createTrainStep(options: TrainStepOptions): TrainStep {
  const inputs = (batch: Batch, at: StepPlace): tfjs.Tensor[] => stepInputs(options, batch, at);
  const program = (fed: tfjs.Tensor[]): tfjs.Tensor[] => trainOnce(options, fed);
  const exampleInputs = inputs(emptyBatch(options), { learningRate: 0, step: 0, update: 1 });
  return { spec: { program, exampleInputs }, inputs };
}

/** Images, labels, weights, learning rate, update; then what is switched on: dropout seed, mixing, augmentation. */
function stepInputs(
  options: TrainStepOptions,
  batch: Batch,
  { learningRate, step, update }: StepPlace,
): tfjs.Tensor[] {
  const { backend, seed, batchSize, augmenter, mixup = 0, classifier } = options;
  const { tf } = backend;
  const inputs: tfjs.Tensor[] = batchTensors(backend, batch, recordsOf(options));
  inputs.push(tf.scalar(learningRate), tf.scalar(update));
  if (dropoutLayersOf(classifier.model).length > 0) {
    inputs.push(tf.tensor1d([streamSeed(seed, 'dropout') | 0, step], 'int32'));
  }
  if (mixup > 0) inputs.push(...mixingInputs(tf, batch, mixup, stream(seed, 'mixup', step)));
  if (augmenter && !augmenter.isIdentity) {
    const size = options.imageShape[0];
    const keys = Int32Array.from({ length: batchSize }, (_, place) => step * batchSize + place);
    const drawn = augmenter.draw(seed, keys, size);
    const shapes = augmenter.inputs(batchSize, size);
    inputs.push(...drawn.map((values, index) => tf.tensor(values, shapes[index].shape, 'float32')));
  }
  return inputs;
}

/** The matrix that mixes a batch: each row holds an image's own share and that of its partner. Padding stays as it is. */
function mixingInputs(tf: Tf, { labels, count }: Batch, alpha: number, random: Random): tfjs.Tensor[] {
  const size = labels.length;
  const partners = permutation(count, random);
  const drawn = drawBeta(alpha, random);
  // The larger share is the image's own: its label is the right answer.
  const share = Math.max(drawn, 1 - drawn);
  const matrix = new Float32Array(size * size);
  for (let place = 0; place < size; place++) {
    matrix[place * size + place] = share;
    matrix[place * size + (place < count ? partners[place] : place)] += 1 - share;
  }
  return [tf.tensor2d(matrix, [size, size])];
}

function trainOnce(options: TrainStepOptions, fed: tfjs.Tensor[]): tfjs.Tensor[] {
  const { backend, classifier, optimizer, variables, slots, augmenter, mixup = 0 } = options;
  const { tf } = backend;
  const rest = [...fed];
  const next = <T extends tfjs.Tensor>(): T => rest.shift() as T;
  const [records, labels, weights] = [next(), next<tfjs.Tensor1D>(), next<tfjs.Tensor1D>()];
  const scalars = { learningRate: next<tfjs.Scalar>(), step: next<tfjs.Scalar>() };
  const dropoutSeed = dropoutLayersOf(classifier.model).length > 0 ? next<tfjs.Tensor1D>() : null;
  const mixing = mixup > 0 ? next<tfjs.Tensor2D>() : null;
  const augmented =
    augmenter && !augmenter.isIdentity
      ? augmenter.apply(backend, tf.cast(records as tfjs.Tensor4D, 'float32'), rest)
      : records;
  const prepared = networkInput(options, augmented);
  const images = mixing === null ? prepared : mixImages(tf, prepared, mixing);
  const count = tf.sum(weights);
  let right: tfjs.Scalar | null = null;
  const { value, grads } = tf.variableGrads(() => {
    const plain = (): tfjs.Tensor2D => classifier.logits(images, true);
    const forward = options.isPadded
      ? (): tfjs.Tensor2D => withRealStatistics(tf, classifier.model, weights, plain)
      : plain;
    const logits =
      dropoutSeed === null ? forward() : withDropoutSeed(backend, classifier.model, dropoutSeed, forward);
    const losses = crossEntropyOf(tf, logits, targets(options, labels, logits, mixing));
    // Kept beyond the gradient's own scope; the caller of the program disposes of it with the other outputs.
    right = tf.keep(rightAnswers(tf, logits, labels, weights));
    return tf.div(tf.sum(tf.mul(losses, imageWeights(options, labels, weights))), count);
  }, variables as tfjs.Variable[]);
  const gradients = variables.map((variable) => grads[variable.name]);
  optimizer.update(backend, variables, slots, gradients, scalars);
  return [tf.mul(value, count), right!];
}

function mixImages(tf: Tf, images: tfjs.Tensor, mixing: tfjs.Tensor2D): tfjs.Tensor {
  const [batch] = images.shape;
  return tf.reshape(tf.matMul(mixing, tf.reshape(images, [batch, images.size / batch])), images.shape);
}

function targets(
  { backend: { tf }, labelSmoothing = 0 }: TrainStepOptions,
  labels: tfjs.Tensor1D,
  logits: tfjs.Tensor2D,
  mixing: tfjs.Tensor2D | null,
): Targets {
  const own = targetsFor(tf, labels, logits.shape[1], labelSmoothing);
  return mixing === null ? own : mixTargets(tf, own, mixing);
}

/** Weight of each image in the loss: 0 for padding, that of its class otherwise. */
function imageWeights(
  { backend: { tf }, classWeights }: TrainStepOptions,
  labels: tfjs.Tensor1D,
  weights: tfjs.Tensor1D,
): tfjs.Tensor1D {
  if (!classWeights) return weights;
  // Not `tf.gather`, which reads its indices while it is traced.
  const own = tf.cast(tf.oneHot(labels, classWeights.length), 'float32');
  return tf.mul(weights, tf.sum(tf.mul(own, tf.tensor1d([...classWeights])), 1));
}

function rightAnswers(
  tf: Tf,
  logits: tfjs.Tensor2D,
  labels: tfjs.Tensor1D,
  weights: tfjs.Tensor1D,
): tfjs.Scalar {
  const right = tf.cast(tf.equal(predictedClasses(tf, logits), labels), 'float32');
  return tf.sum(tf.mul(right, weights));
}
