/** What is computed elsewhere: one interface for the features of a pretrained network and the answers of a run. */
import type { ExportProgress } from '../../contract/app/exports.ts';
import type { ShardModelRecord } from '../../contract/shared/shards.ts';
import type { TileSpec } from '../../datasets/photos/tiles.ts';
import type { WantedImage } from '../runs/run-tiles.ts';

/** The folder of the network in a set of shards. */
export const modelFolder = 'model';
/** The network's file, in `modelFolder`. */
export const modelFile = 'model.onnx';

/** A photo of the project that results are wanted of. */
export type ShardPhoto = WantedImage & { readonly path: string };

/** Where results are kept. */
export interface ResultStore {
  /** True where nothing would change. @param index of the photos that the store was opened for */
  isThere(index: number, values: Float32Array): boolean;
  /** Keeps values: one row for each index. */
  write(indexes: readonly number[], rows: readonly Float32Array[]): Promise<void>;
  close(): Promise<void>;
}

/** A network whose work is done elsewhere. */
export interface ShardModel {
  readonly id: string;
  readonly kind: ShardModelRecord['kind'];
  /** Numbers of one result. */
  readonly length: number;
  readonly spec: TileSpec;
  readonly classes: readonly string[] | null;
  /** What this computer computes, a row for each photo. @throws AppError DATASET_TILES_MISSING, BACKEND_…, CANCELLED */
  compute(photos: readonly ShardPhoto[], signal: AbortSignal): Promise<Float32Array[]>;
  /** Writes the network as `modelFile` into a folder that is there. */
  write(folder: string, emit: (event: ExportProgress) => void, signal: AbortSignal): Promise<void>;
  /** The photos that still have no result here. @param photos of different contents */
  missing<Photo extends ShardPhoto>(photos: readonly Photo[], signal: AbortSignal): Promise<Photo[]>;
  /** Opens the place of its results. @param photos ids with their contents */
  open(photos: readonly ShardPhoto[], signal: AbortSignal): Promise<ResultStore>;
}

/** Largest difference of a result from what is computed here; as a share of the largest number where that is above 1. */
export const resultTolerance = 1e-4;

/** By how much two results may differ at most. */
export function allowedDifference(values: Float32Array): number {
  return resultTolerance * values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
}
