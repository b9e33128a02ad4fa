/** The part of a network that turns images into a feature map: everything before its classifier. */
import { AppError } from '../../contract/shared/errors.ts';
import {
  type Connection,
  type LayerEntry,
  type Topology,
  allLayers,
  asGraph,
  asTopology,
  batchShapeOf,
  firstCall,
  isNetwork,
  nameOf,
} from './topology.ts';

/** Where a feature map becomes a list of numbers. */
const endsOfMap = new Set(['GlobalAveragePooling2D', 'GlobalMaxPooling2D', 'Flatten']);
/** Layers that may follow a classifying convolution. */
const withoutWeights = new Set(['Activation', 'Softmax', 'ReLU', 'Dropout', 'SpatialDropout2D', 'Reshape']);

/**
 * Cuts a network before its classifier and makes it take images of another size.
 * @param path for messages
 * @returns a graph that ends with the last feature map, and the name of that layer
 * @throws AppError BACKBONE_UNSUPPORTED when it has no feature map
 */
export function featurePart(
  topology: Topology,
  imageSize: number,
  path: string,
): { topology: Topology; lastLayer: string } {
  const graph = asGraph(topology);
  const { input_layers: inputs = [], output_layers: outputs = [], layers } = graph.config;
  if (inputs.length !== 1 || outputs.length !== 1) {
    const reason = `it has ${inputs.length} inputs and ${outputs.length} outputs instead of one of each`;
    throw new AppError('BACKBONE_UNSUPPORTED', { path, reason });
  }
  const byName = new Map(layers.map((layer) => [nameOf(layer), layer]));
  const last = lastFeatureMap(byName, outputs[0]);
  if (nameOf(byName.get(last[0])!) === inputs[0][0]) {
    throw new AppError('BACKBONE_UNSUPPORTED', {
      path,
      reason: 'nothing is left of it without its classifier',
    });
  }
  const wanted = ancestors(byName, last[0]);
  const kept = layers.filter((layer) => wanted.has(nameOf(layer)));
  const resized = kept.map((layer) => withImageSize(layer, imageSize));
  return {
    topology: {
      class_name: 'Functional',
      config: { ...graph.config, layers: resized, output_layers: [[last[0], last[1], last[2]]] },
    },
    lastLayer: last[0],
  };
}

type End = readonly [layer: string, call: number, output: number];

function inputsOf(byName: ReadonlyMap<string, LayerEntry>, [name, call]: End): readonly Connection[] {
  const layer = byName.get(name);
  return layer === undefined ? [] : (layer.inbound_nodes?.[call - firstCall(layer)] ?? []);
}

/** Layers that make one number of each channel of a map. */
const globalPoolings = new Set(['GlobalAveragePooling2D', 'GlobalMaxPooling2D']);

/**
 * Where the feature map ends: at the last global pooling that every way to the output passes, as in MobileNetV3, which
 * goes on with convolutions of single places; else where it becomes a list.
 */
function lastFeatureMap(byName: ReadonlyMap<string, LayerEntry>, output: End): End {
  const { map, isPooled } = walkBack(byName, output);
  if (isPooled) return map;
  const pooling = [...byName.values()]
    .filter(({ class_name }) => globalPoolings.has(class_name))
    .findLast((layer) => isOnEveryWay(byName, output, nameOf(layer)));
  const [before] = pooling?.inbound_nodes?.[0] ?? [];
  return before === undefined ? map : [before[0], before[1], before[2]];
}

/** Walks back from the output as long as there is one way, to where the feature map ends. */
function walkBack(byName: ReadonlyMap<string, LayerEntry>, output: End): { map: End; isPooled: boolean } {
  let seenWeights = false;
  for (let at: End = output; ;) {
    const layer = byName.get(at[0])!;
    const before = inputsOf(byName, at);
    if (endsOfMap.has(layer.class_name)) {
      const map: End = [before[0][0], before[0][1], before[0][2]];
      const isPooled = globalPoolings.has(layer.class_name);
      // SqueezeNet and its like classify by a convolution and pool afterwards.
      return { map: seenWeights ? map : (beforeClassifyingConvolution(byName, map) ?? map), isPooled };
    }
    seenWeights ||= !withoutWeights.has(layer.class_name);
    if (before.length !== 1) return { map: output, isPooled: false };
    at = [before[0][0], before[0][1], before[0][2]];
  }
}

