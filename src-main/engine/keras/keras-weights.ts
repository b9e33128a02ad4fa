/** The weights in Keras' HDF5 files, in the layouts of its versions, by the layer they belong to. */
import { type LayerEntry, type Topology, asTopology, isNetwork, nameOf } from '../topology.ts';
import { type Hdf5Dataset, type Hdf5Group, namesIn } from './hdf5-file.ts';

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
    found.set(name, { kind: 'list', weights });
  }
  return found;
}

/** Weights of the new layout: groups are called after the class of a layer and counted. */
export function newLayoutWeights(root: Hdf5Group, topology: Topology): WeightsByLayer {
  const container = newRoots.map((name) => root.group(name)).find((group) => group !== null) ?? null;
  const found = new Map<string, LayerWeights>();
  if (container === null) return found;
  const used = new Map<string, number>();
  for (const layer of topology.config.layers) {
    // A stack's input layer is none of its layers to Keras.
    if (layer.class_name === 'InputLayer') continue;
    const group = groupOf(container, layer, used);
    if (group === null) continue;
    if (isNetwork(layer)) {
      found.set(nameOf(layer), { kind: 'network', layers: newLayoutWeights(group, asTopology(layer)) });
      continue;
    }
    const weights = numberedWeights(group);
    if (weights.length > 0) found.set(nameOf(layer), { kind: 'list', weights });
  }
  return found;
}

function groupOf(container: Hdf5Group, layer: LayerEntry, used: Map<string, number>): Hdf5Group | null {
  const base = snakeCase(layer.class_name);
  const before = used.get(base) ?? 0;
  used.set(base, before + 1);
  const counted = before === 0 ? base : `${base}_${before}`;
  // Keras 2 called them by their own names.
  return container.group(counted) ?? container.group(nameOf(layer));
}

function numberedWeights(layer: Hdf5Group): Hdf5Dataset[] {
  const group = layer.group('vars');
  const names = group?.names().filter((name) => /^\d+$/.test(name)) ?? [];
  return names.sort((a, b) => Number(a) - Number(b)).flatMap((name) => group?.dataset(name) ?? []);
}

/** @see `to_snake_case` in https://github.com/keras-team/keras/blob/master/keras/src/utils/naming.py */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
