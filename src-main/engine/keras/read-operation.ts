/** Finds operations on tensors among the layers of Keras' networks, in the ways in which its versions write them. */
import type { Call } from './keras-calls.ts';
import type { OperationCall } from './keras-operations.ts';

type Config = Readonly<Record<string, unknown>>;

/** An entry among the layers of a network. */
interface Entry {
  readonly class_name: string;
  readonly module?: string | null | undefined;
  readonly config: Config;
}

/** An operation, with its name for messages. */
export interface FoundOperation extends OperationCall {
  readonly shown: string;
}

/** TensorFlow's functions and operations, in small letters without `_`, under the names of Keras 3. */
const tensorflowNames: Readonly<Record<string, string>> = {
  addv2: 'Add',
  biasadd: 'Add',
  sub: 'Subtract',
  mul: 'Multiply',
  truediv: 'TrueDivide',
  realdiv: 'TrueDivide',
  div: 'TrueDivide',
  pow: 'Power',
  neg: 'Negative',
  abs: 'Absolute',
  reducemean: 'Mean',
  reducesum: 'Sum',
  reducemax: 'Max',
  reducemin: 'Min',
  clipbyvalue: 'Clip',
  concat: 'Concatenate',
  expanddims: 'ExpandDims',
  getitem: 'GetItem',
  reverse: 'Flip',
  swish: 'Silu',
  leakyrelu: 'LeakyRelu',
  logsoftmax: 'LogSoftmax',
  logsigmoid: 'LogSigmoid',
  stopgradient: 'StopGradient',
};

/** TensorFlow's names of settings, under those of Keras 3. */
const settingNames: Readonly<Record<string, string>> = {
  clip_value_min: 'x_min',
  clip_value_max: 'x_max',
  shape: 'newshape',
  perm: 'axes',
  slice_spec: 'item',
  method: 'interpolation',
  keep_dims: 'keepdims',
};

/** The name in Keras 3 of what TensorFlow calls `math.reduce_mean` or `AddV2`. */
function kerasName(tensorflow: string): string {
  const last = tensorflow.split('.').at(-1)!;
  const known = tensorflowNames[last.replaceAll('_', '').toLowerCase()];
  return known ?? last.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function kerasSettings(settings: Config): Config {
  const entries = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [settingNames[name] ?? name, value]));
}

/**
 * The operation that an entry is; null for layers.
 * @param version the first number of Keras' version
 */
export function asOperation(entry: Entry, calls: readonly Call[], version: number): FoundOperation | null {
  const { class_name, module, config } = entry;
  if (calls.length === 0) return null;
  if (class_name === 'TFOpLambda' || class_name === 'SlicingOpLambda')
    return functionOf(entry, calls, version);
  if (class_name === 'TensorFlowOpLayer') return nodeOf(entry, calls, version);
  const named = typeof module === 'string';
  // `.h5` files say no more than the name of operations; layers say there whether they are trained.
  const isOne = named ? /\.ops\b|operation/.test(module) : version >= 3 && !('trainable' in config);
  if (!isOne) return null;
  const shown = `${named ? module : 'keras.ops'}.${class_name}`;
  return found(class_name, calls, { ...config, ...calls[0].named }, shown, version);
}

function found(
  name: string,
  calls: readonly Call[],
  settings: Config,
  shown: string,
  version: number,
): FoundOperation {
  const [{ operands, ranks, tensors }] = calls;
  // One that is called several times, each time with other numbers, no layer stands for.
  const once = calls.length === 1;
  const ranksAlike = ranks.length === tensors.length && new Set(ranks).size === 1;
  const rank = ranks[0] ?? null;
  return { name: once ? name : '', operands, rank, ranksAlike, settings, version, shown };
}

/** A function of TensorFlow, as Keras 2.4 and later write it. */
function functionOf({ config }: Entry, calls: readonly Call[], version: number): FoundOperation {
  const shown = `tf.${String(config.function)}`;
  const [{ named }] = calls;
  // Lists in another order than channels last.
  const foreign =
    typeof named.data_format === 'string' && !['NHWC', 'channels_last'].includes(named.data_format);
  const name = foreign ? '' : kerasName(String(config.function));
  return found(name, calls, kerasSettings(named), shown, version);
}

/** A node of TensorFlow's graph, as Keras 2.0 to 2.3 write it. */
function nodeOf({ config }: Entry, calls: readonly Call[], version: number): FoundOperation {
  const { op, attr } = (config.node_def ?? {}) as {
    op?: unknown;
    attr?: Readonly<Record<string, { b?: unknown }>>;
  };
  const operands = [...calls[0].operands];
  const constants = Object.entries((config.constants ?? {}) as Config);
  for (const [place, constant] of constants.sort(([a], [b]) => Number(a) - Number(b)))
    operands.splice(Number(place), 0, { constant });
  const name = kerasName(String(op));
  const reduces = ['Mean', 'Sum', 'Max', 'Min'].includes(name);
  const [, second] = operands;
  const axis = reduces && second !== undefined && 'constant' in second ? second.constant : null;
  const settings = axis === null ? {} : { axis, keepdims: attr?.keep_dims?.b === true };
  const kept = axis === null ? operands : operands.slice(0, 1);
  return found(
    name,
    [{ ...calls[0], operands: kept }, ...calls.slice(1)],
    settings,
    `tf.${String(op)}`,
    version,
  );
}
