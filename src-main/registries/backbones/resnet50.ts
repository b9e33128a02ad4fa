import type { Backbone, NetworkOptions } from '../../engine/network/backbone.ts';
import { type MapOf, NetworkWriter, type Padding } from './network-writer.ts';

/** Filters, blocks and stride of each stage, conv2 to conv5. */
const stages = [
  [64, 3, 1],
  [128, 4, 2],
  [256, 6, 2],
  [512, 3, 2],
] as const;

const normalization = { epsilon: 1.001e-5 };

function evenly(zeros: number): Padding {
  return [
    [zeros, zeros],
    [zeros, zeros],
  ];
}

function block(
  writer: NetworkWriter,
  from: MapOf,
  name: string,
  filters: number,
  strides: number,
  first: boolean,
) {
  const normalised = (map: MapOf, part: number): MapOf =>
    writer.batchNormalization(map, `${name}_${part}_bn`, normalization);
  let shortcut = from;
  if (first) {
    shortcut = writer.convolution(from, 4 * filters, { name: `${name}_0_conv`, kernel: 1, strides });
    shortcut = normalised(shortcut, 0);
  }
  let x = writer.convolution(from, filters, { name: `${name}_1_conv`, kernel: 1, strides });
  x = writer.activation(normalised(x, 1), `${name}_1_relu`, 'relu');
  x = writer.convolution(x, filters, { name: `${name}_2_conv`, kernel: 3, padding: 'same' });
  x = writer.activation(normalised(x, 2), `${name}_2_relu`, 'relu');
  x = normalised(writer.convolution(x, 4 * filters, { name: `${name}_3_conv`, kernel: 1 }), 3);
  return writer.activation(writer.add(`${name}_add`, shortcut, x), `${name}_out`, 'relu');
}

function network({ inputShape, top }: NetworkOptions) {
  const writer = new NetworkWriter('resnet50', inputShape);
  let x = writer.padding(writer.input, 'conv1_pad', evenly(3));
  x = writer.convolution(x, 64, { name: 'conv1_conv', kernel: 7, strides: 2 });
  x = writer.activation(writer.batchNormalization(x, 'conv1_bn', normalization), 'conv1_relu', 'relu');
  x = writer.maxPooling(writer.padding(x, 'pool1_pad', evenly(1)), 'pool1_pool', 3, 2);
  stages.forEach(([filters, blocks, strides], stage) => {
    for (let k = 1; k <= blocks; k++) {
      const name = `conv${stage + 2}_block${k}`;
      x = block(writer, x, name, filters, k === 1 ? strides : 1, k === 1);
    }
  });
  if (top === undefined) return writer.finish(x);
  return writer.finish(
    writer.dense(writer.globalAverage(x, 'avg_pool'), 'predictions', top.classes, 'softmax'),
  );
}

/** @see https://github.com/keras-team/keras/blob/master/keras/src/applications/resnet.py */
export const resnet50: Backbone = {
  id: 'resnet50',
  label: 'ResNet50',
  description: 'A widely used network of medium size: accurate, about four times the work of EfficientNetB0.',
  preprocessing: 'imagenet',
  defaultImageSize: 224,
  minimumImageSize: 32,
  parameters: 23_587_712,
  alphas: [1],
  licence: 'Apache-2.0',
  weights: {
    address:
      'https://storage.googleapis.com/tensorflow/keras-applications/resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5',
    fileName: 'resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5',
    bytes: 94_765_736,
    md5: '4d473c1dd8becc155b73f8504c6f6626',
    sha256: null,
  },
  // ResNet101 and 152 have more blocks; their second version normalises before.
  recognise: ({ names }) =>
    names.has('conv4_block6_3_conv') && names.has('conv5_block3_3_bn') && !names.has('conv4_block7_3_conv'),
  network,
};
