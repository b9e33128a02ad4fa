/** A network as the programs see it: from preprocessed images to one score per class. */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../contract/shared/errors.ts';
import { Network, type NetworkLayer } from '../network/network.ts';
import type { Tf } from '../base/backend.ts';

/** A classifier around a layers model. All functions are parts of traced programs. */
export interface Classifier {
  readonly model: tfjs.LayersModel;
  /** Number of classes; a single sigmoid output is two classes, index 1 being the positive one. */
  readonly classes: number;
  /**
   * Scores before sigmoid or softmax: `[batch, 1]` for one sigmoid output, else `[batch, classes]`. Losses are
   * computed from them because probabilities of 0 and 1 have no usable logarithm.
   */
  logits(images: tfjs.Tensor, training: boolean): tfjs.Tensor2D;
  /** What a model in use answers. */
  answers(images: tfjs.Tensor): ClassifierAnswers;
}

/** What a classifier makes of a batch. */
export interface ClassifierAnswers {
  /** `[batch, classes]`. */
  readonly probabilities: tfjs.Tensor2D;
  /** As of `Classifier.logits`. */
  readonly logits: tfjs.Tensor2D;
  /** What the last layer makes its scores from, `[batch, n]`; the scores where they are not made by a dense layer. */
  readonly features: tfjs.Tensor2D;
}

/** Layers that keep the meaning of what goes through them. */
const passThrough = new Set([
  'Reshape',
  'Flatten',
  'Dropout',
  'AlphaDropout',
  'GaussianDropout',
  'GaussianNoise',
  'GlobalAveragePooling2D',
]);

/**
 * Sees a layers model as a classifier.
 * @param path the model's file, for messages
 * @throws AppError MODEL_NO_CLASSIFIER when its output is not one score per class
 */
export function toClassifier(tf: Tf, model: tfjs.LayersModel, path = model.name): Classifier {
  const outputs = countOutputs(model, path);
  const network = new Network(model);
  const head = headOf(network);
  if (head === null) {
    const reason = 'it ends without a classifier (a dense layer with softmax or sigmoid)';
    throw new AppError('MODEL_NO_CLASSIFIER', { path, reason });
  }
  const end = endOf(tf, model, head, outputs);
  const ofEach = head.activation === 'sigmoid' && outputs > 1;
  return {
    model,
    classes: outputs === 1 ? 2 : outputs,
    logits: (images, training) => end.scores(end.before(images, training)),
    answers: (images) => {
      const features = end.before(images, false);
      const logits = end.scores(features);
      return { probabilities: ofEach ? tf.sigmoid(logits) : toProbabilities(tf, logits), logits, features };
    },
  };
}

/** Probabilities per class from logits: softmax, or `[1 − p, p]` for one sigmoid output. */
export function toProbabilities(tf: Tf, logits: tfjs.Tensor2D): tfjs.Tensor2D {
  if (logits.shape[1] !== 1) return tf.softmax(logits);
  const positive = tf.sigmoid(logits);
  return tf.concat([tf.sub(1, positive), positive], 1);
}

function countOutputs(model: tfjs.LayersModel, path: string): number {
  const [{ shape }] = model.outputs;
  if (model.outputs.length === 1 && shape.length === 2 && shape[1] !== null) return shape[1];
  const names = model.outputs.map((output) => output.sourceLayer.name).join(', ');
  const reason =
    model.outputs.length === 1
      ? `its output has shape ${shape.slice(1).map(String).join('×')}, not one number per class`
      : `it has ${model.outputs.length} outputs (${names}) where a classifier has one`;
  throw new AppError('MODEL_NO_CLASSIFIER', { path, reason });
}

/** What a classifier's output is, before it becomes probabilities of classes. */
export interface Ending {
  readonly activation: Head['activation'];
  readonly outputs: number;
}

/** Where a network decides. */
export interface Head {
  /** The layer that makes scores or probabilities; it may be inside a nested network. */
  readonly layer: NetworkLayer;
  readonly activation: 'sigmoid' | 'softmax' | 'linear';
}

function activationOf({ layer }: NetworkLayer): unknown {
  return layer.getClassName() === 'Softmax' ? 'softmax' : layer.getConfig().activation;
}

/** Looks from the network's end for the layer that makes its scores or probabilities; null when there is none. */
export function headOf({ layers, last }: Network): Head | null {
  return layers.length === 0 ? null : headAt(last);
}

function headAt(layer: NetworkLayer): Head | null {
  if (isPassedThrough(layer)) return layer.inputs.length === 1 ? headAt(layer.inputs[0]) : null;
  // Several classifiers whose outputs are averaged.
  if (layer.type === 'Average') {
    const [first, ...others] = layer.inputs.map(headAt);
    const alike = others.every((other) => other?.activation === first?.activation);
    return alike && first ? { layer, activation: first.activation } : null;
  }
  const activation = activationOf(layer);
  if (activation === 'sigmoid' || activation === 'softmax' || activation === 'linear') {
    return { layer, activation };
  }
  // Softmax makes the same of scores and of the logarithms of their softmax.
  return activation === 'logSoftmax' ? { layer, activation: 'linear' } : null;
}

