/** A network as the programs see it: from preprocessed images to one score per class. */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../contract/errors.ts';
import type { Tf } from './backend.ts';

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
  /** `[batch, classes]`. */
  probabilities(images: tfjs.Tensor): tfjs.Tensor2D;
}

/** Layers that keep the meaning of what goes through them. */
const passThrough = new Set(['Reshape', 'Flatten', 'Dropout', 'GlobalAveragePooling2D']);

/**
 * Sees a layers model as a classifier.
 * @param path the model's file, for messages
 * @throws AppError MODEL_NO_CLASSIFIER when its output is not one score per class
 */
export function toClassifier(tf: Tf, model: tfjs.LayersModel, path = model.name): Classifier {
  const outputs = countOutputs(model, path);
  const head = findHead(model, path);
  const logits = logitsOf(tf, model, head);
  return {
    model,
    classes: outputs === 1 ? 2 : outputs,
    logits,
    probabilities: (images) => {
      if (head.activation === 'sigmoid' && outputs > 1) return tf.sigmoid(logits(images, false));
      return toProbabilities(tf, logits(images, false));
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
  const shape = model.outputs[0].shape;
  if (model.outputs.length === 1 && shape.length === 2 && shape[1] !== null) return shape[1];
  const reason = `its output has shape ${shape.slice(1).map(String).join('×')}, not one number per class`;
  throw new AppError('MODEL_NO_CLASSIFIER', { path, reason });
}

interface Head {
  /** The layer that makes scores or probabilities. */
  readonly layer: tfjs.layers.Layer;
  readonly activation: 'sigmoid' | 'softmax' | 'linear';
}

function findHead(model: tfjs.LayersModel, path: string): Head {
  for (let place = model.layers.length - 1; place >= 0; place--) {
    const layer = model.layers[place];
    const type = layer.getClassName();
    if (passThrough.has(type)) continue;
    const activation = type === 'Softmax' ? 'softmax' : layer.getConfig().activation;
    if (activation === 'sigmoid' || activation === 'softmax' || activation === 'linear') {
      return { layer, activation };
    }
    break;
  }
  const reason = 'it ends without a classifier (a dense layer with softmax or sigmoid)';
  throw new AppError('MODEL_NO_CLASSIFIER', { path, reason });
}

function logitsOf(tf: Tf, model: tfjs.LayersModel, { layer, activation }: Head): Classifier['logits'] {
  const apply = (images: tfjs.Tensor, training: boolean): tfjs.Tensor2D =>
    model.apply(images, { training }) as tfjs.Tensor2D;
  if (activation === 'linear') return apply;
  if (layer !== model.layers[model.layers.length - 1]) {
    // Probabilities that were reshaped afterwards: what is left of the scores is their logarithm.
    return (images, training) => logitsOfProbabilities(tf, apply(images, training));
  }
  const before = tf.model({ inputs: model.inputs, outputs: layer.input });
  const isDense = layer.getClassName() === 'Dense';
  return (images, training) => {
    const features = before.apply(images, { training }) as tfjs.Tensor2D;
    return isDense ? applyLinear(tf, layer, features) : features;
  };
}

/** A dense layer without its activation: the scores before sigmoid or softmax. */
export function applyLinear(tf: Tf, dense: tfjs.layers.Layer, features: tfjs.Tensor2D): tfjs.Tensor2D {
  const [kernel, bias] = dense.weights.map((weight) => weight.read());
  const product = tf.matMul<tfjs.Tensor2D>(features, kernel);
  return bias === undefined ? product : tf.add<tfjs.Tensor2D>(product, bias);
}

/** Keras' epsilon for probabilities. */
const epsilon = 1e-7;

function logitsOfProbabilities(tf: Tf, outputs: tfjs.Tensor2D): tfjs.Tensor2D {
  const clipped = tf.clipByValue(outputs, epsilon, 1 - epsilon);
  const logs = tf.log(clipped);
  return outputs.shape[1] === 1 ? tf.sub(logs, tf.log(tf.sub(1, clipped))) : logs;
}
