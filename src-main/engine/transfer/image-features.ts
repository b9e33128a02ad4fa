/** Features of images for other uses than training: the map of a dataset, duplicates, suspicious labels. */
import type { Backend } from '../base/backend.ts';
import { type FeatureWork, featureName, fillFeatures } from './feature-cache.ts';
import { type FrozenNetworks, writeFrozen } from './frozen-networks.ts';
import type { FeatureFile, TileReader } from '../../core/files/records.ts';
import { openBackbone } from '../models/open-backbone.ts';
import type { ModelFiles } from '../models/model-files.ts';
import { averagedParts } from './transfer.ts';
import type { Storage } from '../../core/files/storage.ts';

/** Whose features are wanted. */
export interface FeatureRequest {
  readonly backend: Backend;
  readonly frozen: FrozenNetworks;
  /** The pretrained network's file. */
  readonly path: string;
  readonly files: ModelFiles;
  readonly tiles: TileReader;
  readonly slots: readonly number[];
  readonly openFeatures: (name: string, shape: readonly number[]) => Promise<FeatureFile>;
  readonly yieldToOthers: FeatureWork['yieldToOthers'];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Computes what the cache lacks: the backbone's last feature map, averaged, for each slot.
 * @returns where the features are
 * @throws AppError MODEL_…, CANCELLED, DISK_FULL
 */
export async function computeFeatures(
  request: FeatureRequest,
): Promise<{ name: string; shape: readonly number[] }> {
  const { backend, frozen, path, files, tiles, slots, openFeatures, yieldToOthers, signal, onProgress } =
    request;
  const { tf, precision } = backend;
  const backbone = await openBackbone(tf, { ...files.at(path), imageSize: tiles.size });
  const parts = averagedParts(tf, backbone.model);
  try {
    const { hash, preprocessing } = backbone;
    const name = featureName({ hash, preprocessing, pooling: 'average', precision, copy: null });
    const file = await openFeatures(name, parts.featureShape);
    try {
      const work = { backend, frozen, parts, hash, preprocessing, tiles, yieldToOthers, signal };
      await fillFeatures(work, [{ file, slots, augmentation: null }], onProgress);
      return { name, shape: parts.featureShape };
    } finally {
      await file.close();
    }
  } finally {
    backbone.model.dispose();
  }
}

/** A pretrained network that is to compute features elsewhere. */
export interface FeatureNetworkRequest extends Pick<FeatureRequest, 'backend' | 'path' | 'files'> {
  readonly imageSize: number;
  readonly storage: Storage;
  /** The name of the ONNX file. */
  readonly name: string;
}

/**
 * Writes what computes the features of `computeFeatures` as an ONNX file: uint8 pixels `[batch, size, size, 3]` to
 * float32 features `[batch, …shape]`.
 * @returns the name and shape that these features have in the cache
 * @throws AppError MODEL_…, EXPORT_LAYER_UNSUPPORTED, DISK_FULL
 */
export async function writeFeatureNetwork({
  backend,
  path,
  files,
  imageSize,
  storage,
  name,
}: FeatureNetworkRequest): Promise<{ name: string; shape: readonly number[] }> {
  const { tf, precision } = backend;
  const { model, hash, preprocessing } = await openBackbone(tf, { ...files.at(path), imageSize });
  try {
    const parts = averagedParts(tf, model);
    await storage.write(name, writeFrozen(tf, { parts, preprocessing, imageSize, channels: 3 }));
    const key = { hash, preprocessing, pooling: 'average', precision, copy: null } as const;
    return { name: featureName(key), shape: parts.featureShape };
  } finally {
    model.dispose();
  }
}
