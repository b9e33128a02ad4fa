/** Features of images for other uses than training: the map of a dataset, duplicates, suspicious labels. */
import type { Backend } from '../base/backend.ts';
import { type FeatureWork, featureName, fillFeatures } from './feature-cache.ts';
import type { FrozenNetworks } from './frozen-networks.ts';
import type { FeatureFile, TileReader } from '../../core/files/records.ts';
import { openBackbone } from '../models/open-backbone.ts';
import type { ModelFiles } from '../models/model-files.ts';
import { averagedParts } from './transfer.ts';

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
