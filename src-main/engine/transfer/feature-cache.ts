/**
 * Features of images, computed once and kept: the record of an image lies at the slot of its tile, in a file beside
 * the tiles for each backbone, pooling and way of augmenting. Every later run on the same images reads it.
 */
import {
  type FeatureFile,
  type RecordReader,
  type TileReader,
  readRecords,
  recordBytes,
  tileBytes,
} from '../../core/files/records.ts';
import type * as tfjs from '@tensorflow/tfjs';
import type { Augmenter } from '../augmentation/augmenter.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { throwIfCancelled } from '../../contract/shared/errors.ts';
import { hash32 } from '../../core/random/random.ts';
import type { AugmentationSettings } from '../../contract/shared/augmentation.ts';
import type { Backend, Precision } from '../base/backend.ts';
import { pixelTensor } from '../step/programs.ts';
import { preprocess } from '../step/preprocessing.ts';
import type { ComputeFeatures, FrozenNetworks } from './frozen-networks.ts';
import { type TransferParts, featuresOf } from './transfer.ts';

/** Opens the feature file of this name beside a tile pack. */
export type OpenFeatures = (name: string, shape: readonly number[]) => Promise<FeatureFile>;

/** Which features: everything that changes them. */
export interface FeatureKey {
  /** Of the backbone's network and weights. */
  readonly hash: string;
  readonly preprocessing: Preprocessing;
  readonly pooling: 'flatten' | 'average';
  readonly precision: Precision;
  /** The augmented copy, or null for the image itself. */
  readonly copy: {
    readonly settings: AugmentationSettings;
    readonly seed: number;
    readonly index: number;
  } | null;
}

/** The name of a feature file. */
export function featureName({ hash, preprocessing, pooling, precision, copy }: FeatureKey): string {
  const digits = precision === 'float32' ? '' : `-${precision}`;
  const base = `${hash.slice(0, 24)}-${preprocessing}-${pooling}${digits}`;
  if (copy === null) return base;
  const way = hash32(JSON.stringify(copy.settings)).toString(16);
  return `${base}-augmented-${way}-${copy.seed}-${copy.index}`;
}

/** What computes features. */
export interface FeatureWork {
  readonly backend: Backend;
  readonly frozen: FrozenNetworks;
  readonly parts: TransferParts;
  /** Of the backbone's network and weights. */
  readonly hash: string;
  readonly preprocessing: Preprocessing;
  readonly tiles: TileReader;
  readonly yieldToOthers: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Asked between batches; true ends the work. */
  readonly isEnding?: () => boolean;
}

/** Images per step: as fast as any larger, and a cancel is seen soon. */
const batchSize = 32;

/** One feature file that has to hold all `slots`. */
export interface FeatureTask {
  readonly file: FeatureFile;
  readonly slots: readonly number[];
  /** Null: the images themselves. `seed` and the slot name each draw. */
  readonly augmentation: { readonly augmenter: Augmenter; readonly seed: number } | null;
}

/** How many features of the tasks are still to be computed. */
export function missingFeatures(tasks: readonly FeatureTask[]): number {
  return tasks.reduce((sum, { file, slots }) => sum + slots.filter((slot) => !file.has(slot)).length, 0);
}

/**
 * Computes what is missing. What was computed before a cancel is kept.
 * @throws AppError CANCELLED, DISK_FULL
 */
export async function fillFeatures(
  work: FeatureWork,
  tasks: readonly FeatureTask[],
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const total = missingFeatures(tasks);
  let done = 0;
  for (const task of tasks) {
    const missing = task.slots.filter((slot) => !task.file.has(slot));
    if (missing.length === 0) continue;
    await useProgram(work, task, async (run) => {
      for (let start = 0; start < missing.length; start += batchSize) {
        throwIfCancelled(work.signal);
        const slots = missing.slice(start, start + batchSize);
        await task.file.write(slots, await run(slots));
        done += slots.length;
        onProgress(done, total);
        await work.yieldToOthers();
        if (work.isEnding?.() === true) throwIfCancelled(AbortSignal.abort());
      }
    });
  }
}

/** Computes the features of up to `batchSize` slots. */
type RunSlots = (slots: readonly number[]) => Promise<Float32Array>;

/** Works with what computes a task: images themselves on the fastest engine, augmented ones on the backend. */
async function useProgram(
  work: FeatureWork,
  task: FeatureTask,
  use: (run: RunSlots) => Promise<void>,
): Promise<void> {
  const onBackend = async (): Promise<void> => {
    const program = prepareFeatures(work, task);
    try {
      await use((slots) => program.run(slots));
    } finally {
      program.dispose();
    }
  };
  const { augmentation } = task;
  if (augmentation !== null && !augmentation.augmenter.isIdentity) return onBackend();
  const { tiles, frozen, ...part } = work;
  const { size: imageSize, channels } = tiles;
  return frozen.use({ ...part, imageSize, channels }, (compute) =>
    compute === null ? onBackend() : use((slots) => computeTiles(compute, tiles, slots)),
  );
}

