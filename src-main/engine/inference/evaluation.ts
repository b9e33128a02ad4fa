/** Measuring a classifier on labelled images. */
import type { Measurement } from '../../contract/engine/engine.ts';
import { throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Backend, ProgramSet } from '../base/backend.ts';
import { type Batch, type LabelledSlots, orderedSchedule, readAhead, readBatch } from '../step/batches.ts';
import { RunningMean, emptyConfusion } from '../step/metrics.ts';
import { batchTensors } from '../step/programs.ts';
import type { RecordReader } from '../../core/files/records.ts';

/** What to measure, and with what. */
export interface EvaluationOptions {
  readonly backend: Backend;
  readonly programs: Pick<ProgramSet<'evaluate'>, 'run'>;
  readonly reader: RecordReader;
  readonly data: LabelledSlots;
  readonly classes: number;
  readonly batchSize: number;
  /** Lets other work (messages, predictions) have its turn between batches. */
  readonly yieldToOthers: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number of images measured so far. */
  readonly onProgress?: (done: number) => void | Promise<void>;
  /** Called with the scores of each batch, in the order of the data: `images × outputs`, as the network was trained. */
  readonly onScores?: (scores: Float32Array) => void;
}

/** A measurement with the prediction for each image, in the order of the data. */
export interface Answered extends Measurement {
  readonly predicted: Int32Array;
  /** Of the predicted class, 0–1. */
  readonly probabilities: Float32Array;
}

/** Mean loss, accuracy and confusion matrix over all images, each counted once. @throws AppError CANCELLED */
export async function evaluate(options: EvaluationOptions): Promise<Answered> {
  const { reader, data, batchSize } = options;
  const mean = new RunningMean();
  const confusionMatrix = emptyConfusion(options.classes);
  const answers = {
    predicted: new Int32Array(data.slots.length),
    probabilities: new Float32Array(data.slots.length),
  };
  const schedule = orderedSchedule(data.slots.length, batchSize);
  const { stepsPerPass } = schedule;
  const batches = readAhead(0, stepsPerPass, (step) =>
    readBatch(reader, data, schedule.batch(step), batchSize),
  );
  for (let step = 0; step < stepsPerPass; step++) {
    const batch = await batches.next();
    throwIfCancelled(options.signal);
    const { lossSum, predicted, probabilities, scores } = evaluateBatch(options, batch);
    options.onScores?.(scores.subarray(0, (scores.length / batch.labels.length) * batch.count));
    answers.predicted.set(predicted.subarray(0, batch.count), mean.images);
    answers.probabilities.set(probabilities.subarray(0, batch.count), mean.images);
    let right = 0;
    for (let place = 0; place < batch.count; place++) {
      confusionMatrix[batch.labels[place]][predicted[place]]++;
      if (batch.labels[place] === predicted[place]) right++;
    }
    mean.add(lossSum, right, batch.count);
    await options.onProgress?.(mean.images);
    await options.yieldToOthers();
  }
  const { images, loss, accuracy } = mean;
  return { images, loss: loss ?? 0, accuracy: accuracy ?? 0, confusionMatrix, ...answers };
}

function evaluateBatch(
  { backend, programs, reader }: EvaluationOptions,
  batch: Batch,
): { lossSum: number; predicted: Int32Array; probabilities: Float32Array; scores: Float32Array } {
  const inputs = batchTensors(backend, batch, reader);
  const outputs = programs.run('evaluate', inputs);
  const lossSum = outputs[0].dataSync()[0];
  const predicted = outputs[1].dataSync<'int32'>();
  const probabilities = outputs[2].dataSync<'float32'>();
  const scores = outputs[3].dataSync<'float32'>();
  backend.tf.dispose([inputs, outputs]);
  return { lossSum, predicted, probabilities, scores };
}
