/** Proves an export: it is loaded again, and its scores of the golden photos are compared with the run's. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Judgement } from '../../contract/shared/calibration.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { Tf } from '../base/backend.ts';
import { neighbourDistance, normaliseRows } from '../../core/statistics/confidence/nearest.ts';
import { largestDifferenceOf } from '../base/difference.ts';
import { judge } from '../inference/open-calibration.ts';
import { Network } from '../network/network.ts';
import { toClassifier } from '../step/classifier.ts';
import { preprocess } from '../step/preprocessing.ts';
import type { ExportFormat, LayerValues, OutgoingModel, ReopenedExport } from './export-format.ts';

/** What was compared. */
export interface GoldenCheck {
  readonly checkedBy: string;
  readonly largestDifference: number;
}

/** What the run says of a golden photo. */
export interface GoldenAnswer {
  /** One per class. */
  readonly probabilities: number[];
  /** Null for a model that nothing was fitted for. */
  readonly judgement: Judgement | null;
}

/** How far distances and layers may be from the run's where a format says nothing else. */
export const usualTolerance = 1e-3;

/** What an export has to agree with: the run's own network in float32, computed operation by operation. */
export function runAnswers(tf: Tf, outgoing: OutgoingModel, photos: readonly Uint8Array[]): GoldenAnswer[] {
  const classifier = toClassifier(tf, outgoing.model);
  const { calibrated } = outgoing;
  return photos.map((pixels) => {
    const { probabilities, features } = tf.tidy(() => {
      const answers = classifier.answers(prepared(tf, outgoing, pixels));
      const numbers = (values: tfjs.Tensor): number[] => Array.from(values.dataSync());
      return { probabilities: numbers(answers.probabilities), features: numbers(answers.features) };
    });
    const judgement = calibrated && judge(calibrated, probabilities, Float32Array.from(features));
    return { probabilities, judgement };
  });
}

function prepared(tf: Tf, { imageSize, channels, preprocessing }: OutgoingModel, pixels: Uint8Array) {
  const image = tf.tensor(Int32Array.from(pixels), [1, imageSize, imageSize, channels], 'int32');
  return preprocess(tf, image, preprocessing);
}

/**
 * Compares an export with the run.
 * @param expected of `runAnswers`
 * @throws AppError EXPORT_DISAGREES naming the first layer that does, CANCELLED
 */
export async function checkGolden(
  tf: Tf,
  outgoing: OutgoingModel,
  format: Pick<ExportFormat, 'tolerance' | 'distanceTolerance' | 'layerTolerance'>,
  reopened: ReopenedExport,
  photos: readonly Uint8Array[],
  expected: readonly GoldenAnswer[],
  onProgress: (done: number) => void,
  signal?: AbortSignal,
): Promise<GoldenCheck> {
  const { tolerance, distanceTolerance = usualTolerance, layerTolerance = usualTolerance } = format;
  let largestDifference = 0;
  for (const [index, pixels] of photos.entries()) {
    throwIfCancelled(signal);
    const { probabilities, judgement } = expected[index];
    const difference = largestDifferenceOf(await reopened.probabilities(pixels), probabilities);
    if (!(difference <= tolerance)) {
      const where = firstDifference(tf, outgoing, pixels, await reopened.layers(pixels), layerTolerance);
      throw new AppError('EXPORT_DISAGREES', { difference: String(difference), tolerance, where });
    }
    await checkDistance(outgoing, reopened, pixels, judgement, distanceTolerance);
    largestDifference = Math.max(largestDifference, difference);
    onProgress(index + 1);
  }
  return { checkedBy: reopened.checkedBy, largestDifference };
}

/** Whether a photo is as far from the training photos as the run says. @throws AppError EXPORT_DISAGREES */
async function checkDistance(
  { calibrated }: OutgoingModel,
  reopened: ReopenedExport,
  pixels: Uint8Array,
  judgement: Judgement | null,
  tolerance: number,
): Promise<void> {
  const reference = calibrated?.reference ?? null;
  if (reference === null || reopened.features === undefined) return;
  const features = await reopened.features(pixels);
  const row = normaliseRows(features.slice(), reference.length);
  const difference = Math.abs(neighbourDistance(reference, row) - judgement!.distance!);
  if (difference <= tolerance) return;
  const where = 'photos are not as far from the training photos as in the run';
  throw new AppError('EXPORT_DISAGREES', {
    difference: String(difference),
    tolerance,
    where,
  });
}

/** Words that name the first layer whose values are others than the run's. */
function firstDifference(
  tf: Tf,
  outgoing: OutgoingModel,
  pixels: Uint8Array,
  layers: readonly LayerValues[],
  tolerance: number,
): string {
  const network = new Network(outgoing.model);
  return tf.tidy(() => {
    const walk = network.walk(prepared(tf, outgoing, pixels));
    for (const { layer, values } of layers) {
      const wanted = walk.value(network.find(layer)).dataSync<'float32'>();
      const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
      if (!(largestDifferenceOf(values, wanted) <= tolerance * scale))
        return `the first layer that computes something else is ${layer}`;
    }
    return layers.length === 0
      ? 'its layers cannot be looked at one by one'
      : 'all its layers agree, but not what follows them';
  });
}
