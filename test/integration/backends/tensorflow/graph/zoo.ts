import type { layers as tfjsLayers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs';
import type { Tf } from '../../../../../src-main/engine/base/backend.ts';

/** A network with about every kind of layer that imported models bring; `make_fixtures.py` has its twin. */
export function buildZoo(tf: Tf, { dropout }: { dropout: boolean }): LayersModel {
  const { layers } = tf;
  const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
  const maybeDrop = (rate: number, value: SymbolicTensor) =>
    dropout ? (layers.dropout({ rate }).apply(value) as SymbolicTensor) : value;
  const through = (layer: tfjsLayers.Layer, ...inputs: SymbolicTensor[]) =>
    layer.apply(inputs.length === 1 ? inputs[0] : inputs) as SymbolicTensor;

  const image = tf.input({ shape: [16, 16, 3] });
  const padded = through(
    layers.zeroPadding2d({
      padding: [
        [1, 0],
        [0, 1],
      ],
    }),
    image,
  );
  const convolution = { filters: 8, kernelSize: 3, strides: 2, padding: 'same', useBias: false } as const;
  const first = through(layers.conv2d({ ...convolution, kernelInitializer: glorot(1) }), padded);
  const active = through(
    layers.reLU({ maxValue: 6 }),
    through(layers.batchNormalization({ momentum: 0.9 }), first),
  );
  const depthwise = through(
    layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthwiseInitializer: glorot(2) }),
    active,
  );
  const initializers = { depthwiseInitializer: glorot(3), pointwiseInitializer: glorot(4) };
  const separable = through(
    layers.separableConv2d({
      filters: 8,
      kernelSize: 3,
      padding: 'same',
      activation: 'elu',
      ...initializers,
    }),
    depthwise,
  );
  const total = through(layers.add(), active, separable);
  const average = through(layers.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same' }), total);
  const joined = maybeDrop(0.3, through(layers.concatenate(), total, average));
  const leaky = through(layers.leakyReLU({ alpha: 0.1 }), joined);
  const pooled = through(layers.maxPooling2d({ poolSize: 2, padding: 'same' }), leaky);
  const flat = through(layers.reshape({ targetShape: [-1, 16] }), pooled);
  const restored = through(layers.reshape({ targetShape: [5, 5, 16] }), flat);
  const both = through(
    layers.concatenate(),
    through(layers.globalAveragePooling2d({}), restored),
    through(layers.globalMaxPooling2d({}), restored),
  );
  const dense = through(layers.dense({ units: 12, activation: 'tanh', kernelInitializer: glorot(5) }), both);
  const normal = maybeDrop(0.5, through(layers.batchNormalization({ scale: false }), dense));
  const head = layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(6) });
  return tf.model({ inputs: image, outputs: through(head, normal) });
}
