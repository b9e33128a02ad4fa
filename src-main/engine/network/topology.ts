/**
 * Networks as they are written in files: layers with their settings and connections, in the dialect of TensorFlow.js
 * (and of Keras 2). Everything here works on the description alone, before any tensor is made.
 */
import { z } from 'zod';

/** One use of a layer's output: layer, which of its calls, which of its outputs, further arguments. */
export const connectionSchema = z.tuple(
  [z.string(), z.number(), z.number()],
  z.record(z.string(), z.unknown()),
);
export type Connection = z.infer<typeof connectionSchema>;

export const endSchema = z.tuple([z.string(), z.number(), z.number()]);
/** A tensor where a network begins or ends. */
export type NetworkEnd = z.infer<typeof endSchema>;

/** A layer of a network. */
export interface LayerEntry {
  readonly class_name: string;
  readonly name?: string | undefined;
  readonly config: Record<string, unknown>;
  /** The class that its file names, where `class_name` is another that stands for it here. */
  readonly saved_as?: string | undefined;
  /** One list of connections for each call; absent in stacks. */
  readonly inbound_nodes?: readonly (readonly Connection[])[] | undefined;
}

/** A network: a stack of layers, or a graph with its ends. */
export interface Topology {
  readonly class_name: string;
  readonly config: {
    readonly name: string;
    readonly layers: readonly LayerEntry[];
    readonly input_layers?: readonly NetworkEnd[] | undefined;
    readonly output_layers?: readonly NetworkEnd[] | undefined;
  };
}

/** Class names of networks that are used as layers. */
const networkTypes = new Set(['Sequential', 'Functional', 'Model']);

/** True when a layer is a whole network. */
export function isNetwork(layer: LayerEntry): boolean {
  return networkTypes.has(layer.class_name);
}

/** A layer that is a network, as a topology. */
export function asTopology(layer: LayerEntry): Topology {
  return layer as unknown as Topology;
}

/** A topology as a layer of another. */
export function asLayer(network: Topology & Pick<LayerEntry, 'name' | 'inbound_nodes'>): LayerEntry {
  return { ...network, config: { ...network.config } };
}

/** The name of a layer. */
export function nameOf(layer: LayerEntry): string {
  return layer.name ?? String(layer.config.name);
}

/** All layers, those of nested networks included. */
export function allLayers(topology: Topology): LayerEntry[] {
  return topology.config.layers.flatMap((layer) =>
    isNetwork(layer) ? allLayers(asTopology(layer)) : [layer],
  );
}

/** All networks that are used as layers, at any depth. */
export function networksIn(topology: Topology): LayerEntry[] {
  return topology.config.layers
    .filter(isNetwork)
    .flatMap((layer) => [layer, ...networksIn(asTopology(layer))]);
}

/** The shape of the images a layer takes, with the batch first; null where it does not say. */
export function batchShapeOf({ config }: LayerEntry): (number | null)[] | null {
  const shape = config.batch_input_shape ?? config.batchInputShape ?? config.batch_shape;
  const isShape = Array.isArray(shape) && shape.every((side) => side === null || typeof side === 'number');
  return isShape ? (shape as (number | null)[]) : null;
}

/** The shape of the first input of a network, with the batch first; null where its file does not say. */
export function inputShapeOf(topology: Topology): (number | null)[] | null {
  const [end] = topology.config.input_layers ?? [];
  const { layers } = topology.config;
  const first = end === undefined ? layers[0] : layers.find((layer) => nameOf(layer) === end[0]);
  if (first === undefined) return null;
  return batchShapeOf(first) ?? (isNetwork(first) ? inputShapeOf(asTopology(first)) : null);
}

/** The number of a layer's first use: networks count their making as call 0. */
export function firstCall(layer: LayerEntry): number {
  return isNetwork(layer) ? 1 : 0;
}

/**
 * A stack as a graph, which can be cut; graphs come back as they are.
 * @returns a network of class Functional with its own input layer
 */
export function asGraph(topology: Topology): Topology {
  if (topology.class_name !== 'Sequential') return topology;
  const { name, layers } = topology.config;
  const [first] = layers;
  const begin: LayerEntry =
    first.class_name === 'InputLayer'
      ? first
      : {
          class_name: 'InputLayer',
          config: { name: `${nameOf(first)}_input`, batch_input_shape: inputShapeOf(topology) },
        };
  const rest = first.class_name === 'InputLayer' ? layers.slice(1) : layers;
  const graph: LayerEntry[] = [{ ...begin, name: nameOf(begin), inbound_nodes: [] }];
  for (const layer of rest) {
    const before = graph.at(-1)!;
    graph.push({
      ...layer,
      name: nameOf(layer),
      inbound_nodes: [[[nameOf(before), firstCall(before), 0, {}]]],
    });
  }
  return {
    class_name: 'Functional',
    config: {
      name,
      layers: graph,
      input_layers: [[nameOf(begin), 0, 0]],
      output_layers: [[nameOf(graph.at(-1)!), firstCall(graph.at(-1)!), 0]],
    },
  };
}

const networkConfigSchema = z.looseObject({
  name: z.string().optional(),
  layers: z.array(
    z.looseObject({
      class_name: z.string(),
      name: z.string().optional(),
      config: z.record(z.string(), z.unknown()),
      inbound_nodes: z.array(z.array(connectionSchema)).optional(),
    }),
  ),
  input_layers: z.array(endSchema).optional(),
  output_layers: z.array(endSchema).optional(),
});

const plainSchema = z.object({
  class_name: z.string(),
  // Keras 1 and the first 2.x wrote a stack's layers without a frame around them.
  config: z.union([networkConfigSchema, networkConfigSchema.shape.layers]),
});

/** True when all networks that are used as layers are described as networks are. */
function describesNested(layers: readonly LayerEntry[]): boolean {
  return layers.filter(isNetwork).every(({ config }) => {
    const parsed = networkConfigSchema.safeParse(config);
    return parsed.success && describesNested(parsed.data.layers);
  });
}

/**
 * Reads the network of a file; null when it is not a network of layers.
 * @param content of `parseDescription`, which is not nested deeper than can be gone through
 */
export function parseTopology(content: unknown): Topology | null {
  const outer = z.looseObject({ model_config: z.unknown() }).safeParse(content);
  const inner = plainSchema.safeParse(
    outer.success && outer.data.model_config ? outer.data.model_config : content,
  );
  if (!inner.success) return null;
  const { class_name, config } = inner.data;
  const framed = Array.isArray(config) ? { name: 'sequential', layers: config } : config;
  if (!describesNested(framed.layers)) return null;
  return { class_name, config: { ...framed, name: framed.name ?? 'model' } };
}
