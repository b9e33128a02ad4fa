/** Finds out which network a model file holds, from its description alone: no tensors, no engine. */
import { knownBackbones, recogniseBackbone } from '../../registries/backbones/index.ts';
import { open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../contract/shared/errors.ts';
import { realInside } from '../../core/files/join-inside.ts';
import { checkTopology } from '../../engine/network/check-topology.ts';
import { isHdf5 } from '../../engine/keras/hdf5-file.ts';
import { readKerasDescription } from '../../engine/keras/keras-file.ts';
import { describeH5 } from '../../engine/keras/describe-h5.ts';
import { maxDescription } from '../../engine/network/model-description.ts';
import { sketchOf } from '../../engine/models/sketch.ts';
import { type Topology, allLayers, inputShapeOf } from '../../engine/network/topology.ts';
import { parseModelJson } from '../../engine/models/tfjs-file.ts';
import { wrongBeginning } from '../../engine/models/wrong-beginning.ts';
import { openHdf5OnDisk } from './hdf5-on-disk.ts';
import type { RecognisedFile } from './recognised-file.ts';

/** Larger files cannot be read whole, which zip archives are. */
const maxArchive = 2 * 1024 ** 3 - 1;
/** Names come into lists and messages. */
const maxName = 200;

/**
 * What a file holds. It may take any time and any memory: `examineFile` is for everybody but its thread.
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED, MODEL_WEIGHTS_UNKNOWN,
 *   MODEL_GRAPH_ONLY, FILE_UNREADABLE
 */
export async function describeModelFile(path: string): Promise<RecognisedFile> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new AppError('MODEL_NOT_FOUND', { path });
  // A pipe would have to be waited for.
  if (!found.isFile()) throw new AppError('FILE_UNREADABLE', { path, reason: 'it is not a file' });
  const beginning = await readBeginning(path);
  if (isHdf5(beginning)) return examineH5(path, found.size);
  if (beginning[0] === 0x50 && beginning[1] === 0x4b) {
    const bytes = await readWhole(path, found.size, maxArchive);
    return fromTopology(await readKerasDescription(bytes, path), path, found.size);
  }
  const wrong = wrongBeginning(beginning, path);
  if (wrong !== null) throw wrong;
  return examineTfjs(path, found.size);
}

async function readWhole(path: string, size: number, limit: number): Promise<Buffer> {
  if (size <= limit) return readFile(path);
  throw new AppError('MODEL_FILE_INVALID', { path, reason: 'it is too large' });
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
    const { topology, network } = describeH5(file, path, knownBackbones);
    if (network === undefined) return fromTopology(topology, path, bytes);
    const { backbone, alpha } = network;
    return { backbone, name: backbone.label, alpha, imageSize: null, bytes, problem: null };
  } finally {
    file.close();
  }
}

async function examineTfjs(path: string, size: number): Promise<RecognisedFile> {
  const text = (await readWhole(path, size, 4 * maxDescription)).toString('utf8');
  const { json, topology } = parseModelJson(text, path);
  const recognised = fromTopology(topology, path, size);
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

function fromTopology(topology: Topology, path: string, bytes: number): RecognisedFile {
  checkTopology(topology, path);
  const backbone = recogniseBackbone(sketchOf(topology));
  const alpha = backbone !== null && backbone.alphas.length > 1 ? widthOf(topology) : 1;
  const imageSize = inputShapeOf(topology)?.[1] ?? null;
  const name = topology.config.name.slice(0, maxName);
  return { backbone, name, alpha, imageSize, bytes, problem: null };
}

/** MobileNets begin with 32 filters at width 1; where rounding makes widths alike, the first fits. */
function widthOf(topology: Topology): number {
  const first = allLayers(topology).find(({ class_name }) => class_name === 'Conv2D');
  const filters = Number(first?.config.filters ?? 32);
  return Number.isFinite(filters) ? filters / 32 : 1;
}
