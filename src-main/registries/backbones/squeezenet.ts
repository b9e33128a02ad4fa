import type { Backbone, NetworkOptions } from '../../engine/network/backbone.ts';
import { type MapOf, NetworkWriter } from './network-writer.ts';

/** Filters of the fire modules 2 to 9: squeezing, and expanding in each of two ways. */
const fires = [
  [16, 64],
  [16, 64],
  [32, 128],
  [32, 128],
  [48, 192],
  [48, 192],
  [64, 256],
  [64, 256],
] as const;

function fire(writer: NetworkWriter, from: MapOf, id: number): MapOf {
  const [squeezed, expanded] = fires[id - 2];
  const part = (map: MapOf, name: string, filters: number, kernel: number): MapOf => {
    const options = { name: `fire${id}/${name}`, kernel, padding: kernel === 1 ? 'valid' : 'same' } as const;
    return writer.activation(writer.convolution(map, filters, options), `fire${id}/relu_${name}`, 'relu');
  };
  const squeeze = part(from, 'squeeze1x1', squeezed, 1);
  return writer.concatenate(
    `fire${id}/concat`,
    part(squeeze, 'expand1x1', expanded, 1),
    part(squeeze, 'expand3x3', expanded, 3),
  );
}

function network({ inputShape, top }: NetworkOptions) {
  const writer = new NetworkWriter('squeezenet', inputShape);
  let x = writer.convolution(writer.input, 64, { name: 'conv1', kernel: 3, strides: 2 });
  x = writer.maxPooling(writer.activation(x, 'relu_conv1', 'relu'), 'pool1', 3, 2);
  x = fire(writer, fire(writer, x, 2), 3);
  x = writer.maxPooling(x, 'pool3', 3, 2);
  x = fire(writer, fire(writer, x, 4), 5);
  x = writer.maxPooling(x, 'pool5', 3, 2);
  for (let id = 6; id <= 9; id++) x = fire(writer, x, id);
  if (top === undefined) return writer.finish(x);
  x = writer.convolution(writer.dropout(x, 'drop9', 0.5), top.classes, { name: 'conv10', kernel: 1 });
  x = writer.globalAverage(writer.activation(x, 'relu_conv10', 'relu'), 'global_average_pooling2d');
  return writer.finish(writer.activation(x, 'loss', 'softmax'));
}

/** Version 1.1, with the layer names of the Keras port. @see https://github.com/DeepScale/SqueezeNet */
export const squeezenet: Backbone = {
  id: 'squeezenet',
  label: 'SqueezeNet',
  description: 'Version 1.1, the smallest of all: 0.7 million parameters, quick even on weak machines.',
  preprocessing: 'imagenet',
  defaultImageSize: 227,
  minimumImageSize: 32,
  parameters: 722_496,
  alphas: [1],
  licence: null,
  weights: null,
  recognise: ({ names }) =>
    [...names].some((name) => /^fire9[/_]squeeze1x1/.test(name)) &&
    [...names].some((name) => /^fire9[/_]expand3x3/.test(name)),
  network,
};
