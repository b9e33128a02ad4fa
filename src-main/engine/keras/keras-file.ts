/** Reads models that Keras saved: `.h5` (whole models and weights alone) and `.keras`. */
import type { KnownBackbones } from '../network/backbone.ts';
import { unzip, unzipSync } from 'fflate';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { bytesOf, hashOfParts } from '../base/content-hash.ts';
import type { ModelSource } from '../network/model-source.ts';
import type { Topology } from '../network/topology.ts';
import { parseDescription } from '../network/model-description.ts';
import { ArchiveCheck, archiveParts } from './archive-check.ts';
import { aboutKeras, describeH5, parseNetwork } from './describe-h5.ts';
import { fillWeights } from './fill-weights.ts';
import { type Hdf5File, openHdf5 } from './hdf5-file.ts';
import type { AboutFile } from './keras-topology.ts';
import { type WeightsByLayer, isNewLayout, newLayoutWeights, oldLayoutWeights } from './keras-weights.ts';

function invalid(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('MODEL_FILE_INVALID', { path, reason }, { cause });
}

/**
 * Reads an `.h5` file. Where it holds weights alone, the network is one of the registry.
 * @throws AppError MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED, MODEL_WEIGHTS_UNKNOWN
 */
export async function readKerasH5(
  bytes: Uint8Array,
  path: string,
  published: KnownBackbones,
): Promise<ModelSource> {
  const file = await openHdf5(bytes, path);
  try {
    const { topology, network, about } = describeH5(file, path, published);
    if (network === undefined) return source(file, [bytes], topology, about);
    const parts = [bytes, bytesOf(JSON.stringify(topology))];
    return { ...source(file, parts, topology, about), network };
  } catch (error) {
    file.close();
    throw error;
  }
}

const metadataSchema = z.looseObject({ keras_version: z.string().optional() }).catch({});

/**
 * Reads a `.keras` file: a zip with the network and its weights.
 * @throws AppError MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED
 */
export async function readKerasZip(bytes: Uint8Array, path: string): Promise<ModelSource> {
  const parts = await unpack(bytes, path, archiveParts);
  const { topology, about } = describe(parts, path);
  const weights = parts.get('model.weights.h5');
  if (weights === undefined) throw invalid(path, 'it has no model.weights.h5');
  return source(await openHdf5(weights, path), [bytes], topology, about);
}

/** The network of a `.keras` file, its weights unread. @throws AppError MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED */
export async function readKerasDescription(bytes: Uint8Array, path: string): Promise<Topology> {
  return describe(await unpack(bytes, path, ['config.json', 'metadata.json']), path).topology;
}

function describe(
  parts: ReadonlyMap<string, Uint8Array>,
  path: string,
): { topology: Topology; about: AboutFile } {
  const text = (name: string): string | null => {
    const part = parts.get(name);
    return part === undefined ? null : new TextDecoder().decode(part);
  };
  const config = text('config.json');
  if (config === null) throw invalid(path, 'it is a zip file without config.json, not a Keras model');
  const metadata = parseDescription(text('metadata.json') ?? '{}', path, 'its metadata.json is damaged');
  const { keras_version } = metadataSchema.parse(metadata);
  const about = aboutKeras(path, keras_version, 3);
  return { topology: parseNetwork(config, about), about };
}

/** Unpacks the files of an archive that are wanted and there. */
function unpack(
  bytes: Uint8Array,
  path: string,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const damaged = (error: Error): AppError =>
    invalid(path, `it is cut off or damaged (${error.message})`, error);
  const check = new ArchiveCheck(path);
  try {
    // Only looks: nothing is unpacked until the whole list was seen.
    unzipSync(bytes, { filter: (entry) => (check.add(entry), false) });
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error as Error);
  }
  return new Promise((resolve, reject) => {
    unzip(bytes, { filter: ({ name }) => wanted.includes(name) }, (error, parts) => {
      if (error) reject(damaged(error));
      else resolve(new Map(Object.entries(parts)));
    });
  });
}

function weightsOf(file: Hdf5File, topology: Topology, path: string): WeightsByLayer {
  if (isNewLayout(file)) return newLayoutWeights(file, topology);
  const weights = oldLayoutWeights(file);
  if (weights === null) throw invalid(path, 'it is an HDF5 file without weights of Keras layers');
  return weights;
}

/** @param parts what is hashed */
function source(
  file: Hdf5File,
  parts: readonly Uint8Array[],
  topology: Topology,
  { path, format }: AboutFile,
): ModelSource {
  return {
    format,
    topology,
    hash: () => hashOfParts(parts),
    fill: (tf, model) => fillWeights(tf, model, weightsOf(file, topology, path), path),
    close: () => file.close(),
  };
}
