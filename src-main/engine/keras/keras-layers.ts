/** What each of Keras' layers is in TensorFlow.js: the same settings under other names, or not to be had. */
import { z } from 'zod';
import type { AppError } from '../../contract/shared/errors.ts';

type Config = Readonly<Record<string, unknown>>;

/** A layer as Keras wrote it. */
export interface Variant {
  readonly type: string;
  readonly config: Config;
  /** The first number of Keras' version. */
  readonly version: number;
  /** The shape it was built for, with the batch first, where the file states it. */
  readonly shape: readonly unknown[] | null;
}

/** The same layer for TensorFlow.js. */
interface Adapted {
  readonly type: string;
  readonly config: Config;
}

type Refuse = (variant: string) => AppError;
type Adapt = (variant: Variant, refuse: Refuse) => Adapted;

/** Settings that say nothing about what a layer computes. */
const superfluous = new Set([
  'dtype',
  'seed',
  'synchronized',
  'sparse',
  'ragged',
  'optional',
  'quantization_config',
  'lora_rank',
  'fused',
  'implementation',
]);

const convolutions = new Set([
  'Conv1D',
  'Conv2D',
  'Conv3D',
  'Conv2DTranspose',
  'DepthwiseConv2D',
  'SeparableConv2D',
]);

/** Layers over time, which TensorFlow.js computes otherwise or whose weights it keeps otherwise. */
const overTime = new Set([
  'RNN',
  'SimpleRNN',
  'LSTM',
  'GRU',
  'ConvLSTM1D',
  'ConvLSTM2D',
  'ConvLSTM3D',
  'Bidirectional',
  'TimeDistributed',
]);

/** Keras' names of activations that TensorFlow.js calls otherwise. */
const activationNames: Readonly<Record<string, string>> = {
  silu: 'swish',
  hard_swish: 'hardSilu',
  hard_silu: 'hardSilu',
};

function isOne(value: unknown): boolean {
  return [value ?? 1].flat().every((part) => part === 1);
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value[0] as unknown) : value;
}

const functionSchema = z.looseObject({ class_name: z.string(), config: z.unknown() });

function activationName(value: unknown, version: number, refuse: Refuse): string {
  if (value === null || value === undefined) return 'linear';
  const name = typeof value === 'string' ? value : functionName(value);
  if (name === null) {
    const parsed = functionSchema.safeParse(value);
    throw refuse(
      `a layer with the activation ${parsed.success ? parsed.data.class_name : JSON.stringify(value)}`,
    );
  }
  // Keras 3 made it x/6 + 1/2, where it had been x/5 + 1/2.
  if (name === 'hard_sigmoid' && version >= 3) return 'hardSigmoid6';
  return activationNames[name] ?? name;
}

/** True for the types of numbers of layers whose weights Keras made smaller. */
function isQuantized(dtype: unknown): boolean {
  const parsed = functionSchema.safeParse(dtype);
  return parsed.success && parsed.data.class_name.startsWith('Quantized');
}

/** The name of a function that Keras 3 wrote as an object. */
function functionName(value: unknown): string | null {
  const parsed = functionSchema.safeParse(value);
  if (!parsed.success || parsed.data.class_name !== 'function') return null;
  return typeof parsed.data.config === 'string' ? parsed.data.config : null;
}

const same: Adapt = ({ type, config }) => ({ type, config });

function as(type: string, settings: Config = {}): Adapt {
  return ({ config: { name, trainable } }) => ({ type, config: { name, trainable, ...settings } });
}

const convolution: Adapt = ({ type, config }, refuse) => {
  const { groups, dilation_rate, output_padding, padding } = config;
  if (padding === 'causal') throw refuse(`${type} with causal padding`);
  const grouped = !isOne(groups);
  if (grouped && type !== 'Conv2D') throw refuse(`${type} with groups`);
  const dilated = !isOne(dilation_rate);
  if (dilated && (type === 'DepthwiseConv2D' || type === 'Conv2DTranspose'))
    throw refuse(`${type} with dilation`);
  if (output_padding !== null && output_padding !== undefined) throw refuse(`${type} with output padding`);
  return { type: grouped ? 'GroupedConv2D' : type, config };
};

const input: Adapt = ({ type, config }) => {
  const { batch_input_shape, batch_shape, shape, name } = config;
  const unbatched = Array.isArray(shape) ? [null, ...(shape as unknown[])] : undefined;
  return { type, config: { name, batch_input_shape: batch_input_shape ?? batch_shape ?? unbatched } };
};

