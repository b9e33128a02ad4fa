/** Class probabilities of images. */
import { throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Backend, ProgramSet } from '../base/backend.ts';
import { recordTensor } from '../step/programs.ts';
import { type RecordReader, recordBytes } from '../../core/files/records.ts';

/** How many images one prediction program takes. `single` is for a few photos, where padding would cost more. */
export const predictionBatchSizes = { single: 1, many: 16 } as const;

/** What to predict, and with what. */
export interface PredictionOptions {
  readonly backend: Backend;
  /** Gives the programs for one of the batch sizes; made when first needed. */
  readonly programs: (size: keyof typeof predictionBatchSizes) => Pick<ProgramSet<'predict'>, 'run'>;
  /** Of images, or of their features. */
  readonly reader: RecordReader;
  readonly slots: readonly number[];
  readonly yieldToOthers: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** What a model makes of one image. */
export interface PredictedImage {
  /** One per class. */
  readonly probabilities: number[];
  /** As the network was trained, before softmax or sigmoid. */
  readonly scores: Float32Array;
  /** What the last layer makes them from. */
  readonly features: Float32Array;
}

/** What a model makes of each slot, as it comes. @throws AppError CANCELLED */
export async function* predictEach(options: PredictionOptions): AsyncGenerator<PredictedImage, void> {
  const { slots, reader } = options;
  const size = slots.length < predictionBatchSizes.many / 2 ? 'single' : 'many';
  const batchSize = predictionBatchSizes[size];
  for (let start = 0; start < slots.length; start += batchSize) {
    throwIfCancelled(options.signal);
    const batch = slots.slice(start, start + batchSize);
    const records = new Uint8Array(batchSize * recordBytes(reader));
    await reader.read(batch, records);
    yield* predictBatch(options, size, records).slice(0, batch.length);
    await options.yieldToOthers();
  }
}

function predictBatch(
  { backend, programs, reader }: PredictionOptions,
  size: keyof typeof predictionBatchSizes,
  records: Uint8Array,
): PredictedImage[] {
  const batchSize = predictionBatchSizes[size];
  const input = recordTensor(backend, records, batchSize, reader);
  const outputs = programs(size).run('predict', [input]);
  const [probabilities, scores, features] = outputs.map((output) => output.dataSync<'float32'>());
  backend.tf.dispose([input, ...outputs]);
  const part = (values: Float32Array, row: number): Float32Array => {
    const length = values.length / batchSize;
    return values.slice(row * length, (row + 1) * length);
  };
  return Array.from({ length: batchSize }, (_, row) => ({
    probabilities: Array.from(part(probabilities, row)),
    scores: part(scores, row),
    features: part(features, row),
  }));
}
