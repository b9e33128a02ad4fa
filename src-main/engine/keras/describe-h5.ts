/** Describes the network of an `.h5` file of Keras without reading its weights. */
import type { KnownBackbones } from '../network/backbone.ts';
import { parseDescription } from '../network/model-description.ts';
import type { Topology } from '../network/topology.ts';
import type { Hdf5Group } from './hdf5-file.ts';
import { type AboutFile, kerasTopology } from './keras-topology.ts';
import { type NetworkOfWeights, networkOfWeights } from './network-of-weights.ts';

/** The network of a file. */
export interface DescribedH5 {
  readonly topology: Topology;
  /** The network of the registry, where the file holds weights alone. */
  readonly network?: NetworkOfWeights;
  readonly about: AboutFile;
}

/**
 * Describes the network of a file.
 * @param published the networks that a file of weights alone may be for
 * @throws AppError MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED, MODEL_WEIGHTS_UNKNOWN
 */
export function describeH5(file: Hdf5Group, path: string, published: KnownBackbones): DescribedH5 {
  const config = file.attribute('model_config');
  const version = file.attribute('keras_version') ?? file.group('model_weights')?.attribute('keras_version');
  const about = aboutKeras(path, version, 2);
  if (typeof config === 'string') return { topology: parseNetwork(config, about), about };
  const network = networkOfWeights(file, path, published);
  return { topology: network.topology, network, about };
}

/** @param otherwise the first number of the version where the file has none */
export function aboutKeras(path: string, version: unknown, otherwise: number): AboutFile {
  const text = typeof version === 'string' ? version : null;
  const major = Number(text?.split('.')[0] ?? otherwise);
  return { path, format: text === null ? 'Keras' : `Keras ${text}`, version: major };
}

/** @throws AppError MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED */
export function parseNetwork(text: string, about: AboutFile): Topology {
  return kerasTopology(
    parseDescription(text, about.path, 'its description of the network is damaged'),
    about,
  );
}
