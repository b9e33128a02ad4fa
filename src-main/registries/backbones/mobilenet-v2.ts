import type { Backbone, NetworkOptions } from '../../engine/network/backbone.ts';
import { type MapOf, NetworkWriter, correctPadding, roundFilters } from './network-writer.ts';

/** Filters, stride and expansion of each block, at alpha 1. */
const blocks = [
  [16, 1, 1],
  [24, 2, 6],
  [24, 1, 6],
  [32, 2, 6],
  [32, 1, 6],
  [32, 1, 6],
  [64, 2, 6],
  [64, 1, 6],
  [64, 1, 6],
  [64, 1, 6],
  [96, 1, 6],
  [96, 1, 6],
  [96, 1, 6],
  [160, 2, 6],
  [160, 1, 6],
  [160, 1, 6],
  [320, 1, 6],
] as const;

const alphas = [1, 0.35, 0.5, 0.75, 1.3, 1.4];
const normalization = { momentum: 0.999, epsilon: 1e-3 };

function block(writer: NetworkWriter, from: MapOf, id: number, alpha: number): MapOf {
  const [filters, strides, expansion] = blocks[id];
  const prefix = id === 0 ? 'expanded_conv_' : `block_${id}_`;
  const normalised = (map: MapOf, name: string): MapOf =>
    writer.batchNormalization(map, `${prefix}${name}_BN`, normalization);
  let x = from;
  if (id > 0) {
    const expand = { name: `${prefix}expand`, kernel: 1, padding: 'same', bias: false } as const;
    x = writer.convolution(x, expansion * from.channels, expand);
    x = writer.relu6(normalised(x, 'expand'), `${prefix}expand_relu`);
  }
  if (strides === 2) x = writer.padding(x, `${prefix}pad`, correctPadding(x, 3));
  const padding = strides === 1 ? 'same' : 'valid';
  x = writer.depthwise(x, { name: `${prefix}depthwise`, kernel: 3, strides, padding, bias: false });
  x = writer.relu6(normalised(x, 'depthwise'), `${prefix}depthwise_relu`);
  const project = { name: `${prefix}project`, kernel: 1, padding: 'same', bias: false } as const;
  x = normalised(writer.convolution(x, roundFilters(Math.trunc(filters * alpha)), project), 'project');
  return from.channels === x.channels && strides === 1 ? writer.add(`${prefix}add`, from, x) : x;
}

function network({ inputShape, top, alpha = 1 }: NetworkOptions) {
  const writer = new NetworkWriter(`mobilenetv2_${alpha.toFixed(2)}_${inputShape[0]}`, inputShape);
  const first = { name: 'Conv1', kernel: 3, strides: 2, padding: 'same', bias: false } as const;
  let x = writer.convolution(writer.input, roundFilters(32 * alpha), first);
  x = writer.relu6(writer.batchNormalization(x, 'bn_Conv1', normalization), 'Conv1_relu');
  for (const id of blocks.keys()) x = block(writer, x, id, alpha);
  x = writer.convolution(x, alpha > 1 ? roundFilters(1280 * alpha) : 1280, {
    name: 'Conv_1',
    kernel: 1,
    bias: false,
  });
  x = writer.relu6(writer.batchNormalization(x, 'Conv_1_bn', normalization), 'out_relu');
  if (top === undefined) return writer.finish(x);
  x = writer.globalAverage(x, 'global_average_pooling2d');
  return writer.finish(writer.dense(x, 'predictions', top.classes, 'softmax'));
}

/** @see https://github.com/keras-team/keras/blob/master/keras/src/applications/mobilenet_v2.py */
export const mobilenetV2: Backbone = {
  id: 'mobilenet-v2',
  label: 'MobileNetV2',
  description: 'Small, quick and accurate: the best choice on most machines.',
  preprocessing: '-1-1',
  defaultImageSize: 224,
  minimumImageSize: 32,
  parameters: 2_257_984,
  alphas,
  licence: 'Apache-2.0',
  weights: {
    address:
      'https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5',
    fileName: 'mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5',
    bytes: 9_406_464,
    md5: null,
    sha256: null,
  },
  recognise: ({ names, count }) =>
    (names.has('block_16_project') && names.has('Conv_1')) ||
    (count('DepthwiseConv2D') === 17 && count('Add') === 10),
  // Several widths begin alike; the last block tells them apart.
  alphaOf: (shapeOf) => {
    const last = shapeOf('block_16_project', 3) ?? 320;
    return alphas.find((alpha) => roundFilters(Math.trunc(320 * alpha)) === last) ?? last / 320;
  },
  network,
};
