/** Finds out which network a model file holds, from its description alone: no tensors, no engine. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Backbone, recogniseBackbone } from '../../backbones/index.ts';
import { sketchOf } from '../../engine/sketch.ts';
import { type Topology, allLayers, parseTopology } from '../../engine/topology.ts';

/** A model file that may serve as a backbone. */
export interface RecognisedFile {
  /** Null for a network that is none of the registry. */
  readonly backbone: Backbone | null;
  /** What the network calls itself. */
  readonly name: string;
  /** Width multiplier, where it can be told; else 1. */
  readonly alpha: number;
  /** Size of all its files. */
  readonly bytes: number;
}

/** Larger ones describe no network. */
const largestDescription = 64 * 1024 * 1024;

/** What a file holds; null when it is no model file. */
export async function recogniseFile(path: string): Promise<RecognisedFile | null> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) return null;
  if (path.toLowerCase().endsWith('.json')) return recogniseTfjs(path, found.size);
  return null;
}

async function recogniseTfjs(path: string, size: number): Promise<RecognisedFile | null> {
  if (size > largestDescription) return null;
  const content = await readFile(path, 'utf8')
    .then((text) => JSON.parse(text) as { modelTopology?: unknown; weightsManifest?: { paths?: string[] }[] })
    .catch(() => null);
  const topology = parseTopology(content?.modelTopology);
  if (topology === null || !Array.isArray(content?.weightsManifest)) return null;
  const shards = content.weightsManifest.flatMap(({ paths }) => paths ?? []);
  const sizes = await Promise.all(shards.map((shard) => sizeOf(join(dirname(path), shard))));
  const backbone = recogniseBackbone(sketchOf(topology));
  return {
    backbone,
    name: topology.config.name,
    alpha: backbone !== null && backbone.alphas.length > 1 ? widthOf(topology) : 1,
    bytes: sizes.reduce((sum, bytes) => sum + bytes, size),
  };
}

function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** MobileNets begin with 32 filters at width 1; where rounding makes widths alike, the first fits. */
function widthOf(topology: Topology): number {
  const first = allLayers(topology).find(({ class_name }) => class_name === 'Conv2D');
  const filters = Number(first?.config.filters ?? 32);
  return filters === 32 ? 1 : filters / 32;
}
