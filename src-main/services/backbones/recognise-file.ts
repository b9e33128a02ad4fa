/** Finds out which network a model file holds, from its description alone: no tensors, no engine. */
import { open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Backbone, recogniseBackbone } from '../../backbones/index.ts';
import { AppError } from '../../contract/errors.ts';
import { realInside } from '../../core/files/join-inside.ts';
import { isHdf5 } from '../../engine/keras/hdf5-file.ts';
import { readKerasDescription } from '../../engine/keras/keras-file.ts';
import { describeH5 } from '../../engine/keras/describe-h5.ts';
import { sketchOf } from '../../engine/sketch.ts';
import { type Topology, allLayers, inputShapeOf } from '../../engine/topology.ts';
import { parseModelJson } from '../../engine/tfjs-file.ts';
import { wrongBeginning } from '../../engine/wrong-beginning.ts';
import { openHdf5OnDisk } from './hdf5-on-disk.ts';

/** A model file that may serve as a backbone. */
export interface RecognisedFile {
  /** Null for a network that is none of the registry. */
  readonly backbone: Backbone | null;
  /** What the network calls itself. */
  readonly name: string;
  /** Width multiplier, where it can be told; else 1. */
  readonly alpha: number;
  /** Height of the images it was made for; null where it takes any or does not say. */
  readonly imageSize: number | null;
  /** Size of all its files. */
  readonly bytes: number;
  /** Why it cannot be used although it is this network's. */
  readonly problem: AppError | null;
}

/** Larger ones describe no network. */
const largestDescription = 64 * 1024 * 1024;

/**
 * What a file holds.
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED, MODEL_WEIGHTS_UNKNOWN
 */
export async function examineFile(path: string): Promise<RecognisedFile> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) throw new AppError('MODEL_NOT_FOUND', { path });
  const beginning = await readBeginning(path);
  if (isHdf5(beginning)) return examineH5(path, found.size);
  if (beginning[0] === 0x50 && beginning[1] === 0x4b) {
    return fromTopology(await readKerasDescription(await readFile(path), path), found.size);
  }
  const wrong = wrongBeginning(beginning, path);
  if (wrong !== null) throw wrong;
  return examineTfjs(path, found.size);
}

/** As `examineFile`; null when it is no file that could serve. */
export async function recogniseFile(path: string): Promise<RecognisedFile | null> {
  try {
    return await examineFile(path);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

async function readBeginning(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new AppError('FILE_UNREADABLE', { path, reason }, { cause: error });
  }
}

async function examineH5(path: string, bytes: number): Promise<RecognisedFile> {
  const file = await openHdf5OnDisk(path);
  try {
    const { topology, network } = describeH5(file, path);
    if (network === undefined) return fromTopology(topology, bytes);
    const { backbone, alpha } = network;
    return { backbone, name: backbone.label, alpha, imageSize: null, bytes, problem: null };
  } finally {
    file.close();
  }
}

async function examineTfjs(path: string, size: number): Promise<RecognisedFile> {
  if (size > largestDescription)
    throw new AppError('MODEL_FILE_INVALID', { path, reason: 'it is too large' });
  const { json, topology } = parseModelJson(await readFile(path, 'utf8'), path);
  const recognised = fromTopology(topology, size);
  let { bytes } = recognised;
  for (const shard of json.weightsManifest.flatMap(({ paths }) => paths)) {
    try {
      bytes += (await stat(realInside(dirname(path), shard))).size;
    } catch (error) {
      const refused = error instanceof AppError ? error : null;
      return { ...recognised, problem: refused ?? new AppError('MODEL_SHARD_MISSING', { path, shard }) };
    }
  }
  return { ...recognised, bytes };
}

function fromTopology(topology: Topology, bytes: number): RecognisedFile {
  const backbone = recogniseBackbone(sketchOf(topology));
  const alpha = backbone !== null && backbone.alphas.length > 1 ? widthOf(topology) : 1;
  const imageSize = inputShapeOf(topology)?.[1] ?? null;
  return { backbone, name: topology.config.name, alpha, imageSize, bytes, problem: null };
}

/** MobileNets begin with 32 filters at width 1; where rounding makes widths alike, the first fits. */
function widthOf(topology: Topology): number {
  const first = allLayers(topology).find(({ class_name }) => class_name === 'Conv2D');
  return Number(first?.config.filters ?? 32) / 32;
}
