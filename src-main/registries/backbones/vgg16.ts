import type { Backbone, NetworkOptions } from '../../engine/network/backbone.ts';
import { NetworkWriter } from './network-writer.ts';

/** Convolutions and filters of each block. */
const blocks = [
  [2, 64],
  [2, 128],
  [3, 256],
  [3, 512],
  [3, 512],
] as const;

function network({ inputShape, top }: NetworkOptions) {
  const writer = new NetworkWriter('vgg16', inputShape);
  let x = writer.input;
  blocks.forEach(([convolutions, filters], index) => {
    const block = `block${index + 1}`;
    for (let k = 1; k <= convolutions; k++) {
      const options = { name: `${block}_conv${k}`, kernel: 3, padding: 'same', activation: 'relu' } as const;
      x = writer.convolution(x, filters, options);
    }
    x = writer.maxPooling(x, `${block}_pool`, 2, 2);
  });
  if (top === undefined) return writer.finish(x);
  x = writer.flatten(x, 'flatten');
  x = writer.dense(x, 'fc1', 4096, 'relu');
  x = writer.dense(x, 'fc2', 4096, 'relu');
  return writer.finish(writer.dense(x, 'predictions', top.classes, 'softmax'));
}

/** @see https://github.com/keras-team/keras/blob/master/keras/src/applications/vgg16.py */
export const vgg16: Backbone = {
  id: 'vgg16',
  label: 'VGG16',
  description:
    "The lesson's network: 13 convolutions in 5 blocks, easy to look into. Large and slow; the smaller ones are as good or better.",
  preprocessing: 'imagenet',
  defaultImageSize: 150,
  minimumImageSize: 32,
  parameters: 14_714_688,
  alphas: [1],
  licence: 'Apache-2.0',
  weights: {
    address:
      'https://storage.googleapis.com/tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
    fileName: 'vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5',
    bytes: 58_889_256,
    md5: '6d6bbae143d832006294945121d1f1fc',
    sha256: null,
  },
  // VGG19 has a fourth convolution in its last blocks.
  recognise: ({ names }) =>
    names.has('block5_conv3') && names.has('block1_conv2') && !names.has('block5_conv4'),
  network,
};
