/**
 * Brings the networks that Keras writes, in the dialects of its versions 1 to 3, into the one that
 * TensorFlow.js reads.
 */
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { withTensorNames } from '../network/layer-names.ts';
import {
  type Connection,
  type LayerEntry,
  type NetworkEnd,
  type Topology,
  asLayer,
  nameOf,
} from '../network/topology.ts';
import { callOf, inOrder } from './keras-calls.ts';
import { type Variant, adaptLayer } from './keras-layers.ts';
import { layerOfOperation } from './keras-operations.ts';
import { asOperation } from './read-operation.ts';

const entrySchema = z.looseObject({
  class_name: z.string(),
  config: z.unknown(),
  name: z.string().optional(),
  module: z.string().nullish(),
  registered_name: z.string().nullish(),
  inbound_nodes: z.array(z.unknown()).optional(),
  // Networks with several inputs have an object of shapes.
  build_config: z.looseObject({ input_shape: z.array(z.unknown()).nullish().catch(null) }).nullish(),
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
  return withTensorNames(network(entry.data, about));
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
  const stacks = new Set(entries.filter(({ class_name: type }) => type === 'Sequential').map(nameOf));
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
      // At its ends Keras 3 counts that call of nested networks, but not that of stacks (Functional.get_config).
      output_layers: ends(parsed.data.output_layers).map((end) => countCalls(end, stacks, about)),
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

/** Ends of a network: one alone, a list of them, or an object, which Keras takes in the order of the alphabet. */
function ends(value: unknown): NetworkEnd[] {
  if (Array.isArray(value) && typeof value[0] === 'string') {
    const [layer, call, output] = value as [string, number, number];
    return [[layer, call, output]];
  }
  const inner = Array.isArray(value)
    ? value
    : value !== null && typeof value === 'object'
      ? inOrder(value, [])
      : [];
  return inner.flatMap(ends);
}

function layerEntry(value: unknown, about: AboutFile): LayerEntry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw invalid(about, 'one of its layers is not described');
  const entry = parsed.data;
  const nodes = entry.inbound_nodes ?? [];
  if (networks.has(entry.class_name)) {
    const nested = network(entry, about);
    const names = inputNames(entry);
    const inbound_nodes = nodes.map((node) => [...callOf(node, names).tensors]);
    const placed = { ...nested, name: entry.name ?? nested.config.name, inbound_nodes };
    return asLayer(placed);
  }
  const config = z.record(z.string(), z.unknown()).catch({}).parse(entry.config);
  const name = entry.name ?? (typeof config.name === 'string' ? config.name : entry.class_name);
  const refuse = (variant: string): AppError =>
    new AppError('MODEL_LAYER_UNSUPPORTED', { ...about, layer: name, type: variant });
  const calls = nodes.map((node) => callOf(node));
  const own = ownType(entry);
  if (own !== null) throw refuse(own);
  const inbound_nodes = calls.map(({ tensors }) => [...tensors]);
  const operation = asOperation({ ...entry, config }, calls, about.version);
  if (operation !== null) {
    const layer = layerOfOperation(operation);
    if (layer === null) throw refuse(operation.shown);
    return { class_name: layer.type, name, config: { ...layer.config, name }, inbound_nodes };
  }
  const shape = entry.build_config?.input_shape ?? null;
  const variant: Variant = {
    type: entry.class_name,
    config: { ...config, name },
    version: about.version,
    shape,
  };
  const adapted = adaptLayer(variant, refuse);
  const saved_as = adapted.type === entry.class_name ? {} : { saved_as: entry.class_name };
  return { class_name: adapted.type, name, config: adapted.config, inbound_nodes, ...saved_as };
}

/** The class of a layer that is none of Keras' own. */
function ownType({ registered_name }: Entry): string | null {
  const own = typeof registered_name === 'string' && /^(?!keras)[^>]+>/i.test(registered_name);
  return own ? registered_name : null;
}

/** The names under which a nested network takes its inputs, in their order. */
function inputNames({ config }: Entry): string[] {
  const { input_layers: begins } = networkConfigSchema.catch({ layers: [] }).parse(config);
  const named = begins !== null && typeof begins === 'object' && !Array.isArray(begins);
  return named ? Object.keys(begins).sort() : ends(begins).map(([layer]) => layer);
}
