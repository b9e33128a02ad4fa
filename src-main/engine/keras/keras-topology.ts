/**
 * Brings the networks that Keras writes, in the dialects of its versions 1 to 3, into the one that
 * TensorFlow.js reads.
 */
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import {
  type Connection,
  type LayerEntry,
  type NetworkEnd,
  type Topology,
  asLayer,
  nameOf,
} from '../topology.ts';
import { type Variant, adaptLayer } from './keras-layers.ts';

const entrySchema = z.looseObject({
  class_name: z.string(),
  config: z.unknown(),
  name: z.string().optional(),
  module: z.string().nullish(),
  registered_name: z.string().nullish(),
  inbound_nodes: z.array(z.unknown()).optional(),
  build_config: z.looseObject({ input_shape: z.array(z.unknown()).nullish() }).nullish(),
});
type Entry = z.infer<typeof entrySchema>;

const networkConfigSchema = z.looseObject({
  name: z.string().optional(),
  layers: z.array(z.unknown()),
  input_layers: z.unknown().optional(),
  output_layers: z.unknown().optional(),
  build_input_shape: z.array(z.unknown()).nullish(),
});

const networks = new Set(['Sequential', 'Functional', 'Model']);

/** What messages say about the file. */
export interface AboutFile {
  readonly path: string;
  /** `Keras 2.4.0`. */
  readonly format: string;
  /** The first number of the version. */
  readonly version: number;
}

/**
 * Reads the description of a Keras network.
 * @param content the parsed JSON of `model_config` or `config.json`
 * @throws AppError MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED
 */
export function kerasTopology(content: unknown, about: AboutFile): Topology {
  const entry = entrySchema.safeParse(plain(content));
  if (!entry.success) throw invalid(about, 'it describes no network of layers');
  if (!networks.has(entry.data.class_name)) {
    const reason = `its network is a ${entry.data.class_name}, whose layers are connected by a Python program`;
    throw invalid(about, reason);
  }
  return network(entry.data, about);
}

function invalid({ path }: AboutFile, reason: string): AppError {
  return new AppError('MODEL_FILE_INVALID', { path, reason });
}

/** Python's tuples and arrays, which JSON knows not, as lists. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  const { class_name, items, config } = value as { class_name?: unknown; items?: unknown; config?: unknown };
  if (class_name === '__tuple__') return plain(items);
  if (class_name === '__numpy__' || class_name === '__tensor__') return (config as { value?: unknown }).value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function network(entry: Entry, about: AboutFile): Topology {
  const { class_name, config: content, build_config } = entry;
  const framed = Array.isArray(content) ? { layers: content } : content;
  const parsed = networkConfigSchema.safeParse(framed);
  if (!parsed.success) throw invalid(about, `its ${class_name} has no list of layers`);
  const { name = class_name.toLowerCase(), layers } = parsed.data;
  const trainable = parsed.data.trainable ?? true;
  const entries = layers.map((inner) => layerEntry(inner, about));
  if (class_name === 'Sequential') {
    const shape = parsed.data.build_input_shape ?? build_config?.input_shape ?? null;
    return { class_name, config: { name, trainable, layers: withInput(entries, shape) } } as Topology;
  }
  const nested = new Set(entries.filter(({ class_name: type }) => networks.has(type)).map(nameOf));
  const counted = <From extends Connection | NetworkEnd>(from: From): From => countCalls(from, nested, about);
  return {
    class_name: 'Functional',
    config: {
      name,
      trainable,
      layers: entries.map((inner) => ({
        ...inner,
        inbound_nodes: inner.inbound_nodes?.map((node) => node.map(counted)),
      })),
      input_layers: ends(parsed.data.input_layers),
      output_layers: ends(parsed.data.output_layers).map(counted),
    },
  } as Topology;
}

/** A nested network is called once when it is made, before any use: Keras 3 does not count that call. */
function countCalls<From extends Connection | NetworkEnd>(
  from: From,
  nested: ReadonlySet<string>,
  { version }: AboutFile,
): From {
  if (version < 3 || !nested.has(from[0])) return from;
  const [layer, call, ...rest] = from;
  return [layer, call + 1, ...rest] as From;
}

/** A stack must say what it takes: where no layer does, it stands beside the layers. */
function withInput(layers: LayerEntry[], shape: readonly unknown[] | null): LayerEntry[] {
  const [first] = layers;
  if (first === undefined || shape === null || networks.has(first.class_name)) return layers;
  if (first.class_name === 'InputLayer' || first.config.batch_input_shape !== undefined) return layers;
  return [{ ...first, config: { ...first.config, batch_input_shape: shape } }, ...layers.slice(1)];
}

/** Ends of a network: a list of them, or one alone. */
function ends(value: unknown): NetworkEnd[] {
  if (Array.isArray(value) && typeof value[0] === 'string') {
    const [layer, call, output] = value as [string, number, number];
    return [[layer, call, output]];
  }
  const inner = Array.isArray(value)
    ? value
    : value !== null && typeof value === 'object'
      ? Object.values(value)
      : [];
  return inner.flatMap(ends);
}

function layerEntry(value: unknown, about: AboutFile): LayerEntry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw invalid(about, 'one of its layers is not described');
  const entry = parsed.data;
  const inbound_nodes = (entry.inbound_nodes ?? []).map((node) => connections(node));
  if (networks.has(entry.class_name)) {
    const nested = network(entry, about);
    const placed = { ...nested, name: entry.name ?? nested.config.name, inbound_nodes };
    return asLayer(placed);
  }
  const config = z.record(z.string(), z.unknown()).catch({}).parse(entry.config);
  const name = entry.name ?? (typeof config.name === 'string' ? config.name : entry.class_name);
  const refuse = (variant: string): AppError =>
    new AppError('MODEL_LAYER_UNSUPPORTED', { ...about, layer: name, type: variant });
  const type = ownType(entry);
  if (type !== null) throw refuse(type);
  const shape = entry.build_config?.input_shape ?? null;
  const variant: Variant = {
    type: entry.class_name,
    config: { ...config, name },
    version: about.version,
    shape,
  };
  const adapted = adaptLayer(variant, refuse);
  return { class_name: adapted.type, name, config: adapted.config, inbound_nodes };
}

/** What a layer is when it is none of Keras' own: a registered class, or an operation on tensors. */
function ownType({ class_name, module, registered_name }: Entry): string | null {
  if (typeof registered_name === 'string' && /^(?!keras)[^>]+>/i.test(registered_name))
    return registered_name;
  if (typeof module === 'string' && /\.ops\b|operation/.test(module)) return `${module}.${class_name}`;
  return null;
}

/**
 * The connections of one call. Keras 2 writes `[[layer, call, output, {}], …]`, or one of them alone; Keras 3
 * `{ args: [tensor or list of tensors], kwargs }`.
 */
function connections(node: unknown): Connection[] {
  if (Array.isArray(node)) {
    if (typeof node[0] === 'string') return [connection(node)];
    return node.map((inner) => connection(inner as unknown[]));
  }
  const found: Connection[] = [];
  collectTensors((node as { args?: unknown } | null)?.args, found);
  return found;
}

function connection([layer, call, output]: unknown[]): Connection {
  return [String(layer), Number(call), Number(output), {}];
}

function collectTensors(value: unknown, into: Connection[]): void {
  if (Array.isArray(value)) {
    for (const inner of value) collectTensors(inner, into);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  const { class_name, config } = value as { class_name?: unknown; config?: { keras_history?: unknown[] } };
  if (class_name === '__keras_tensor__' && config?.keras_history) into.push(connection(config.keras_history));
}
