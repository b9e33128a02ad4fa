/**
 * Operations on tensors between layers (`x / 127.5`, `ops.relu(x)`, `x[..., ::-1]`), in the names of Keras 3: as a
 * layer that does the same, or as the layer `Operation`.
 */
import type { Connection } from '../network/topology.ts';

type Config = Readonly<Record<string, unknown>>;

/** What an operation gets: a tensor, or numbers of the file. */
export type Operand = { readonly tensor: Connection } | { readonly constant: unknown };

/** One operation with what it gets. */
export interface OperationCall {
  /** As Keras 3 calls its class. */
  readonly name: string;
  readonly operands: readonly Operand[];
  /** How many axes the first tensor has; null where the file does not say. */
  readonly rank: number | null;
  /** True when the file says that all tensors have as many axes. */
  readonly ranksAlike: boolean;
  readonly settings: Config;
  /** The first number of Keras' version. */
  readonly version: number;
}

/** The layer that stands for it. */
export interface OperationLayer {
  readonly type: string;
  readonly config: Config;
}

type Adapt = (call: OperationCall) => OperationLayer | null;

function activation(name: string): Adapt {
  return () => ({ type: 'Activation', config: { activation: name } });
}

/** What a computed operand counts as: a number, or nested lists of numbers. */
function isNumbers(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isNumbers);
  return typeof value === 'number';
}

/** The layer `Operation`, for what has no layer of its own. */
function operation({ name, operands }: OperationCall, settings: Config = {}): OperationLayer | null {
  const constants = operands.map((operand) => ('constant' in operand ? operand.constant : null));
  if (!constants.every((constant) => constant === null || isNumbers(constant))) return null;
  const called = `${name[0].toLowerCase()}${name.slice(1)}`;
  return { type: 'Operation', config: { operation: called, operands: constants, ...settings } };
}

/** Layers that merge tensors alike in their number of axes. */
const merges = new Set(['Add', 'Subtract', 'Multiply', 'Maximum', 'Minimum']);

const arithmetic: Adapt = (call) => {
  const { name, operands, ranksAlike } = call;
  const tensors = operands.every((operand) => 'tensor' in operand);
  if (operands.length < 2) return null;
  // Tensors with different numbers of axes are laid over each other otherwise by a layer.
  if (merges.has(name) && tensors && ranksAlike) return { type: name, config: {} };
  return operands.length === 2 ? operation(call) : null;
};

const plain: Adapt = (call) => operation(call);

/** One number of the settings, or of the operands after the first. */
function numberOf(call: OperationCall, name: string, place: number): number | null {
  const operand = call.operands.at(place);
  const value = call.settings[name] ?? (operand && 'constant' in operand ? operand.constant : null);
  return typeof value === 'number' ? value : null;
}

const clip: Adapt = (call) => {
  const lowest = numberOf(call, 'x_min', 1);
  const highest = numberOf(call, 'x_max', 2);
  if (lowest === null || highest === null) return null;
  return operation({ ...call, operands: call.operands.slice(0, 1) }, { lowest, highest });
};

function axesOf({ axis }: Config): number[] | null {
  return axis === null || axis === undefined ? null : [axis].flat().map(Number);
}

/** Over the sides of a feature map that is pooling, after which networks are cut and heatmaps computed. */
function reduction(pooling: string | null): Adapt {
  return (call) => {
    const axes = axesOf(call.settings);
    const keepdims = call.settings.keepdims === true;
    const isMap = call.rank === 4 || (call.rank === null && axes?.length === 2);
    const sides = axes?.map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
    if (pooling !== null && isMap && sides?.join() === '1,2') return { type: pooling, config: { keepdims } };
    return operation(call, { axis: axes, keepdims });
  };
}

const reshape: Adapt = ({ settings }) => {
  const [batch, ...sides] = (settings.newshape ?? []) as (number | null)[];
  const known = sides.every((side) => typeof side === 'number' && side > 0);
  // With the batch left open, all other sides are those of each image.
  if ((batch !== -1 && batch !== null) || !known || sides.length === 0) return null;
  return { type: 'Reshape', config: { target_shape: sides } };
};

const transpose: Adapt = ({ settings }) => {
  const [batch, ...dims] = (settings.axes ?? []) as number[];
  return batch === 0 && dims.length > 0 ? { type: 'Permute', config: { dims } } : null;
};

const concatenate: Adapt = ({ operands, settings: { axis } }) => {
  const tensors = operands.every((operand) => 'tensor' in operand);
  return tensors && typeof axis === 'number' ? { type: 'Concatenate', config: { axis } } : null;
};

const softmax: Adapt = ({ settings: { axis } }) => ({ type: 'Softmax', config: { axis: axis ?? -1 } });

const logSoftmax: Adapt = ({ settings: { axis } }) =>
  (axis ?? -1) === -1 ? { type: 'Activation', config: { activation: 'log_softmax' } } : null;

const resize: Adapt = ({ settings: { size, interpolation = 'bilinear', antialias } }) => {
  if (!Array.isArray(size) || antialias === true) return null;
  if (interpolation !== 'bilinear' && interpolation !== 'nearest') return null;
  return { type: 'Resizing', config: { height: Number(size[0]), width: Number(size[1]), interpolation } };
};

