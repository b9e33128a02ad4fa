/** A model file, read but not built: whatever its format, its network and a way to fill in its weights. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Backbone } from './backbone.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { Tf } from '../base/backend.ts';
import { numberedAsMade } from './connections.ts';
import { knownActivations, registerLayers } from '../layers/register-layers.ts';
import { tellsOfMemory } from '../base/out-of-memory.ts';
import { type LayerEntry, type Topology, asTopology, isNetwork, nameOf } from './topology.ts';

/** A read model file. `close` gives its memory back. */
export interface ModelSource {
  /** For people: `TensorFlow.js`, `Keras 2.4.0`, … */
  readonly format: string;
  readonly topology: Topology;
  /** The network of the registry that was taken, for files that hold weights alone. */
  readonly network?: { readonly backbone: Backbone; readonly alpha: number };
  /** What Lenslet wrote into the file; undefined in files of others. */
  readonly lenslet?: unknown;
  /** SHA-256 of network and weights. */
  hash(): Promise<string>;
  /**
   * Fills in the weights of a model with this file's layers, or some of them.
   * @throws AppError MODEL_WEIGHTS_MISMATCH
   */
  fill(tf: Tf, model: tfjs.LayersModel): Promise<void>;
  close(): void;
}

/** Settings that only matter to weights about to be overwritten, and to training with Keras' own loop. */
const superfluous = /(initializer|regularizer|constraint)$/i;
const initialised = [
  'kernel_initializer',
  'bias_initializer',
  'depthwise_initializer',
  'pointwise_initializer',
  'gamma_initializer',
  'beta_initializer',
  'moving_mean_initializer',
  'moving_variance_initializer',
  'alpha_initializer',
];
const zeros = { class_name: 'Zeros', config: {} };

/** The same layer, beginning with zeros: random numbers for millions of weights take seconds. */
function withoutInitializers(layer: LayerEntry): LayerEntry {
  if (isNetwork(layer)) {
    return {
      ...layer,
      config: { ...layer.config, layers: asTopology(layer).config.layers.map(withoutInitializers) },
    };
  }
  const kept = Object.entries(layer.config).filter(([key]) => !superfluous.test(key));
  // A separable convolution has no kernel itself, and tfjs rejects a configuration that names one.
  const separable = layer.class_name.startsWith('Separable');
  const added = initialised
    .filter((key) => !(separable && key === 'kernel_initializer'))
    .map((key) => [key, zeros] as const);
  return { ...layer, config: Object.fromEntries<unknown>([...kept, ...added]) };
}

/**
 * Builds the network of a file, all weights zero.
 * @param path for messages
 * @throws AppError MODEL_LAYER_UNSUPPORTED, MODEL_FILE_INVALID
 */
export async function buildTopology(
  tf: Tf,
  { format, topology }: Pick<ModelSource, 'format' | 'topology'>,
  path: string,
): Promise<tfjs.LayersModel> {
  const known = { layers: registerLayers(tf), activations: knownActivations(tf) };
  checkLayers(known, topology, { format, path });
  const { class_name, config } = numberedAsMade(topology);
  const layers = config.layers.map(withoutInitializers);
  const modelTopology = {
    class_name,
    config: { ...config, layers },
  } as unknown as tfjs.io.ModelJSON['modelTopology'];
  try {
    return await tf.models.modelFromJSON({ modelTopology, weightsManifest: null as never });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const tooLarge = error instanceof RangeError || tellsOfMemory(message);
    const reason = tooLarge
      ? 'its layers are larger than the memory of this computer'
      : message.replace(/\.+$/, '');
    throw new AppError('MODEL_FILE_INVALID', { path, reason }, { cause: error });
  }
}

/** What tfjs can make of a file. */
interface Known {
  readonly layers: ReadonlySet<string>;
  readonly activations: ReadonlySet<string>;
}

/** Refuses unknown layers. */
function checkLayers(known: Known, topology: Topology, about: { format: string; path: string }): void {
  for (const layer of topology.config.layers) {
    if (isNetwork(layer)) checkLayers(known, asTopology(layer), about);
    else checkLayer(known, layer, about);
  }
}

function checkLayer(known: Known, layer: LayerEntry, about: { format: string; path: string }): void {
  const refuse = (type: string): AppError =>
    new AppError('MODEL_LAYER_UNSUPPORTED', { ...about, layer: nameOf(layer), type });
  if (!known.layers.has(layer.class_name)) throw refuse(layer.class_name);
  const { activation } = layer.config;
  if (typeof activation !== 'string') return;
  const name = activation.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (!known.activations.has(name)) throw refuse(`${layer.class_name} with the activation ${activation}`);
}
