import type { Backbone, NetworkOptions } from '../../engine/network/backbone.ts';
import { type MapOf, NetworkWriter, correctPadding } from './network-writer.ts';

/** Kernel, repeats, filters, expansion and stride of each stage. */
const stages = [
  [3, 1, 16, 1, 1],
  [3, 2, 24, 6, 2],
  [5, 2, 40, 6, 2],
  [3, 3, 80, 6, 2],
  [5, 3, 112, 6, 1],
  [5, 4, 192, 6, 2],
  [3, 1, 320, 6, 1],
] as const;
const blockCount = 16;
/** Share of blocks that are left out of a training step, growing with depth. */
const dropRate = 0.2;

/** Standard deviations of ImageNet's red, green and blue. */
const deviations = [0.229, 0.224, 0.225];

interface Block {
  readonly prefix: string;
  readonly kernel: number;
  readonly filters: number;
  readonly expansion: number;
  readonly strides: number;
  readonly dropRate: number;
}

function block(writer: NetworkWriter, from: MapOf, options: Block): MapOf {
  const { prefix, kernel, filters, expansion, strides } = options;
  let x = from;
  if (expansion !== 1) {
    const expand = { name: `${prefix}expand_conv`, kernel: 1, padding: 'same', bias: false } as const;
    x = writer.batchNormalization(
      writer.convolution(x, from.channels * expansion, expand),
      `${prefix}expand_bn`,
    );
    x = writer.activation(x, `${prefix}expand_activation`, 'swish');
  }
  if (strides === 2) x = writer.padding(x, `${prefix}dwconv_pad`, correctPadding(x, kernel));
  const padding = strides === 2 ? 'valid' : 'same';
  x = writer.depthwise(x, { name: `${prefix}dwconv`, kernel, strides, padding, bias: false });
  x = writer.activation(writer.batchNormalization(x, `${prefix}bn`), `${prefix}activation`, 'swish');
  x = squeezeAndExcite(writer, x, prefix, Math.max(1, Math.trunc(from.channels * 0.25)));
  const project = { name: `${prefix}project_conv`, kernel: 1, padding: 'same', bias: false } as const;
  x = writer.batchNormalization(writer.convolution(x, filters, project), `${prefix}project_bn`);
  if (strides !== 1 || from.channels !== filters) return x;
  if (options.dropRate > 0) x = writer.dropout(x, `${prefix}drop`, options.dropRate, [null, 1, 1, 1]);
  return writer.add(`${prefix}add`, x, from);
}

function squeezeAndExcite(writer: NetworkWriter, map: MapOf, prefix: string, filters: number): MapOf {
  let x = writer.onePlace(writer.globalAverage(map, `${prefix}se_squeeze`), `${prefix}se_reshape`);
  const shared = { kernel: 1, padding: 'same' } as const;
  x = writer.convolution(x, filters, { ...shared, name: `${prefix}se_reduce`, activation: 'swish' });
  x = writer.convolution(x, map.channels, { ...shared, name: `${prefix}se_expand`, activation: 'sigmoid' });
  return writer.multiply(`${prefix}se_excite`, map, x);
}

function network({ inputShape, top }: NetworkOptions) {
  const writer = new NetworkWriter('efficientnetb0', inputShape);
  let x = writer.same('Rescaling', writer.input, 'rescaling', { scale: 1 / 255, offset: 0 });
  x = writer.same('Normalization', x, 'normalization', { axis: [-1], invert: false });
  // The weights were trained with a division by the variance: Keras makes up for it by this layer.
  const scale = deviations.map((deviation) => 1 / Math.sqrt(deviation));
  x = writer.same('Rescaling', x, 'rescaling_1', { scale, offset: 0 });
  x = writer.padding(x, 'stem_conv_pad', correctPadding(x, 3));
  x = writer.convolution(x, 32, { name: 'stem_conv', kernel: 3, strides: 2, bias: false });
  x = writer.activation(writer.batchNormalization(x, 'stem_bn'), 'stem_activation', 'swish');
  let done = 0;
  stages.forEach(([kernel, repeats, filters, expansion, firstStrides], stage) => {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const prefix = `block${stage + 1}${String.fromCharCode(97 + repeat)}_`;
      const strides = repeat === 0 ? firstStrides : 1;
      const rate = (dropRate * done++) / blockCount;
      x = block(writer, x, { prefix, kernel, filters, expansion, strides, dropRate: rate });
    }
  });
  x = writer.convolution(x, 1280, { name: 'top_conv', kernel: 1, padding: 'same', bias: false });
  x = writer.activation(writer.batchNormalization(x, 'top_bn'), 'top_activation', 'swish');
  if (top === undefined) return writer.finish(x);
  x = writer.dropout(writer.globalAverage(x, 'avg_pool'), 'top_dropout', 0.2);
  return writer.finish(writer.dense(x, 'predictions', top.classes, 'softmax'));
}

/** @see https://github.com/keras-team/keras/blob/master/keras/src/applications/efficientnet.py */
export const efficientnetB0: Backbone = {
  id: 'efficientnet-b0',
  label: 'EfficientNetB0',
  description: 'More accurate than MobileNetV2 for about twice the time. Rescales pixels itself.',
  preprocessing: 'none',
  defaultImageSize: 224,
  minimumImageSize: 32,
  parameters: 4_049_571,
  alphas: [1],
  licence: 'Apache-2.0',
  weights: {
    address: 'https://storage.googleapis.com/keras-applications/efficientnetb0_notop.h5',
    fileName: 'efficientnetb0_notop.h5',
    bytes: 16_705_208,
    md5: '50bc09e76180e00e4465e1a485ddc09d',
    sha256: null,
  },
  // The larger ones repeat the last block.
  recognise: ({ names }) =>
    names.has('block1a_se_reduce') &&
    names.has('block7a_project_conv') &&
    names.has('block6d_project_conv') &&
    !names.has('block7b_project_conv'),
  network,
};
