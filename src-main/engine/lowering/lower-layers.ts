/** How each kind of layer is lowered. Adding one is adding its line here. */
import {
  activate,
  lowerActivation,
  lowerELU,
  lowerLeakyReLU,
  lowerReLU,
  lowerSoftmax,
} from './lower-activations.ts';
import { type LayerSite, type LowerLayer, only, pairOf, weightOf } from './lowering.ts';
import type { Arithmetic, Padding, Pair, Value } from './operations.ts';

/** Keras' smallest deviation. */
const epsilon = 1e-7;

function paddingOf({ config, layer, refuse }: LayerSite): Padding {
  const { padding = 'valid' } = config;
  if (padding === 'same' || padding === 'valid') return padding;
  throw refuse(`${layer.type} with ${JSON.stringify(padding)} padding`);
}

function slidingOf(site: LayerSite) {
  const { strides = 1, dilationRate = 1 } = site.config;
  return { strides: pairOf(strides), dilations: pairOf(dilationRate), padding: paddingOf(site) };
}

const biasOf = (site: LayerSite): Float32Array | null => site.weight('bias')?.values ?? null;

const lowerConvolution: LowerLayer = (site) =>
  activate(
    site,
    only(site, {
      kind: 'convolution',
      ...slidingOf(site),
      kernel: weightOf(site, 'kernel'),
      bias: biasOf(site),
    }),
  );

const lowerDepthwise: LowerLayer = (site) =>
  activate(
    site,
    only(site, {
      kind: 'depthwise',
      ...slidingOf(site),
      kernel: weightOf(site, 'depthwise_kernel'),
      bias: biasOf(site),
    }),
  );

/** A convolution of each channel by itself, then one across them. */
const lowerSeparable: LowerLayer = (site) => {
  const { operations, layer, inputs, shape } = site;
  const kernel = weightOf(site, 'depthwise_kernel');
  const [, , channels, multiplier] = kernel.shape;
  const work = { kind: 'depthwise', ...slidingOf(site), kernel, bias: null } as const;
  const inner = [shape[0], shape[1], channels * multiplier];
  const deep = operations.add(`${layer.name}/depthwise`, work, inputs, inner);
  const across = {
    kind: 'convolution',
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'valid',
    kernel: weightOf(site, 'pointwise_kernel'),
    bias: biasOf(site),
  } as const;
  return activate(site, operations.add(layer.name, across, [deep], shape));
};

const lowerDense: LowerLayer = (site) => {
  if (site.inputShapes[0].length !== 1) throw site.refuse('Dense on feature maps');
  return activate(site, only(site, { kind: 'dense', kernel: weightOf(site, 'kernel'), bias: biasOf(site) }));
};

/** x · scale + offset with the averages that training left. */
const lowerBatchNormalization: LowerLayer = (site) => {
  const { config, inputShapes, refuse } = site;
  const axis = Number([config.axis ?? -1].flat()[0]);
  if (axis !== -1 && axis !== inputShapes[0].length) throw refuse('BatchNormalization along another axis');
  const mean = weightOf(site, 'moving_mean').values;
  const variance = weightOf(site, 'moving_variance').values;
  const [gamma, beta] = [site.weight('gamma')?.values, site.weight('beta')?.values];
  const small = Number(config.epsilon ?? 1e-3);
  const scale = variance.map((value, at) => (gamma?.[at] ?? 1) / Math.sqrt(value + small));
  const offset = mean.map((value, at) => (beta?.[at] ?? 0) - value * scale[at]);
  return only(site, { kind: 'affine', scale, offset });
};

const numbersOf = (value: unknown): Float32Array => Float32Array.from([value].flat(4) as number[]);

/** As many numbers as the longer of the two has. */
function alike(scale: Float32Array, offset: Float32Array) {
  const length = Math.max(scale.length, offset.length);
  const long = (values: Float32Array): Float32Array =>
    values.length === length ? values : new Float32Array(length).fill(values[0]);
  return { scale: long(scale), offset: long(offset) };
}

const lowerRescaling: LowerLayer = (site) => {
  const { scale = 1, offset = 0 } = site.config;
  return only(site, { kind: 'affine', ...alike(numbersOf(scale), numbersOf(offset)) });
};

