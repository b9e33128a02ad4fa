/** Batch normalisation of batches that are padded: the means and variances of the real images alone. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';

/** What is used of a BatchNormalization layer of tfjs (its class is not exported). */
interface NormalizationLayer extends tfjs.layers.Layer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: { read(): tfjs.Tensor };
  readonly beta?: { read(): tfjs.Tensor };
  readonly movingMean: tfjs.LayerVariable;
  readonly movingVariance: tfjs.LayerVariable;
  call(inputs: tfjs.Tensor | tfjs.Tensor[], options: { training?: boolean }): tfjs.Tensor | tfjs.Tensor[];
}

/** The BatchNormalization layers of a model, nested ones included. */
function normalizationsOf(model: tfjs.LayersModel): NormalizationLayer[] {
  return model.layers.flatMap((layer) => {
    if ('layers' in layer) return normalizationsOf(layer as tfjs.LayersModel);
    return layer.getClassName() === 'BatchNormalization' ? [layer as NormalizationLayer] : [];
  });
}

/**
 * Runs `body` with the model's normalisations seeing only images of weight above 0, as they would in a smaller batch.
 * Part of a traced program.
 * @param weights `[batch]`: 0 for padding, 1 for images
 */
export function withRealStatistics<Result>(
  tf: Tf,
  model: tfjs.LayersModel,
  weights: tfjs.Tensor1D,
  body: () => Result,
): Result {
  const layers = normalizationsOf(model);
  for (const layer of layers) {
    const { prototype } = layer.constructor as unknown as { prototype: NormalizationLayer };
    // On the instance: the class keeps its own, which is put back below.
    layer.call = (inputs, options) => {
      const input = Array.isArray(inputs) ? inputs[0] : inputs;
      const onLast = layer.axis === -1 || layer.axis === input.rank - 1;
      if (!options.training || !onLast) return prototype.call.call(layer, inputs, options);
      return tf.tidy(() => normalize(tf, layer, input, weights));
    };
  }
  try {
    return body();
  } finally {
    for (const layer of layers) Reflect.deleteProperty(layer, 'call');
  }
}

function normalize(tf: Tf, layer: NormalizationLayer, x: tfjs.Tensor, weights: tfjs.Tensor1D): tfjs.Tensor {
  const [batch, ...sides] = x.shape;
  const places = sides.slice(0, -1).reduce((product, side) => product * side, 1);
  const share = tf.reshape(weights, [batch, ...sides.map(() => 1)]);
  const count = tf.mul(tf.sum(weights), places);
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const meanOf = (values: tfjs.Tensor): tfjs.Tensor => tf.div(tf.sum(tf.mul(values, share), axes), count);
  const mean = meanOf(x);
  const centred = tf.sub(x, mean);
  const variance = meanOf(tf.square(centred));
  moveTowards(tf, layer.movingMean, mean, layer.momentum);
  moveTowards(tf, layer.movingVariance, variance, layer.momentum);
  const normalised = tf.mul(centred, tf.rsqrt(tf.add(variance, layer.epsilon)));
  const scaled = layer.gamma ? tf.mul(normalised, layer.gamma.read()) : normalised;
  return layer.beta ? tf.add(scaled, layer.beta.read()) : scaled;
}

function moveTowards(tf: Tf, moving: tfjs.LayerVariable, value: tfjs.Tensor, momentum: number): void {
  const before = moving.read();
  moving.write(tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)));
}
