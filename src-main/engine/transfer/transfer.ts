/**
 * Networks on top of a pretrained one: a backbone as the first layer, a head of a few layers after it, as Keras'
 * `conv_base` inside a Sequential model. The backbone always runs as in use, never as in training: its batch
 * normalisation keeps the averages it came with, frozen or not.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../contract/shared/errors.ts';
import { streamSeed } from '../../core/random/random.ts';
import type { Tf } from '../base/backend.ts';
import { type Classifier, applyLinear, toProbabilities } from '../step/classifier.ts';

/** What the head looks like. */
export interface HeadOptions {
  readonly classes: number;
  readonly pooling: 'flatten' | 'average';
  /** Units of the dense layer; 0: the head is one layer. */
  readonly headUnits: number;
  readonly dropout: number;
  readonly seed: number;
}

/** A transfer network, seen as its two halves. */
export interface TransferParts {
  readonly model: tfjs.LayersModel;
  readonly backbone: tfjs.LayersModel;
  /** Averages the feature map; null when the head begins by flattening it. */
  readonly pooling: tfjs.layers.Layer | null;
  readonly head: readonly tfjs.layers.Layer[];
  /** Of one image's features: what the backbone, pooled if so, gives. */
  readonly featureShape: readonly number[];
}

/** Builds backbone and head; the head's kernels Glorot-uniform from seeded streams, its biases zero. */
export function buildTransfer(tf: Tf, backbone: tfjs.LayersModel, options: HeadOptions): tfjs.LayersModel {
  const { classes, pooling, headUnits, dropout, seed } = options;
  const kernelInitializer = (name: string) =>
    tf.initializers.glorotUniform({ seed: streamSeed(seed, 'weights', name) });
  const model = tf.sequential({ name: 'sequential' });
  model.add(backbone);
  if (pooling === 'average') {
    model.add(tf.layers.globalAveragePooling2d({ name: 'global_average_pooling2d' }));
  } else model.add(tf.layers.flatten({ name: 'flatten' }));
  if (headUnits > 0) {
    const name = 'dense';
    model.add(
      tf.layers.dense({
        name,
        units: headUnits,
        activation: 'relu',
        kernelInitializer: kernelInitializer(name),
      }),
    );
  }
  if (dropout > 0) model.add(tf.layers.dropout({ name: 'dropout', rate: dropout }));
  const name = headUnits > 0 ? 'dense_1' : 'dense';
  const last =
    classes === 2
      ? ({ units: 1, activation: 'sigmoid' } as const)
      : ({ units: classes, activation: 'softmax' } as const);
  model.add(tf.layers.dense({ name, ...last, kernelInitializer: kernelInitializer(name) }));
  return model;
}

/** A model as backbone and head, or null when it is not made like that. */
export function splitTransfer(model: tfjs.LayersModel): TransferParts | null {
  const [backbone, ...rest] = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
  if (backbone === undefined || !('layers' in backbone) || rest.length === 0) return null;
  const network = backbone as tfjs.LayersModel;
  const pools = rest[0].getClassName() === 'GlobalAveragePooling2D';
  const output = network.outputs[0].shape.slice(1) as number[];
  if (output.length !== 3 || output.some((side) => side === null)) return null;
  return {
    model,
    backbone: network,
    pooling: pools ? rest[0] : null,
    head: pools ? rest.slice(1) : rest,
    featureShape: pools ? output.slice(-1) : output,
  };
}

/** A backbone with its map averaged, and no head. */
export function averagedParts(tf: Tf, backbone: tfjs.LayersModel): TransferParts {
  const pooling = tf.layers.globalAveragePooling2d({ name: 'global_average_pooling2d' });
  const featureShape = backbone.outputs[0].shape.slice(-1) as number[];
  return { model: backbone, backbone, pooling, head: [], featureShape };
}

/** Features of preprocessed images. Part of a traced program. */
export function featuresOf({ backbone, pooling }: TransferParts, images: tfjs.Tensor): tfjs.Tensor {
  const map = backbone.apply(images, { training: false }) as tfjs.Tensor;
  return pooling === null ? map : (pooling.apply(map) as tfjs.Tensor);
}

/** The head as a classifier of features. */
export function headClassifier(tf: Tf, parts: TransferParts): Classifier {
  return classifierOf(tf, parts, (features) => features);
}

/** Backbone and head as a classifier of images. */
export function wholeClassifier(tf: Tf, parts: TransferParts): Classifier {
  return classifierOf(tf, parts, (images) => featuresOf(parts, images));
}

function classifierOf(
  tf: Tf,
  { model, head }: TransferParts,
  toFeatures: (images: tfjs.Tensor) => tfjs.Tensor,
): Classifier {
  const last = head[head.length - 1];
  const before = (images: tfjs.Tensor, training: boolean): tfjs.Tensor2D => {
    let values = toFeatures(images);
    for (const layer of head.slice(0, -1)) values = layer.apply(values, { training }) as tfjs.Tensor;
    return values as tfjs.Tensor2D;
  };
  const outputs = model.outputs[0].shape[1]!;
  return {
    model,
    classes: outputs === 1 ? 2 : outputs,
    logits: (images, training) => applyLinear(tf, last, before(images, training)),
    answers: (images) => {
      const features = before(images, false);
      const logits = applyLinear(tf, last, features);
      return { probabilities: toProbabilities(tf, logits), logits, features };
    },
  };
}

/** The head's weights. */
export function headVariables({ head }: TransferParts): tfjs.Variable[] {
  return head.flatMap((layer) => layer.weights.map((weight) => weight.read() as tfjs.Variable));
}

/** Lets the head train and nothing of the backbone. */
export function freezeBackbone({ backbone }: TransferParts): void {
  for (const layer of backbone.layers) layer.trainable = false;
  backbone.trainable = false;
}

/**
 * Lets the backbone train from a layer on, in the order of its layers; those before stay frozen.
 * @throws AppError MODEL_LAYER_UNKNOWN
 */
export function unfreezeFrom({ backbone }: TransferParts, name: string): void {
  const first = backbone.layers.findIndex((layer) => layer.name === name);
  if (first < 0) throw unknownLayer(backbone, name);
  backbone.trainable = true;
  backbone.layers.forEach((layer, index) => (layer.trainable = index >= first));
}

function unknownLayer(backbone: tfjs.LayersModel, name: string): AppError {
  const known = backbone.layers.filter((layer) => layer.weights.length > 0).map((layer) => layer.name);
  return new AppError('TRAINING_LAYER_UNKNOWN', { layer: name, known: known.join(', ') });
}

/** Names of the layers that fine-tuning can begin at: those with weights, in order. */
export function layersWithWeights(backbone: tfjs.LayersModel): string[] {
  return backbone.layers.filter((layer) => layer.weights.length > 0).map((layer) => layer.name);
}

/** Where fine-tuning begins by default: VGG's last block as in the lesson, else the last quarter of the layers. */
export function defaultUnfreezeFrom(backbone: tfjs.LayersModel): string {
  const names = layersWithWeights(backbone);
  if (names.includes('block5_conv1')) return 'block5_conv1';
  return names[Math.floor(names.length * 0.75)];
}