/** (x − mean) / deviation, with numbers from its settings or its weights. */
const lowerNormalization: LowerLayer = (site) => {
  const { config, inputShapes, refuse } = site;
  if (config.invert === true) throw refuse('Normalization that is inverted');
  const given = (setting: unknown, kind: string): Float32Array =>
    setting === null || setting === undefined ? weightOf(site, kind).values : numbersOf(setting);
  const mean = given(config.mean, 'mean');
  const deviation = given(config.variance, 'variance').map((value) => Math.max(Math.sqrt(value), epsilon));
  const scale = deviation.map((value) => 1 / value);
  const even = alike(scale, mean);
  if (even.scale.length !== 1 && even.scale.length !== inputShapes[0].at(-1))
    throw refuse('Normalization along other axes');
  const offset = even.offset.map((value, at) => -value * even.scale[at]);
  return only(site, { kind: 'affine', scale: even.scale, offset });
};

const lowerPool =
  (operation: 'max' | 'average'): LowerLayer =>
  (site) => {
    const size = pairOf(site.config.poolSize);
    const strides = pairOf(site.config.strides ?? size);
    return only(site, { kind: 'pool', operation, size, strides, padding: paddingOf(site) });
  };

const lowerGlobalPool =
  (operation: 'max' | 'average'): LowerLayer =>
  (site) =>
    only(site, { kind: 'global-pool', operation, keeps: site.shape.length === 3 });

const lowerPadding: LowerLayer = (site) => {
  const { padding } = site.config;
  const [rows, columns]: readonly [Pair, Pair] = Array.isArray(padding)
    ? [pairOf(padding[0]), pairOf(padding[1])]
    : [pairOf(padding), pairOf(padding)];
  return only(site, { kind: 'pad', rows, columns });
};

const lowerResizing: LowerLayer = (site) =>
  only(site, { kind: 'resize', nearest: site.config.interpolation === 'nearest' });

const lowerMerge =
  (operation: Arithmetic): LowerLayer =>
  ({ operations, layer, inputs, inputShapes, shape, refuse }) => {
    if (inputShapes.some((one) => one.length !== inputShapes[0].length))
      throw refuse(`${layer.type} of values with different numbers of axes`);
    const [first, ...others] = inputs;
    return others.reduce<Value>(
      (sum, next, index) =>
        operations.add(
          index === others.length - 1 ? layer.name : `${layer.name}/part`,
          { kind: 'arithmetic', operation },
          [sum, next],
          shape,
        ),
      first,
    );
  };

const lowerAverage: LowerLayer = (site) => {
  const { operations, layer, inputs, shape } = site;
  const sum = lowerMerge('add')({ ...site, layer: { ...layer, name: `${layer.name}/sum` } });
  const scale = Float32Array.of(1 / inputs.length);
  return operations.add(layer.name, { kind: 'affine', scale, offset: Float32Array.of(0) }, [sum], shape);
};

const lowerConcatenate: LowerLayer = ({ operations, layer, config, inputs, shape }) => {
  const axis = Number(config.axis ?? -1);
  const counted = axis < 0 ? axis + shape.length + 1 : axis;
  return operations.add(layer.name, { kind: 'concatenate', axis: counted }, inputs, shape);
};

const reshape: LowerLayer = (site) => only(site, { kind: 'reshape' });

/** Layers that do something in training alone. */
const leaveOut: LowerLayer = ({ inputs }) => inputs[0];

/** By the class names of Keras. */
export const layerLowerings: Readonly<Record<string, LowerLayer>> = {
  Conv2D: lowerConvolution,
  DepthwiseConv2D: lowerDepthwise,
  SeparableConv2D: lowerSeparable,
  Dense: lowerDense,
  BatchNormalization: lowerBatchNormalization,
  Activation: lowerActivation,
  ReLU: lowerReLU,
  LeakyReLU: lowerLeakyReLU,
  ELU: lowerELU,
  Softmax: lowerSoftmax,
  MaxPooling2D: lowerPool('max'),
  AveragePooling2D: lowerPool('average'),
  GlobalMaxPooling2D: lowerGlobalPool('max'),
  GlobalAveragePooling2D: lowerGlobalPool('average'),
  ZeroPadding2D: lowerPadding,
  Flatten: reshape,
  Reshape: reshape,
  Resizing: lowerResizing,
  UpSampling2D: lowerResizing,
  Rescaling: lowerRescaling,
  Normalization: lowerNormalization,
  Add: lowerMerge('add'),
  Subtract: lowerMerge('subtract'),
  Multiply: lowerMerge('multiply'),
  Maximum: lowerMerge('maximum'),
  Minimum: lowerMerge('minimum'),
  Average: lowerAverage,
  Concatenate: lowerConcatenate,
  Dropout: leaveOut,
  SpatialDropout2D: leaveOut,
  GaussianNoise: leaveOut,
  GaussianDropout: leaveOut,
  AlphaDropout: leaveOut,
};
