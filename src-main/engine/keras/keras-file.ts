/** Reads models that Keras saved: `.h5` (whole models and weights alone) and `.keras`. */
import { unzip } from 'fflate';
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { hashOfParts } from '../content-hash.ts';
import type { ModelSource } from '../model-source.ts';
import type { Topology } from '../topology.ts';
import { fillWeights } from './fill-weights.ts';
import { type Hdf5File, openHdf5 } from './hdf5-file.ts';
import { type AboutFile, kerasTopology } from './keras-topology.ts';
import { type WeightsByLayer, isNewLayout, newLayoutWeights, oldLayoutWeights } from './keras-weights.ts';
import { networkOfWeights } from './network-of-weights.ts';

/** Texts that Python's JSON has and JavaScript's has not. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(/(?<=[[:,]\s*)(NaN|-?Infinity)(?=\s*[\],}])/g, 'null'));
  }
}

function invalid(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('MODEL_FILE_INVALID', { path, reason }, { cause });
}

function aboutFile(path: string, version: unknown, otherwise: number): AboutFile {
  const text = typeof version === 'string' ? version : null;
  const major = Number(text?.split('.')[0] ?? otherwise);
  return { path, format: text === null ? 'Keras' : `Keras ${text}`, version: major };
}

/**
 * Reads an `.h5` file. Where it holds weights alone, the network is one of the registry.
 * @throws AppError MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED
 */
export async function readKerasH5(bytes: Uint8Array, path: string): Promise<ModelSource> {
  const file = await openHdf5(bytes, path);
  try {
    const config = file.attribute('model_config');
    const weightsVersion = file.group('model_weights')?.attribute('keras_version');
    const about = aboutFile(path, file.attribute('keras_version') ?? weightsVersion, 2);
    const topology =
      typeof config === 'string' ? parseTopology(config, about) : networkOfWeights(file, path).topology;
    return source(file, bytes, topology, about);
  } catch (error) {
    file.close();
    throw error;
  }
}

function parseTopology(text: string, about: AboutFile): Topology {
  try {
    return kerasTopology(parseJson(text), about);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw invalid(about.path, 'its description of the network is damaged', error);
    throw error;
  }
}

const metadataSchema = z.looseObject({ keras_version: z.string().optional() }).catch({});
const wanted = new Set(['config.json', 'metadata.json', 'model.weights.h5']);

/**
 * Reads a `.keras` file: a zip with the network and its weights.
 * @throws AppError MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED
 */
export async function readKerasZip(bytes: Uint8Array, path: string): Promise<ModelSource> {
  const parts = await unpack(bytes, path);
  const [config, weights] = [parts['config.json'], parts['model.weights.h5']] as (Uint8Array | undefined)[];
  if (config === undefined) throw invalid(path, 'it is a zip file without config.json, not a Keras model');
  if (weights === undefined) throw invalid(path, 'it has no model.weights.h5');
  const decode = (part: Uint8Array): string => new TextDecoder().decode(part);
  const metadata = parts['metadata.json'] as Uint8Array | undefined;
  const { keras_version } = metadataSchema.parse(metadata === undefined ? {} : parseJson(decode(metadata)));
  const about = aboutFile(path, keras_version, 3);
  const topology = parseTopology(decode(config), about);
  const file = await openHdf5(weights, path);
  return source(file, bytes, topology, about);
}

function unpack(bytes: Uint8Array, path: string): Promise<Record<string, Uint8Array>> {
  return new Promise((resolve, reject) => {
    unzip(bytes, { filter: ({ name }) => wanted.has(name) }, (error, parts) => {
      if (error) reject(invalid(path, `it is cut off or damaged (${error.message})`, error));
      else resolve(parts);
    });
  });
}

function weightsOf(file: Hdf5File, topology: Topology, path: string): WeightsByLayer {
  if (isNewLayout(file)) return newLayoutWeights(file, topology);
  const weights = oldLayoutWeights(file);
  if (weights === null) throw invalid(path, 'it is an HDF5 file without weights of Keras layers');
  return weights;
}

function source(
  file: Hdf5File,
  bytes: Uint8Array,
  topology: Topology,
  { path, format }: AboutFile,
): ModelSource {
  return {
    format,
    topology,
    hash: () => hashOfParts([bytes]),
    fill: (tf, model) => fillWeights(tf, model, weightsOf(file, topology, path), path),
    close: () => file.close(),
  };
}
