/** Finds the network of a file that holds weights alone, among those of the registry. */
import type { Backbone, KnownBackbones, LayerSketch } from '../network/backbone.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { Topology } from '../network/topology.ts';
import { type Hdf5Group, namesIn } from './hdf5-file.ts';
import { type LayerWeights, isNewLayout, oldLayoutWeights } from './keras-weights.ts';

/** A network of the registry that a file's weights are for. */
export interface NetworkOfWeights {
  readonly backbone: Backbone;
  readonly alpha: number;
  /** Of the classifier; null when the file has none. */
  readonly classes: number | null;
  readonly topology: Topology;
}

/** Names of the layers in a file of weights; null when it holds no layers. */
export function layerNamesOf(file: Hdf5Group): string[] | null {
  if (!isNewLayout(file)) return namesIn(file.group('model_weights') ?? file, 'layer_names');
  const container = file.group('layers') ?? file.group('_layer_checkpoint_dependencies');
  if (container === null) return null;
  // Keras 3 writes the names of layers beside their weights.
  return container.names().map((name) => {
    const own = container.group(`${name}/vars`)?.attribute('name');
    return typeof own === 'string' ? own : name;
  });
}

/** A sketch by names alone. */
export function sketchOfNames(names: readonly string[]): LayerSketch {
  return { names: new Set(names), count: () => 0 };
}

/**
 * The network that weights are for.
 * @throws AppError MODEL_FILE_INVALID, BACKBONE_WEIGHTS_UNKNOWN
 */
export function networkOfWeights(file: Hdf5Group, path: string, published: KnownBackbones): NetworkOfWeights {
  const names = layerNamesOf(file);
  if (names === null || names.length === 0) {
    throw new AppError('MODEL_FILE_INVALID', { path, reason: 'it is an HDF5 file without layers of Keras' });
  }
  const backbone = published.recognise(sketchOfNames(names));
  if (backbone === null) {
    const known = published.all.map(({ label }) => label).join(', ');
    const layers = [...names.slice(0, 3), ...(names.length > 3 ? ['…', names.at(-1)!] : [])].join(', ');
    throw new AppError('MODEL_WEIGHTS_UNKNOWN', { path, layers, known });
  }
  const kernelOf = kernels(file);
  const alpha = backbone.alphaOf?.((layer, axis) => kernelOf(layer)?.[axis]) ?? 1;
  const classes = classesOf(kernelOf);
  const size = backbone.defaultImageSize;
  const topology = backbone.network({
    inputShape: [size, size, 3],
    top: classes === null ? undefined : { classes },
    alpha,
  });
  return { backbone, alpha, classes, topology };
}

/** Layers that networks of the registry end with. */
const classifiers = ['predictions', 'conv_preds', 'conv10'];

function classesOf(kernelOf: (layer: string) => readonly number[] | undefined): number | null {
  for (const layer of classifiers) {
    const classes = kernelOf(layer)?.at(-1);
    if (classes !== undefined) return classes;
  }
  return null;
}

/** The shape of a layer's largest weight, by the layer's name. */
function kernels(file: Hdf5Group): (layer: string) => readonly number[] | undefined {
  const shapes = new Map<string, readonly number[]>();
  const note = (name: string, weights: readonly { readonly shape: readonly number[] }[]): void => {
    const [largest] = [...weights].sort((a, b) => b.shape.length - a.shape.length);
    if (largest !== undefined) shapes.set(name, largest.shape);
  };
  const old: ReadonlyMap<string, LayerWeights> = oldLayoutWeights(file) ?? new Map();
  for (const [name, weights] of old) {
    if (weights.kind === 'list') note(name, weights.weights);
  }
  const container = file.group('layers') ?? file.group('_layer_checkpoint_dependencies');
  for (const name of old.size > 0 || container === null ? [] : container.names()) {
    const vars = container?.group(`${name}/vars`);
    const own = vars?.attribute('name');
    const weights = vars?.names().flatMap((weight) => vars.dataset(weight) ?? []) ?? [];
    note(typeof own === 'string' ? own : name, weights);
  }
  return (layer) => shapes.get(layer);
}
