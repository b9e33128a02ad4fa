/** Reads models that Keras saved: `.h5` (whole models and weights alone) and `.keras`. */
import { type UnzipFileInfo, unzip } from 'fflate';
import { z } from 'zod';
import { AppError } from '../../contract/errors.ts';
import { bytesOf, hashOfParts } from '../content-hash.ts';
import type { ModelSource } from '../model-source.ts';
import type { Topology } from '../topology.ts';
import { aboutKeras, describeH5, parseJson, parseNetwork } from './describe-h5.ts';
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
export async function readKerasH5(bytes: Uint8Array, path: string): Promise<ModelSource> {
  const file = await openHdf5(bytes, path);
  try {
    const { topology, network, about } = describeH5(file, path);
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
  const parts = await unpack(bytes, path, ['config.json', 'metadata.json', 'model.weights.h5']);
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
  const { keras_version } = metadataSchema.parse(parseJson(text('metadata.json') ?? '{}'));
  const about = aboutKeras(path, keras_version, 3);
  return { topology: parseNetwork(config, about), about };
}

const mebibyte = 1024 * 1024;

/** Weights hardly get smaller: what unpacks to a hundred times its size, or to gigabytes, would fill the memory. */
function isCredible(size: number, unpacked: number): boolean {
  return unpacked < 64 * mebibyte || (unpacked < 100 * size && unpacked < 2048 * mebibyte);
}

function unpack(
  bytes: Uint8Array,
  path: string,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  let tooLarge: { readonly name: string; readonly megabytes: number } | null = null;
  return new Promise((resolve, reject) => {
    const filter = ({ name, size, originalSize }: UnzipFileInfo): boolean => {
      if (!wanted.includes(name)) return false;
      if (!isCredible(size, originalSize))
        tooLarge = { name, megabytes: Math.round(originalSize / mebibyte) };
      return tooLarge === null;
    };
    unzip(bytes, { filter }, (error, parts) => {
      if (tooLarge !== null) {
        const { name, megabytes } = tooLarge;
        reject(invalid(path, `its ${name} would unpack to ${megabytes} MB, which no Keras file does`));
      } else if (error) reject(invalid(path, `it is cut off or damaged (${error.message})`, error));
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