/** Tiles as features, computed when they are read. */
export function featureReader(
  compute: ComputeFeatures,
  tiles: TileReader,
  shape: readonly number[],
): RecordReader {
  return {
    shape,
    type: 'float32',
    async read(slots, into) {
      const { buffer, byteOffset, byteLength } = await computeTiles(compute, tiles, slots);
      into.set(new Uint8Array(buffer, byteOffset, byteLength));
    },
  };
}

/** Reads the tiles of `slots` and computes their features. */
async function computeTiles(
  compute: ComputeFeatures,
  tiles: TileReader,
  slots: readonly number[],
): Promise<Float32Array> {
  const pixels = new Uint8Array(slots.length * tileBytes(tiles));
  await tiles.read(slots, pixels);
  return compute(pixels, slots.length);
}

function prepareFeatures(work: FeatureWork, { file, augmentation }: FeatureTask) {
  const { backend, parts, preprocessing, tiles } = work;
  const { tf } = backend;
  const { size } = tiles;
  const augmenter = augmentation?.augmenter ?? null;
  const program = ([pixels, ...fed]: tfjs.Tensor[]): tfjs.Tensor[] => {
    const augmented =
      augmenter === null || augmenter.isIdentity
        ? pixels
        : augmenter.apply(backend, tf.cast(pixels as tfjs.Tensor4D, 'float32'), fed);
    return [featuresOf(parts, preprocess(tf, augmented, preprocessing))];
  };
  const inputs = (pixels: Uint8Array, slots: readonly number[]): tfjs.Tensor[] => {
    const images = pixelTensor(backend, pixels, batchSize, tiles.shape);
    if (augmenter === null || augmenter.isIdentity) return [images];
    const keys = Int32Array.from({ length: batchSize }, (_, place) => slots[place] ?? 0);
    const shapes = augmenter.inputs(batchSize, size);
    const drawn = augmenter.draw(augmentation!.seed, keys, size);
    return [images, ...drawn.map((values, index) => tf.tensor(values, shapes[index].shape, 'float32'))];
  };
  const exampleInputs = inputs(new Uint8Array(batchSize * tileBytes(tiles)), []);
  const set = backend.prepare({ features: { program, exampleInputs } });
  tf.dispose(exampleInputs);
  const values = recordBytes(file) / 4;
  return {
    async run(slots: readonly number[]): Promise<Float32Array> {
      const pixels = new Uint8Array(batchSize * tileBytes(tiles));
      await tiles.read(slots, pixels);
      const fed = inputs(pixels, slots);
      const [output] = set.run('features', fed);
      const features = output.dataSync<'float32'>().slice(0, slots.length * values);
      tf.dispose([...fed, output]);
      return features;
    },
    dispose: () => set.dispose(),
  };
}

/**
 * Several feature files of the same images as one: record `copy · capacity + slot`.
 * @param capacity more than the largest slot
 */
export function copiesReader(files: readonly FeatureFile[], capacity: number): RecordReader {
  const [{ shape, type }] = files;
  const bytes = recordBytes(files[0]);
  return {
    shape,
    type,
    async read(slots, into) {
      await Promise.all(
        slots.map((slot, place) =>
          files[Math.floor(slot / capacity)].read(
            [slot % capacity],
            into.subarray(place * bytes, (place + 1) * bytes),
          ),
        ),
      );
    },
  };
}

/** Up to this many bytes of features are held in memory while a head trains on them. */
const heldBytes = 512 * 2 ** 20;

/** The records of `slots` from memory, where they fit: a step of a head takes less time than reading its batch. */
export async function heldReader(reader: RecordReader, slots: ArrayLike<number>): Promise<RecordReader> {
  const bytes = recordBytes(reader);
  if (slots.length * bytes > heldBytes) return reader;
  const places = new Map<number, number>();
  for (const slot of Array.from(slots)) if (!places.has(slot)) places.set(slot, places.size);
  const all = await readRecords(reader, [...places.keys()]);
  return {
    shape: reader.shape,
    type: reader.type,
    read: async (requested, into) =>
      requested.forEach((slot, place) => {
        const from = places.get(slot)! * bytes;
        into.set(all.subarray(from, from + bytes), place * bytes);
      }),
  };
}