const resizing: Adapt = ({ type, config }, refuse) => {
  const { interpolation = 'bilinear', crop_to_aspect_ratio, pad_to_aspect_ratio } = config;
  if (interpolation !== 'bilinear' && interpolation !== 'nearest')
    throw refuse(`${type} with ${String(interpolation)} interpolation`);
  if (crop_to_aspect_ratio === true || pad_to_aspect_ratio === true)
    throw refuse(`${type} that keeps the aspect ratio`);
  return { type, config };
};

const batchNormalization: Adapt = ({ type, config }, refuse) => {
  if (config.renorm === true) throw refuse(`${type} with renorm`);
  return { type, config: { ...config, axis: firstOf(config.axis) } };
};

const layerNormalization: Adapt = ({ type, config }, refuse) => {
  if (config.rms_scaling === true) throw refuse(`${type} with RMS scaling`);
  return { type, config };
};

const spatialDropout: Adapt = ({ config }) => ({
  type: 'Dropout',
  config: { name: config.name, rate: config.rate, noise_shape: [null, 1, 1, null] },
});

const leakyReLU: Adapt = ({ type, config }) => {
  const { alpha, negative_slope, ...rest } = config;
  return { type, config: { ...rest, alpha: alpha ?? negative_slope ?? 0.3 } };
};

/** `inputs[0] + inputs[1] * scale`, a layer of Inception-ResNet's own. */
function addScaled(config: Config, scale: unknown): Adapted {
  const { name } = config;
  return { type: 'Operation', config: { name, operation: 'addScaled', operands: [null, null], scale } };
}

/** Keras 2 wrote Inception-ResNet's with Python code, whose text is the same in all of them. */
const lambda: Adapt = ({ type, config }, refuse) => {
  const { scale } = (config.arguments ?? {}) as { scale?: unknown };
  if (typeof scale !== 'number' || !/^block(35|17|8)_\d+$/.test(String(config.name))) throw refuse(type);
  return addScaled(config, scale);
};

/** Whole residuals of a batch's images are dropped, as by a dropout with one number for each image. */
const stochasticDepth: Adapt = ({ config: { name, drop_path_rate } }) => ({
  type: 'Dropout',
  config: { name, rate: drop_path_rate, noise_shape: [null, 1, 1, 1] },
});

/** What differs; all others are the same there. */
const adapters: Readonly<Record<string, Adapt>> = {
  InputLayer: input,
  BatchNormalization: batchNormalization,
  SyncBatchNormalization: (variant, refuse) =>
    batchNormalization({ ...variant, type: 'BatchNormalization' }, refuse),
  LayerNormalization: layerNormalization,
  LeakyReLU: leakyReLU,
  SpatialDropout2D: spatialDropout,
  Identity: as('Activation', { activation: 'linear' }),
  ActivityRegularization: as('Activation', { activation: 'linear' }),
  CustomScaleLayer: ({ config }) => addScaled(config, config.scale),
  Lambda: lambda,
  StochasticDepth: stochasticDepth,
  Resizing: resizing,
  UpSampling2D: ({ type, config }, refuse) =>
    resizing({ type, config: { interpolation: 'nearest', ...config }, version: 0, shape: null }, refuse),
};

/**
 * Adapts one layer.
 * @param refuse makes the error for a variant that cannot be had
 * @throws AppError MODEL_LAYER_UNSUPPORTED
 */
export function adaptLayer(variant: Variant, refuse: Refuse): Adapted {
  const { type, version } = variant;
  if (overTime.has(type)) throw refuse(type);
  if (isQuantized(variant.config.dtype)) throw refuse(`${type} with quantized weights`);
  const kept = Object.entries(variant.config).filter(([key]) => !superfluous.has(key));
  const config: Record<string, unknown> = Object.fromEntries(kept);
  if (config.data_format === 'channels_first') throw refuse(`${type} with channels first`);
  if ('activation' in config) config.activation = activationName(config.activation, version, refuse);
  const { batch_shape } = config;
  if (batch_shape !== undefined && config.batch_input_shape === undefined)
    config.batch_input_shape = batch_shape;
  const adapt = adapters[type] ?? (convolutions.has(type) ? convolution : same);
  return adapt({ ...variant, config }, refuse);
}
