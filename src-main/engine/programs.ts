/** The programs of a classifier: what is traced once and then run for every batch. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Preprocessing } from '../contract/engine-process.ts';
import type { Backend, ProgramSpec, Tf } from './backend.ts';
import type { Batch } from './batches.ts';
import type { Classifier } from './classifier.ts';
import { crossEntropy, predictedClasses } from './losses.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { preprocess } from './preprocessing.ts';

/** Height, width and channels of one image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** What all programs of a classifier share. */
export interface ProgramOptions {
  readonly backend: Backend;
  readonly classifier: Classifier;
  readonly preprocessing: Preprocessing;
  readonly imageShape: ImageShape;
  readonly batchSize: number;
}

/** The weights a training step changes, as variables. */
export function trainableVariables(model: tfjs.LayersModel): tfjs.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tfjs.Variable);
}

/**
 * A batch of pixels as a tensor: bytes where the backend has them (tfjs does not), else int32. They become float
 * inside the program.
 * @param pixels uint8, `batchSize * height * width * channels` of them; not to be changed while the tensor lives
 */
export function pixelTensor(
  backend: Backend,
  pixels: Uint8Array,
  batchSize: number,
  shape: ImageShape,
): tfjs.Tensor {
  const whole = [batchSize, ...shape];
  return backend.bytes?.(pixels, whole) ?? backend.tf.tensor(new Int32Array(pixels), whole, 'int32');
}

/** Inputs of the `evaluate` program, and the first three of `train`. The caller disposes of them. */
export function batchTensors(backend: Backend, batch: Batch, shape: ImageShape): tfjs.Tensor[] {
  const { tf } = backend;
  const size = batch.labels.length;
  return [
    pixelTensor(backend, batch.images, size, shape),
    tf.tensor1d(batch.labels, 'int32'),
    tf.tensor1d(batch.weights, 'float32'),
  ];
}

function emptyBatch(batchSize: number, shape: ImageShape): Batch {
  return {
    images: new Uint8Array(batchSize * shape[0] * shape[1] * shape[2]),
    labels: new Int32Array(batchSize),
    weights: new Float32Array(batchSize).fill(1),
    count: batchSize,
  };
}

/**
 * One training step: `[images, labels, weights, learningRate]` → `[summed loss, number of right answers]`, both over
 * the images of weight 1. The gradient is that of their mean loss, so a padded batch trains like a smaller one.
 */
export function trainProgram(
  options: ProgramOptions,
  optimizer: Optimizer,
  slots: readonly (readonly tfjs.Variable[])[],
): ProgramSpec {
  const { backend, classifier, preprocessing, imageShape, batchSize } = options;
  const { tf } = backend;
  const variables = trainableVariables(classifier.model);
  const program = (inputs: tfjs.Tensor[]): tfjs.Tensor[] => {
    const [pixels, labels, weights, learningRate] = inputs as [
      tfjs.Tensor4D,
      tfjs.Tensor1D,
      tfjs.Tensor1D,
      tfjs.Scalar,
    ];
    const images = preprocess(tf, pixels, preprocessing);
    const count = tf.sum(weights);
    let right: tfjs.Scalar | null = null;
    const { value, grads } = tf.variableGrads(() => {
      const logits = classifier.logits(images, true);
      const losses = crossEntropy(tf, logits, labels);
      // Kept beyond the gradient's own scope; the caller of the program disposes of it with the other outputs.
      right = tf.keep(rightAnswers(tf, logits, labels, weights));
      return tf.div(tf.sum(tf.mul(losses, weights)), count);
    }, variables);
    optimizer.update(
      backend,
      variables,
      slots,
      variables.map((variable) => grads[variable.name]),
      learningRate,
    );
    return [tf.mul(value, count), right!];
  };
  const exampleInputs = [
    ...batchTensors(backend, emptyBatch(batchSize, imageShape), imageShape),
    tf.scalar(0),
  ];
  return { program, exampleInputs };
}

/**
 * Measures a batch: `[images, labels, weights]` → `[summed loss over the images of weight 1, predicted class of every
 * place]`.
 */
export function evaluateProgram(options: ProgramOptions): ProgramSpec {
  const { backend, classifier, preprocessing, imageShape, batchSize } = options;
  const { tf } = backend;
  const program = (inputs: tfjs.Tensor[]): tfjs.Tensor[] => {
    const [pixels, labels, weights] = inputs as [tfjs.Tensor4D, tfjs.Tensor1D, tfjs.Tensor1D];
    const logits = classifier.logits(preprocess(tf, pixels, preprocessing), false);
    const losses = crossEntropy(tf, logits, labels);
    return [tf.sum(tf.mul(losses, weights)), predictedClasses(tf, logits)];
  };
  return { program, exampleInputs: batchTensors(backend, emptyBatch(batchSize, imageShape), imageShape) };
}

/** Predicts a batch: `[images]` → `[probabilities of shape [batch, classes]]`. */
export function predictProgram(options: ProgramOptions): ProgramSpec {
  const { backend, classifier, preprocessing, imageShape, batchSize } = options;
  const { tf } = backend;
  const program = ([pixels]: tfjs.Tensor[]): tfjs.Tensor[] => [
    classifier.probabilities(preprocess(tf, pixels, preprocessing)),
  ];
  const pixels = emptyBatch(batchSize, imageShape).images;
  return { program, exampleInputs: [pixelTensor(backend, pixels, batchSize, imageShape)] };
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
