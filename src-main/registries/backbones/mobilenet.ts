import type { Backbone, NetworkOptions } from '../../engine/network/backbone.ts';
import { type MapOf, NetworkWriter } from './network-writer.ts';

/** Filters and stride of each block, at alpha 1. */
const blocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

function block(writer: NetworkWriter, from: MapOf, filters: number, strides: number, id: number): MapOf {
  const pad = [
    [0, 1],
    [0, 1],
  ] as const;
  let x = strides === 1 ? from : writer.padding(from, `conv_pad_${id}`, pad);
  const padding = strides === 1 ? 'same' : 'valid';
  x = writer.depthwise(x, { name: `conv_dw_${id}`, kernel: 3, strides, padding, bias: false });
  x = writer.relu6(writer.batchNormalization(x, `conv_dw_${id}_bn`), `conv_dw_${id}_relu`);
  x = writer.convolution(x, filters, { name: `conv_pw_${id}`, kernel: 1, padding: 'same', bias: false });
  return writer.relu6(writer.batchNormalization(x, `conv_pw_${id}_bn`), `conv_pw_${id}_relu`);
}

function network({ inputShape, top, alpha = 1 }: NetworkOptions) {
  const writer = new NetworkWriter(`mobilenet_${alpha.toFixed(2)}_${inputShape[0]}`, inputShape);
  const first = { name: 'conv1', kernel: 3, strides: 2, padding: 'same', bias: false } as const;
  let x = writer.convolution(writer.input, Math.trunc(32 * alpha), first);
  x = writer.relu6(writer.batchNormalization(x, 'conv1_bn'), 'conv1_relu');
  blocks.forEach(([filters, strides], index) => {
    x = block(writer, x, Math.trunc(filters * alpha), strides, index + 1);
  });
  if (top === undefined) return writer.finish(x);
  x = writer.dropout(writer.globalAverage(x, 'global_average_pooling2d', true), 'dropout', 1e-3);
  x = writer.convolution(x, top.classes, { name: 'conv_preds', kernel: 1, padding: 'same' });
  return writer.finish(writer.activation(writer.asList(x, 'reshape_2'), 'predictions', 'softmax'));
}

/** @see https://github.com/keras-team/keras/blob/master/keras/src/applications/mobilenet.py */
export const mobilenet: Backbone = {
  id: 'mobilenet',
  label: 'MobileNet',
  description: 'The first MobileNet: small and quick, in four widths.',
  preprocessing: '-1-1',
  defaultImageSize: 224,
  minimumImageSize: 32,
  parameters: 3_228_864,
  alphas: [1, 0.75, 0.5, 0.25],
  licence: 'Apache-2.0',
  weights: {
    address:
      'https://storage.googleapis.com/tensorflow/keras-applications/mobilenet/mobilenet_1_0_224_tf_no_top.h5',
    fileName: 'mobilenet_1_0_224_tf_no_top.h5',
    bytes: 17_225_924,
    md5: null,
    sha256: null,
  },
  recognise: ({ names, count }) =>
    (names.has('conv_dw_13') && names.has('conv_pw_13')) ||
    (count('DepthwiseConv2D') === 13 && count('Add') === 0 && count('Conv2D') <= 15),
  alphaOf: (shapeOf) => (shapeOf('conv1', 3) ?? 32) / 32,
  network,
};