/** True when no way leads from the input to the output without this layer. */
function isOnEveryWay(byName: ReadonlyMap<string, LayerEntry>, output: End, name: string): boolean {
  const met = ancestors(byName, output[0], name);
  return ![...met].some((layer) => byName.get(layer)?.class_name === 'InputLayer');
}

/** The map before `Dropout → Conv2D 1×1 → ReLU`; null where the network does not end so. */
function beforeClassifyingConvolution(byName: ReadonlyMap<string, LayerEntry>, map: End): End | null {
  let at = map;
  const back = (): LayerEntry | undefined => {
    const before = inputsOf(byName, at);
    if (before.length !== 1) return undefined;
    at = [before[0][0], before[0][1], before[0][2]];
    return byName.get(at[0]);
  };
  let layer = byName.get(at[0]);
  while (layer !== undefined && withoutWeights.has(layer.class_name)) layer = back();
  if (layer?.class_name !== 'Conv2D' || String(layer.config.kernel_size) !== '1,1') return null;
  layer = back();
  if (layer?.class_name !== 'Dropout') return null;
  back();
  return at;
}

/** A layer and all that it depends on. @param without a layer at which the search stops */
function ancestors(
  byName: ReadonlyMap<string, LayerEntry>,
  last: string,
  without?: string,
): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [last];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name) || name === without) continue;
    found.add(name);
    const connections = (byName.get(name)?.inbound_nodes ?? []).flat();
    waiting.push(...connections.map(([from]) => from));
  }
  return found;
}

/** Input layers get the size; those of nested networks any, unless their network needs a certain one. */
function withImageSize(layer: LayerEntry, size: number): LayerEntry {
  if (isNetwork(layer)) {
    const nested = asTopology(layer);
    const fixed = allLayers(nested).some(
      ({ class_name }) => class_name === 'Flatten' || class_name === 'Dense',
    );
    if (fixed) return layer;
    return withNestedSize(layer, null);
  }
  if (layer.class_name !== 'InputLayer') return layer;
  return withBatchShape(layer, size);
}

/** A nested network for feature maps of a size; null: of any. Networks inside it take any. */
export function withNestedSize(network: LayerEntry, size: number | null): LayerEntry {
  const layers = asTopology(network).config.layers.map((inner) =>
    isNetwork(inner) ? withNestedSize(inner, null) : withBatchShape(inner, size),
  );
  return { ...network, config: { ...network.config, layers } };
}

function withBatchShape(layer: LayerEntry, size: number | null): LayerEntry {
  const shape = batchShapeOf(layer);
  if (shape?.length !== 4) return layer;
  // Other spellings of the same setting would contradict it.
  const others = ['batchInputShape', 'batch_shape'];
  const kept = Object.entries(layer.config).filter(([key]) => !others.includes(key));
  const config = { ...Object.fromEntries(kept), batch_input_shape: [null, size, size, shape[3]] };
  return { ...layer, config };
}

/**
 * The same network with the zeros that another of the same layer names adds: Keras' networks pad by one pixel more
 * or less as the size is even or odd.
 */
export function withPaddingOf(other: Topology, topology: Topology): Topology {
  const paddings = new Map(
    other.config.layers
      .filter(({ class_name }) => class_name === 'ZeroPadding2D')
      .map((layer) => [nameOf(layer), layer.config.padding]),
  );
  const layers = topology.config.layers.map((layer) => {
    const padding = layer.class_name === 'ZeroPadding2D' ? paddings.get(nameOf(layer)) : undefined;
    return padding === undefined ? layer : { ...layer, config: { ...layer.config, padding } };
  });
  return { ...topology, config: { ...topology.config, layers } };
}
