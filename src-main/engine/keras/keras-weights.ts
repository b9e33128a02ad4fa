/** The weights in Keras' HDF5 files, in the layouts of its versions, by the layer they belong to. */
import { tensorName } from '../network/layer-names.ts';
import { type LayerEntry, type Topology, asTopology, isNetwork, nameOf } from '../network/topology.ts';
import { type Hdf5Dataset, type Hdf5Group, namesIn } from './hdf5-file.ts';

/** The class that weights are filed under. */
function classOf({ class_name, saved_as }: LayerEntry): string {
  return snakeCase(saved_as ?? class_name);
}

/** The weights of a layer: a list in Keras' order, or those of the layers of a nested network. */
export type LayerWeights =
  | { readonly kind: 'list'; readonly weights: readonly Hdf5Dataset[] }
  | { readonly kind: 'network'; readonly layers: WeightsByLayer };
export type WeightsByLayer = ReadonlyMap<string, LayerWeights>;

/** Where Keras 3 (and Keras 2.12 to 2.15 in .keras files) keep the layers. */
const newRoots = ['layers', '_layer_checkpoint_dependencies'];

/** True when a file is laid out as `.keras` and `.weights.h5` files are. */
export function isNewLayout(root: Hdf5Group): boolean {
  const names = root.names();
  return namesIn(root, 'layer_names') === null && newRoots.some((name) => names.includes(name));
}

/** Weights of an `.h5` file of the old layout: one group per layer. Null when it is none. */
export function oldLayoutWeights(root: Hdf5Group): WeightsByLayer | null {
  const group = root.group('model_weights') ?? root;
  const names = namesIn(group, 'layer_names');
  if (names === null) return null;
  const found = new Map<string, LayerWeights>();
  for (const name of names) {
    const layer = group.group(name);
    const weightNames = layer === null ? null : namesIn(layer, 'weight_names');
    if (layer === null || weightNames === null || weightNames.length === 0) continue;
    const weights = weightNames.flatMap((weight) => layer.dataset(weight) ?? []);
    found.set(tensorName(name), { kind: 'list', weights });
  }
  return found;
}

/**
 * Weights of the new layout: groups are called after the class of a layer and counted.
 * @param met weights by the names of the layers met before: a layer that is part of several networks has its weights
 *   where Keras met it first. Null where several layers have the name.
 */
export function newLayoutWeights(
  root: Hdf5Group,
  topology: Topology,
  met = new Map<string, LayerWeights | null>(),
): WeightsByLayer {
  const container = newRoots.map((name) => root.group(name)).find((group) => group !== null) ?? null;
  const found = new Map<string, LayerWeights>();
  if (container === null) return found;
  const used = new Map<string, number>();
  // A stack's input layer is none of its layers to Keras.
  const layers = topology.config.layers.filter(({ class_name }) => class_name !== 'InputLayer');
  const shared = basesWithShared(container.names(), layers);
  for (const layer of layers) {
    const name = nameOf(layer);
    const elsewhere = shared.has(classOf(layer)) && met.has(name);
    const group = elsewhere ? null : groupOf(container, layer, used);
    const weights = group === null ? met.get(name) : weightsIn(group, layer, met);
    if (!weights) continue;
    found.set(name, weights);
    if (group !== null) met.set(name, met.has(name) ? null : weights);
  }
  return found;
}

function weightsIn(
  group: Hdf5Group,
  layer: LayerEntry,
  met: Map<string, LayerWeights | null>,
): LayerWeights | null {
  if (isNetwork(layer)) return { kind: 'network', layers: newLayoutWeights(group, asTopology(layer), met) };
  const weights = numberedWeights(group);
  return weights.length > 0 ? { kind: 'list', weights } : null;
}

function groupName(base: string, before: number): string {
  return before === 0 ? base : `${base}_${before}`;
}

/**
 * Names of classes of which there are fewer groups than layers, none of them left out in between: Keras 2 does not
 * count layers that it has met before; Keras 3 does, and leaves out their numbers.
 */
function basesWithShared(groups: readonly string[], layers: readonly LayerEntry[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [base, same] of Map.groupBy(layers, classOf)) {
    const held = same.filter((_, index) => groups.includes(groupName(base, index))).length;
    const unbroken = held > 0 && groups.includes(groupName(base, held - 1));
    if (unbroken && held < same.length) found.add(base);
  }
  return found;
}

function groupOf(container: Hdf5Group, layer: LayerEntry, used: Map<string, number>): Hdf5Group | null {
  const base = classOf(layer);
  const before = used.get(base) ?? 0;
  used.set(base, before + 1);
  // Keras 2 called them by their own names.
  const counted = container.group(groupName(base, before));
  if (counted !== null) return counted;
  const own = container.names().find((name) => tensorName(name) === nameOf(layer));
  return own === undefined ? null : container.group(own);
}

function numberedWeights(layer: Hdf5Group): Hdf5Dataset[] {
  const group = layer.group('vars');
  const names = group?.names().filter((name) => /^\d+$/.test(name)) ?? [];
  return names.sort((a, b) => Number(a) - Number(b)).flatMap((name) => group?.dataset(name) ?? []);
}

/** The name of a class as Keras writes it in paths. @see `to_snake_case` in https://github.com/keras-team/keras/blob/master/keras/src/utils/naming.py */
export function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
