/** What the programs of a classifier have in common, and the two that only look: measuring and predicting. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import type { Backend, ProgramSpec } from '../base/backend.ts';
import type { Batch } from './batches.ts';
import type { Classifier } from './classifier.ts';
import { crossEntropy, predictedClasses, predictedProbabilities } from './losses.ts';
import { preprocess } from './preprocessing.ts';
import type { RecordReader } from '../../core/files/records.ts';

/** Height, width and channels of one image. */
export type ImageShape = readonly number[];

/** What all programs of a classifier share. */
export interface ProgramOptions {
  readonly backend: Backend;
  readonly classifier: Classifier;
  readonly preprocessing: Preprocessing;
  /** Shape of one image, or of one image's features. */
  readonly imageShape: ImageShape;
  /** `float32`: features, which are not preprocessed. Default: pixels. */
  readonly inputType?: RecordReader['type'];
  readonly batchSize: number;
  /** What the model's scores were divided by when it was opened; losses are computed without it. Default: 1. */
  readonly temperature?: number;
}

/** The weights of a model that training may change, as variables. */
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

/** A batch of records as a tensor. The caller disposes of it. */
export function recordTensor(
  backend: Backend,
  records: Uint8Array,
  batchSize: number,
  { shape, type }: Pick<RecordReader, 'shape' | 'type'>,
): tfjs.Tensor {
  if (type === 'uint8') return pixelTensor(backend, records, batchSize, shape);
  const values = new Float32Array(records.buffer, records.byteOffset, records.byteLength / 4);
  return backend.tf.tensor(values, [batchSize, ...shape], 'float32');
}

/** Inputs of the `evaluate` program, and the first three of a training step. The caller disposes of them. */
export function batchTensors(
  backend: Backend,
  batch: Batch,
  records: Pick<RecordReader, 'shape' | 'type'>,
): tfjs.Tensor[] {
  const { tf } = backend;
  return [
    recordTensor(backend, batch.images, batch.labels.length, records),
    tf.tensor1d(batch.labels, 'int32'),
    tf.tensor1d(batch.weights, 'float32'),
  ];
}

/** What the programs are fed, by shape and type. */
export function recordsOf({ imageShape, inputType }: ProgramOptions): Pick<RecordReader, 'shape' | 'type'> {
  return { shape: imageShape, type: inputType ?? 'uint8' };
}

/** A batch of nothing, to trace programs with. */
export function emptyBatch(options: ProgramOptions): Batch {
  const { shape, type } = recordsOf(options);
  const { batchSize } = options;
  const bytes = shape.reduce((product, side) => product * side, batchSize * (type === 'uint8' ? 1 : 4));
  return {
    images: new Uint8Array(bytes),
    labels: new Int32Array(batchSize),
    weights: new Float32Array(batchSize).fill(1),
    count: batchSize,
  };
}

/** What the network is given: preprocessed pixels, or features as they are. Part of a traced program. */
export function networkInput(
  { backend, preprocessing, inputType }: ProgramOptions,
  records: tfjs.Tensor,
): tfjs.Tensor {
  return inputType === 'float32' ? records : preprocess(backend.tf, records, preprocessing);
}

/**
 * Measures a batch: `[images, labels, weights]` → `[summed loss over the images of weight 1, predicted class of every
 * place, its probability, scores as the network was trained]`.
 */
export function evaluateProgram(options: ProgramOptions): ProgramSpec {
  const { backend, classifier } = options;
  const { tf } = backend;
  const program = (inputs: tfjs.Tensor[]): tfjs.Tensor[] => {
    const [records, labels, weights] = inputs as [tfjs.Tensor, tfjs.Tensor1D, tfjs.Tensor1D];
    const logits = classifier.logits(networkInput(options, records), false);
    const trained = asTrained(options, logits);
    return [
      tf.sum(tf.mul(crossEntropy(tf, trained, labels), weights)),
      predictedClasses(tf, logits),
      predictedProbabilities(tf, logits),
      trained,
    ];
  };
  return { program, exampleInputs: batchTensors(backend, emptyBatch(options), recordsOf(options)) };
}

/** Scores as they were before a temperature. */
function asTrained({ backend, temperature = 1 }: ProgramOptions, logits: tfjs.Tensor2D): tfjs.Tensor2D {
  const { tf } = backend;
  return temperature === 1 ? tf.clone(logits) : tf.mul(logits, temperature);
}

/**
 * Predicts a batch: `[images or features]` → `[probabilities of shape [batch, classes], scores as the network was
 * trained, features of the last layer]`.
 */
export function predictProgram(options: ProgramOptions): ProgramSpec {
  const { backend, classifier, batchSize } = options;
  const program = ([records]: tfjs.Tensor[]): tfjs.Tensor[] => {
    const { probabilities, logits, features } = classifier.answers(networkInput(options, records));
    const isMap = features.rank > 2;
    return [
      probabilities,
      asTrained(options, logits),
      isMap ? backend.tf.reshape(features, [batchSize, -1]) : backend.tf.clone(features),
    ];
  };
  return {
    program,
    exampleInputs: [recordTensor(backend, emptyBatch(options).images, batchSize, recordsOf(options))],
  };
}
