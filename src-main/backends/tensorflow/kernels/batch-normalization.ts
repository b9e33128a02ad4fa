import type { layers, Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../../../engine/base/backend.ts';
import { runOperation, typeAttribute, type NativeAttribute, type NodeBackend } from '../native-binding.ts';
import { replaceKernel, runKernel } from './replace-kernel.ts';

const TRAINING = 'FusedBatchNormTraining';
const GRADIENT = 'FusedBatchNormGrad';

/** What a tfjs BatchNormalization layer has (its class is not exported). */
interface BatchNormalization extends layers.Layer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: { read(): Tensor };
  readonly beta?: { read(): Tensor };
  readonly movingMean: { read(): Variable; write(value: Tensor): void };
  readonly movingVariance: { read(): Variable; write(value: Tensor): void };
  call: (inputs: Tensor | Tensor[], options: { training?: boolean }) => Tensor | Tensor[];
}

/**
 * Batch normalisation of images by TensorFlow's fused operations: `FusedBatchNormV3` in training, and
 * `FusedBatchNormGradV3` both in training and for a frozen layer. tfjs has some twenty operations for it.
 */
export function registerBatchNormalization(tf: Tf): void {
  registerTraining(tf);
  registerInferenceGradient(tf);
  patchLayer(tf);
}

function attributesOf({ binding }: NodeBackend, epsilon: number, training: boolean): NativeAttribute[] {
  return [
    typeAttribute(binding, 'T', binding.TF_FLOAT),
    typeAttribute(binding, 'U', binding.TF_FLOAT),
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: training },
  ];
}

/** Kernels `x, scale, offset → y, mean, variance, three reserves` and `dy, x, scale, reserves → dx, dscale, doffset`. */
function registerTraining(tf: Tf): void {
  replaceKernel(tf, TRAINING, (backend, { x, scale, offset }, { epsilon }) =>
    tf.tidy(() => {
      const inputs = [x, scale, offset, tf.tensor1d([]), tf.tensor1d([])];
      return runOperation(
        backend,
        'FusedBatchNormV3',
        attributesOf(backend, Number(epsilon), true),
        inputs,
        6,
      );
    }),
  );
  replaceKernel(tf, GRADIENT, (backend, { dy, x, scale, mean, variance, reserve }, { epsilon, training }) =>
    tf.tidy(() => {
      const inputs = [dy, x, scale, mean, variance, reserve];
      const attributes = attributesOf(backend, Number(epsilon), Boolean(training));
      return runOperation(backend, 'FusedBatchNormGradV3', attributes, inputs, 5).slice(0, 3);
    }),
  );
  tf.registerGradient({
    kernelName: TRAINING,
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dys, [x, scale, mean, variance, reserve], { epsilon }) => {
      const inputs = { dy: (dys as Tensor[])[0], x, scale, mean, variance, reserve };
      return gradients(tf, inputs, Number(epsilon), true);
    },
  });
}

function gradients(tf: Tf, inputs: Record<string, Tensor>, epsilon: number, training: boolean) {
  const [x, scale, offset] = runKernel<Tensor[]>(tf, GRADIENT, inputs, { epsilon, training });
  return { x: () => x, scale: () => scale, offset: () => offset };
}

/** The gradient of tfjs's own kernel, which normalises with given moments, as in a layer that is not being trained. */
function registerInferenceGradient(tf: Tf): void {
  const original = tf.getGradient('FusedBatchNorm');
  tf.registerGradient({
    ...original,
    gradFunc: (dy, saved, attributes) => {
      const arithmetic = original.gradFunc(dy, saved, attributes);
      const [x, mean, variance, scale] = saved as (Tensor | undefined)[];
      if (tf.getBackend() !== 'tensorflow' || !scale || x?.rank !== 4 || mean?.rank !== 1 || !variance) {
        return arithmetic;
      }
      const inputs = { dy: dy as Tensor, x, scale, mean, variance, reserve: tf.scalar(0) };
      return { ...arithmetic, ...gradients(tf, inputs, Number(attributes.varianceEpsilon), false) };
    },
  });
}

/** Makes tfjs's layer use the fused kernel in training: on images, and on rows as images of one pixel. */
function patchLayer(tf: Tf): void {
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization({})) as BatchNormalization;
  const original = prototype.call;
  prototype.call = function (this: BatchNormalization, inputs, options) {
    const input = Array.isArray(inputs) ? inputs[0] : inputs;
    const { rank } = input;
    const onLast = (rank === 4 || rank === 2) && (this.axis === -1 || this.axis === rank - 1);
    const fused = options.training && onLast && tf.getBackend() === 'tensorflow' && input.dtype === 'float32';
    if (!fused) return original.call(this, inputs, options);
    return tf.tidy(() => {
      const channels = input.shape[rank - 1];
      const images = rank === 4 ? input : tf.reshape(input, [-1, 1, 1, channels]);
      return tf.reshape(normalizeBatch(tf, this, images, channels), input.shape);
    });
  };
}

/** Normalises a batch by its own moments and moves the moving ones, as Keras 3 does (variance without correction). */
function normalizeBatch(tf: Tf, layer: BatchNormalization, x: Tensor, channels: number): Tensor {
  const scale = layer.gamma?.read() ?? tf.ones([channels]);
  const offset = layer.beta?.read() ?? tf.zeros([channels]);
  const [y, mean, variance] = runKernel<Tensor[]>(
    tf,
    TRAINING,
    { x, scale, offset },
    { epsilon: layer.epsilon },
  );
  const count = x.size / channels;
  moveTowards(tf, layer.movingMean, mean, layer.momentum);
  // The fused operation gives count/(count − 1) times the variance of the batch.
  moveTowards(tf, layer.movingVariance, tf.mul(variance, (count - 1) / count), layer.momentum);
  return y;
}

function moveTowards(
  tf: Tf,
  moving: BatchNormalization['movingMean'],
  value: Tensor,
  momentum: number,
): void {
  tf.tidy(() => {
    const before = moving.read();
    moving.write(tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)));
  });
}
