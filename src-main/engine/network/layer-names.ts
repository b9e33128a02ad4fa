/** Names of layers as TensorFlow.js can name tensors after them. */
import {
  type Connection,
  type LayerEntry,
  type NetworkEnd,
  type Topology,
  asTopology,
  isNetwork,
} from './topology.ts';

/**
 * A name that begins with a letter or digit and holds no sign that tensors' names cannot have: Keras takes any name
 * without `/`, such as `_conv` or `Größe (cm)`. Of two calls on one name, both give the same.
 */
export function tensorName(name: string): string {
  const kept = name.replace(/[^-A-Za-z0-9._/]/g, '_');
  return /^[A-Za-z0-9]/.test(kept) ? kept : `layer${kept}`;
}

function renamed<From extends Connection | NetworkEnd>([layer, ...rest]: From): From {
  return [tensorName(layer), ...rest] as unknown as From;
}

/** The same network, all its layers named by `tensorName`. */
export function withTensorNames(topology: Topology): Topology {
  const { name, layers, input_layers, output_layers, ...rest } = topology.config;
  return {
    ...topology,
    config: {
      ...rest,
      name: tensorName(name),
      layers: layers.map(entryWithTensorNames),
      ...(input_layers && { input_layers: input_layers.map(renamed) }),
      ...(output_layers && { output_layers: output_layers.map(renamed) }),
    },
  };
}

function entryWithTensorNames(layer: LayerEntry): LayerEntry {
  const config = isNetwork(layer) ? { ...withTensorNames(asTopology(layer)).config } : { ...layer.config };
  if (typeof config.name === 'string') config.name = tensorName(config.name);
  return {
    ...layer,
    config,
    ...(layer.name !== undefined && { name: tensorName(layer.name) }),
    ...(layer.inbound_nodes && { inbound_nodes: layer.inbound_nodes.map((node) => node.map(renamed)) }),
  };
}
