/** Opens a backbone from a file: the network before its classifier, for images of any size, with its weights. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Backbone, OpenBackbone } from '../network/backbone.ts';
import { type Preprocessing, preprocessingSchema } from '../../contract/shared/preprocessing.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { Tf } from '../base/backend.ts';
import { featurePart, withNestedSize, withPaddingOf } from '../network/feature-part.ts';
import { checkFinite } from '../network/finite-weights.ts';
import { assumePreprocessing } from './known-preprocessing.ts';
import { summarise } from '../network/layer-table.ts';
import { type ModelSource, buildTopology } from '../network/model-source.ts';
import { readModelFile } from './read-model-file.ts';
import { sketchOf } from './sketch.ts';
import type { ModelPlace } from './model-files.ts';
import { type Topology, asTopology, inputShapeOf, isNetwork, nameOf } from '../network/topology.ts';

/** Which file to open, and for which images. */
export interface BackboneFile extends ModelPlace {
  /** Height and width of the images. */
  readonly imageSize: number;
  /** Wins over what the file records or is known for. */
  readonly preprocessing?: Preprocessing | undefined;
}

/**
 * Opens a backbone. The caller disposes of its model.
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_SHARD_…, MODEL_LAYER_UNSUPPORTED,
 *   MODEL_WEIGHTS_MISMATCH, MODEL_INPUT_UNSUPPORTED, MODEL_TOO_SMALL_INPUT, BACKBONE_UNSUPPORTED
 */
export async function openBackbone(tf: Tf, file: BackboneFile): Promise<OpenBackbone> {
  const source = await readModelFile(file);
  try {
    return await openSource(tf, source, file);
  } finally {
    source.close();
  }
}

async function openSource(tf: Tf, source: ModelSource, file: BackboneFile): Promise<OpenBackbone> {
  const { path, imageSize } = file;
  const channels = channelsOf(source.topology);
  const known = source.network?.backbone ?? file.known.recognise(sketchOf(source.topology));
  if (known !== null) checkMinimum(known, imageSize);
  const topology = topologyFor(source, known, imageSize, path);
  const model = await build(tf, source.format, topology, path).catch((error: unknown) => {
    throw explainSize(error, source.topology, file);
  });
  try {
    await checkFeatureMap(tf, model, source, file);
    await source.fill(tf, model);
    await checkFinite(tf, model, path);
    const assumed: string[] = [];
    return {
      id: known?.id ?? null,
      label: known?.label ?? source.topology.config.name,
      model,
      preprocessing:
        file.preprocessing ?? recorded(source) ?? known?.preprocessing ?? assumePreprocessing(model, assumed),
      imageSize,
      channels,
      hash: await source.hash(),
      assumed,
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** @throws AppError MODEL_TOO_SMALL_INPUT */
function checkMinimum({ label, minimumImageSize: minimum }: Backbone, size: number): void {
  if (size < minimum) throw new AppError('MODEL_TOO_SMALL_INPUT', { size, layer: label, minimum });
}

/** The network before its classifier, for images of a size. */
function topologyFor(source: ModelSource, known: Backbone | null, size: number, path: string): Topology {
  if (source.network !== undefined) {
    const { backbone, alpha } = source.network;
    return backbone.network({ inputShape: [size, size, 3], alpha });
  }
  const { topology } = featurePart(source.topology, size, path);
  return known === null ? topology : withPaddingOf(known.network({ inputShape: [size, size, 3] }), topology);
}

/** Builds a network; networks inside it are made for the very size that reaches them, so that every layer has one. */
async function build(tf: Tf, format: string, topology: Topology, path: string): Promise<tfjs.LayersModel> {
  const model = await buildTopology(tf, { format, topology }, path);
  const nested = topology.config.layers.filter(isNetwork);
  if (nested.length === 0) return model;
  const sizes = new Map(nested.map((layer) => [nameOf(layer), arrivingSize(model.getLayer(nameOf(layer)))]));
  const fits = nested.every(
    (layer) => (inputShapeOf(asTopology(layer))?.[1] ?? null) === sizes.get(nameOf(layer)),
  );
  if (fits) return model;
  model.dispose();
  const layers = topology.config.layers.map((layer) => {
    const size = sizes.get(nameOf(layer)) ?? null;
    return size === null || !isNetwork(layer) ? layer : withNestedSize(layer, size);
  });
  return build(tf, format, { ...topology, config: { ...topology.config, layers } }, path);
}

/** Height of the feature map that reaches a network in its last use; null where it has none. */
function arrivingSize(network: tfjs.layers.Layer): number | null {
  const [shape] = network.inboundNodes.at(-1)?.inputShapes ?? [];
  return Array.isArray(shape) ? (shape.flat()[1] ?? null) : null;
}

/** A network that cannot be built for another size is rejected with the reason. */
function explainSize(error: unknown, topology: Topology, { path, imageSize }: BackboneFile): unknown {
  const own = inputShapeOf(topology)?.[1] ?? null;
  const invalid = error instanceof AppError && error.code === 'MODEL_FILE_INVALID';
  if (!invalid || own === null || own === imageSize) return error;
  const reason = `it takes images of ${own} pixels only, not of ${imageSize}`;
  return new AppError('BACKBONE_UNSUPPORTED', { path, reason }, { cause: error });
}

function channelsOf(topology: Topology): 1 | 3 {
  const shape = inputShapeOf(topology);
  const channels = shape?.[3];
  if (shape?.length === 4 && (channels === 1 || channels === 3)) return channels;
  const found = `[${(shape ?? []).map(String).join(', ')}]`;
  const reason = `it wants input of shape ${found}; pictures have height × width × 1 or 3`;
  throw new AppError('MODEL_INPUT_UNSUPPORTED', { reason });
}

/** Preprocessing that Lenslet wrote into the file. */
function recorded({ lenslet }: ModelSource): Preprocessing | null {
  const value = (lenslet as { preprocessing?: unknown } | undefined)?.preprocessing;
  const parsed = preprocessingSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** @throws AppError BACKBONE_UNSUPPORTED, MODEL_TOO_SMALL_INPUT with the smallest size that works */
async function checkFeatureMap(
  tf: Tf,
  model: tfjs.LayersModel,
  source: ModelSource,
  { path, imageSize: size }: BackboneFile,
): Promise<void> {
  const shape = model.outputs[0].shape;
  if (shape.length !== 4) {
    const reason = `it ends with shape [${shape.map(String).join(', ')}], not with a feature map`;
    throw new AppError('BACKBONE_UNSUPPORTED', { path, reason });
  }
  const empty = emptyLayer(model);
  if (empty === null) return;
  let minimum = size + 1;
  for (; minimum < size + maxAttempts; minimum++) {
    const { topology } = featurePart(source.topology, minimum, path);
    const larger = await build(tf, source.format, topology, path);
    const works = emptyLayer(larger) === null;
    larger.dispose();
    if (works) break;
  }
  throw new AppError('MODEL_TOO_SMALL_INPUT', { size, layer: empty, minimum });
}

/** Sizes that are tried to say which would be large enough. */
const maxAttempts = 64;

/** The first layer that has nothing left of an image, or null. */
function emptyLayer(model: tfjs.LayersModel): string | null {
  const empty = summarise(model).layers.find(({ outputShape }) =>
    outputShape.some((side) => side !== null && side < 1),
  );
  return empty?.name ?? null;
}