function pooling(type: string): Adapt {
  return ({ rank, settings: { pool_size, strides, padding = 'valid' } }) =>
    rank === 4 ? { type, config: { pool_size, strides: strides ?? pool_size, padding } } : null;
}

/** An entry between the brackets of `x[…]`, as `engine/layers/tensor-item.ts` has it; undefined for others. */
function itemEntry(value: unknown): unknown {
  if (value === null) return 'new';
  if (typeof value === 'number') return value;
  if (typeof value !== 'object') return undefined;
  const { class_name, config, ...slice } = value as { class_name?: string; config?: Config } & Config;
  if (class_name === '__ellipsis__') return 'rest';
  const { start, stop, step } = class_name === '__slice__' ? (config ?? {}) : slice;
  const parts = [start, stop, step].map((part) => part ?? null);
  return parts.every((part) => part === null || Number.isInteger(part)) ? parts : undefined;
}

const getItem: Adapt = (call) => {
  const [, key] = call.operands;
  const item = call.settings.item ?? (key !== undefined && 'constant' in key ? key.constant : undefined);
  const entries = (Array.isArray(item) ? item : [item]).map(itemEntry);
  // The first axis is the batch, of which nothing can be taken.
  const whole = entries[0] === 'rest' || String(entries[0]) === ',,';
  if (!whole || entries.includes(undefined)) return null;
  return operation({ ...call, operands: call.operands.slice(0, 1) }, { item: entries });
};

/** Back to front along one axis. */
const flip: Adapt = (call) => {
  const axes = axesOf(call.settings);
  if (axes?.length !== 1 || axes[0] === 0) return null;
  const whole = (count: number): unknown[] => new Array(count).fill([null, null, null]);
  const reversed = [null, null, -1];
  const [axis] = axes;
  const item = axis < 0 ? ['rest', reversed, ...whole(-1 - axis)] : [...whole(axis), reversed];
  return operation({ ...call, name: 'GetItem' }, { item });
};

/** Operations along an axis other than the batch's. */
const alongAxis: Adapt = (call) => {
  const { axis } = call.settings;
  const named = axis === undefined || axis === null ? {} : { axis };
  return [axis].flat().includes(0) ? null : operation(call, named);
};

/** Keras 3 made it x/6 + 1/2, where it had been x/5 + 1/2. */
const hardSigmoid: Adapt = (call) => activation(call.version >= 3 ? 'hardSigmoid6' : 'hard_sigmoid')(call);

const gelu: Adapt = (call) => activation(call.settings.approximate === true ? 'geluTanh' : 'gelu')(call);

const elu: Adapt = (call) => ({ type: 'ELU', config: { alpha: numberOf(call, 'alpha', 1) ?? 1 } });

const leakyRelu: Adapt = (call) => ({
  type: 'LeakyReLU',
  config: { alpha: numberOf(call, 'negative_slope', 1) ?? 0.2 },
});

const nothing = activation('linear');

/** Numbers are float32 throughout. */
const cast: Adapt = (call) => (/^float/.test(String(call.settings.dtype)) ? nothing(call) : null);

/** By the names of Keras 3's classes. */
const adapters: Readonly<Record<string, Adapt>> = {
  Add: arithmetic,
  Subtract: arithmetic,
  Multiply: arithmetic,
  TrueDivide: arithmetic,
  Divide: (call) => arithmetic({ ...call, name: 'TrueDivide' }),
  Power: arithmetic,
  Maximum: arithmetic,
  Minimum: arithmetic,
  Negative: plain,
  Absolute: plain,
  Abs: (call) => plain({ ...call, name: 'Absolute' }),
  Square: plain,
  Sqrt: plain,
  Rsqrt: plain,
  Log: plain,
  Clip: clip,
  Mean: reduction('GlobalAveragePooling2D'),
  Max: reduction('GlobalMaxPooling2D'),
  Min: reduction(null),
  Sum: reduction(null),
  Stack: alongAxis,
  ExpandDims: alongAxis,
  Squeeze: alongAxis,
  GetItem: getItem,
  Flip: flip,
  Reshape: reshape,
  Transpose: transpose,
  Concatenate: concatenate,
  Resize: resize,
  AveragePool: pooling('AveragePooling2D'),
  MaxPool: pooling('MaxPooling2D'),
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  Relu: activation('relu'),
  Relu6: activation('relu6'),
  Sigmoid: activation('sigmoid'),
  LogSigmoid: activation('logSigmoid'),
  Tanh: activation('tanh'),
  HardTanh: activation('hardTanh'),
  Softplus: activation('softplus'),
  Softsign: activation('softsign'),
  Selu: activation('selu'),
  Silu: activation('swish'),
  Mish: activation('mish'),
  Exp: activation('exponential'),
  HardSigmoid: hardSigmoid,
  HardSilu: activation('hardSilu'),
  Gelu: gelu,
  Elu: elu,
  LeakyRelu: leakyRelu,
  Identity: nothing,
  Copy: nothing,
  Cast: cast,
  StopGradient: nothing,
};

/** The layer that does what an operation does; null where there is none. */
export function layerOfOperation(call: OperationCall): OperationLayer | null {
  return adapters[call.name]?.(call) ?? null;
}