function isPassedThrough(layer: NetworkLayer): boolean {
  return passThrough.has(layer.type) || (layer.type === 'Activation' && activationOf(layer) === 'linear');
}

/** Layers whose scores before softmax or sigmoid can be had. */
const opened = new Set(['Dense', 'Activation', 'Softmax']);

/** True when what a head makes is what the network puts out, and its scores can be had from what goes into it. */
export function hasScores({ layer }: Head, outputs: number): boolean {
  const { type, outputShape } = layer;
  return opened.has(type) && outputShape.length === 2 && outputShape[1] === outputs;
}

/** The layer whose output a network's last dense layer reads: its features. Null where no dense layer decides. */
export function featureLayerOf(network: Network): NetworkLayer | null {
  const head = headOf(network);
  const isDense = head !== null && head.layer.type === 'Dense' && head.activation !== 'linear';
  return isDense && head.layer.inputs.length === 1 ? head.layer.inputs[0] : null;
}

/** The scores of a head that `hasScores`, from what goes into it. */
export function scoresFrom(tf: Tf, { layer }: Head, input: tfjs.Tensor2D): tfjs.Tensor2D {
  return layer.type === 'Dense' ? applyLinear(tf, layer.layer, input) : input;
}

/** The two steps from images to scores. */
interface End {
  before(images: tfjs.Tensor, training: boolean): tfjs.Tensor2D;
  scores(features: tfjs.Tensor2D): tfjs.Tensor2D;
}

function endOf(tf: Tf, model: tfjs.LayersModel, head: Head, outputs: number): End {
  const apply = (images: tfjs.Tensor, training: boolean): tfjs.Tensor2D =>
    model.apply(images, { training }) as tfjs.Tensor2D;
  if (head.activation === 'linear') return { before: apply, scores: (logits) => logits };
  if (!hasScores(head, outputs)) {
    // Probabilities of places that were averaged afterwards: what is left of the scores is their logarithm.
    return { before: apply, scores: (averages) => logitsOfProbabilities(tf, averages) };
  }
  const before = partsBefore(tf, model, head.layer);
  return {
    before: (images, training) =>
      before.reduce<tfjs.Tensor>(
        (values, part) => part.apply(values, { training }) as tfjs.Tensor,
        images,
      ) as tfjs.Tensor2D,
    scores: (features) => scoresFrom(tf, head, features),
  };
}

/** True for a network whose last layer makes scores that softmax, or sigmoid of one score, turns into probabilities. */
export function canScale(head: Head, outputs: number): boolean {
  const { activation, layer } = head;
  const isDistribution = activation === 'softmax' || (activation === 'sigmoid' && outputs === 1);
  return isDistribution && layer.type === 'Dense' && hasScores(head, outputs);
}

/** Divides the scores of a network by a number, inside its last layer. @param head one that `canScale` */
export function scaleHead(tf: Tf, { layer }: Head, temperature: number): void {
  const scaled = tf.tidy(() => layer.layer.getWeights().map((weight) => tf.div(weight, temperature)));
  layer.layer.setWeights(scaled);
  tf.dispose(scaled);
}

/** What comes before a layer: part of the model, then of each nested network on the way to the layer. */
function partsBefore(
  tf: Tf,
  model: tfjs.LayersModel,
  { openings, output }: NetworkLayer,
): tfjs.LayersModel[] {
  const models = [model, ...openings.map((opening) => opening.model)];
  const ends = openings.map((opening) => opening.model.inboundNodes[opening.call].inputTensors);
  ends.push(output.sourceLayer.inboundNodes[output.nodeIndex].inputTensors);
  return models.map(({ inputs }, place) => tf.model({ inputs, outputs: ends[place] }));
}

/** A dense layer without its activation: the scores before sigmoid or softmax. */
export function applyLinear(tf: Tf, dense: tfjs.layers.Layer, features: tfjs.Tensor2D): tfjs.Tensor2D {
  const [kernel, bias] = dense.weights.map((weight) => weight.read());
  const product = tf.matMul<tfjs.Tensor2D>(features, kernel);
  return bias === undefined ? product : tf.add<tfjs.Tensor2D>(product, bias);
}

/** Keras' epsilon for probabilities. */
const epsilon = 1e-7;

/** The scores that softmax, or sigmoid of one number, makes given probabilities of. */
export function logitsOfProbabilities(tf: Tf, outputs: tfjs.Tensor2D): tfjs.Tensor2D {
  const clipped = tf.clipByValue(outputs, epsilon, 1 - epsilon);
  const logs = tf.log(clipped);
  return outputs.shape[1] === 1 ? tf.sub(logs, tf.log(tf.sub(1, clipped))) : logs;
}
