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

/** Probabilities per slot, one per class. @throws AppError CANCELLED */
export async function predict(options: PredictionOptions): Promise<number[][]> {
  const { slots, reader } = options;
  const size = slots.length < predictionBatchSizes.many / 2 ? 'single' : 'many';
  const batchSize = predictionBatchSizes[size];
  const rows: number[][] = [];
  for (let start = 0; start < slots.length; start += batchSize) {
    throwIfCancelled(options.signal);
    const batch = slots.slice(start, start + batchSize);
    const records = new Uint8Array(batchSize * recordBytes(reader));
    await reader.read(batch, records);
    rows.push(...predictBatch(options, size, records).slice(0, batch.length));
    await options.yieldToOthers();
  }
  return rows;
}

function predictBatch(
  { backend, programs, reader }: PredictionOptions,
  size: keyof typeof predictionBatchSizes,
  records: Uint8Array,
): number[][] {
  const batchSize = predictionBatchSizes[size];
  const input = recordTensor(backend, records, batchSize, reader);
  const [output] = programs(size).run('predict', [input]);
  const values = output.dataSync<'float32'>();
  const classes = values.length / batchSize;
  backend.tf.dispose([input, output]);
  return Array.from({ length: batchSize }, (_, row) =>
    Array.from(values.subarray(row * classes, (row + 1) * classes)),
  );
}
