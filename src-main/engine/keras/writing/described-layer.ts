/** How each kind of layer is called and set in Keras: the settings that say what it computes, under Keras' names. */
import type { AppError } from '../../../contract/shared/errors.ts';
import type { NetworkLayer } from '../../network/network.ts';

type Settings = Readonly<Record<string, unknown>>;
/** Which of Keras' dialects is written: that of 2 is read by 3 too. */
export type KerasVersion = 2 | 3;
type Refuse = (variant: string) => AppError;
/** Turns the settings of tfjs into those of Keras. @throws AppError EXPORT_LAYER_UNSUPPORTED */
type Describe = (config: Settings, layer: NetworkLayer, refuse: Refuse, version: KerasVersion) => Settings;

/** A layer as Keras describes it. */
export interface DescribedLayer {
  readonly type: string;
  readonly config: Settings;
}

/** Activations that Keras calls otherwise than tfjs. Versions 2 and 3 mean different functions by hard_sigmoid. */
const activationNames: Readonly<Record<KerasVersion, Readonly<Record<string, string | null>>>> = {
  2: {
    swish: 'swish',
    hardSigmoid: 'hard_sigmoid',
    hardSigmoid6: null,
    hardSilu: null,
    hardTanh: null,
    leakyRelu: null,
  },
  3: { swish: 'silu', hardSilu: 'hard_silu', hardSigmoid6: 'hard_sigmoid', hardSigmoid: null },
};

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function activationOf(
  activation: unknown,
  { type }: NetworkLayer,
  refuse: Refuse,
  version: KerasVersion,
): string {
  const name = activation ?? 'linear';
  if (typeof name !== 'string') throw refuse(`${type} with an activation of another kind`);
  const known = activationNames[version][name];
  if (known === null) throw refuse(`${type} with the activation ${name}`);
  return known ?? snake(name);
}

/** The settings of these names, under Keras' names; those that are not set are left out. */
const take =
  (...names: readonly string[]): Describe =>
  (config, layer, refuse, version) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value =
          name === 'activation' ? activationOf(config[name], layer, refuse, version) : config[name];
        return value === undefined ? [] : [[snake(name), value]];
      }),
    );

const slid = ['kernelSize', 'strides', 'padding', 'dilationRate', 'activation', 'useBias'] as const;
const pooled = take('poolSize', 'strides', 'padding');
const kept: Describe = ({ keepdims }) => (keepdims === true ? { keepdims } : {});
const nothing = take();

/** Keras reads the numbers of this layer from its settings, so that it has no weights of its own. */
const normalization: Describe = ({ axis, mean, variance, invert }, { layer, type }, refuse) => {
  if (invert === true) throw refuse(`${type} that is inverted`);
  const given = (setting: unknown, kind: string): unknown =>
    setting ??
    Array.from(
      layer.weights
        .find(({ originalName }) => originalName.endsWith(`/${kind}`))!
        .read()
        .dataSync(),
    );
  return { axis, mean: given(mean, 'mean'), variance: given(variance, 'variance') };
};

/** How many filters there are for each channel: the kernel says it, tfjs' settings of separable convolutions do not. */
const multiplied =
  (describe: Describe): Describe =>
  (config, layer, refuse, version) => {
    const kernel = layer.layer.weights.find(({ originalName }) => originalName.endsWith('/depthwise_kernel'));
    return { ...describe(config, layer, refuse, version), depth_multiplier: kernel!.shape[3] };
  };

const leakyReLU: Describe = ({ alpha }) => ({ alpha: alpha ?? 0.3 });

/** By the class names of tfjs. */
const described: Readonly<Record<string, Describe>> = {
  Conv2D: take('filters', ...slid),
  DepthwiseConv2D: multiplied(take(...slid)),
  SeparableConv2D: multiplied(take('filters', ...slid)),
  Dense: take('units', 'activation', 'useBias'),
  BatchNormalization: take('axis', 'momentum', 'epsilon', 'center', 'scale'),
  Activation: take('activation'),
  ReLU: take('maxValue', 'negativeSlope', 'threshold'),
  LeakyReLU: leakyReLU,
  ELU: take('alpha'),
  Softmax: take('axis'),
  MaxPooling2D: pooled,
  AveragePooling2D: pooled,
  GlobalMaxPooling2D: kept,
  GlobalAveragePooling2D: kept,
  ZeroPadding2D: take('padding'),
  Flatten: nothing,
  Reshape: (_, { outputShape }) => ({ target_shape: outputShape.slice(1) }),
  Resizing: take('height', 'width', 'interpolation'),
  UpSampling2D: take('size', 'interpolation'),
  Rescaling: take('scale', 'offset'),
  Normalization: normalization,
  Add: nothing,
  Subtract: nothing,
  Multiply: nothing,
  Maximum: nothing,
  Minimum: nothing,
  Average: nothing,
  Concatenate: take('axis'),
  Dropout: take('rate'),
  SpatialDropout2D: take('rate'),
  GaussianNoise: take('stddev'),
  GaussianDropout: take('rate'),
  AlphaDropout: take('rate'),
};

/** Describes a layer. @throws AppError EXPORT_LAYER_UNSUPPORTED for one that Keras has not, or has in another form */
export function describeLayer(layer: NetworkLayer, version: KerasVersion, refuse: Refuse): DescribedLayer {
  const describe = described[layer.type];
  if (describe === undefined) throw refuse(layer.type);
  return { type: layer.type, config: describe(layer.layer.getConfig(), layer, refuse, version) };
}
