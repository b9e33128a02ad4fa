/** Fits what makes a model's probabilities believable, and lets it say "I don't know", to photos of validation. */
import type { Calibration, Unfitted } from '../../contract/shared/calibration.ts';
import { fitSets } from '../../core/statistics/confidence/conformal.ts';
import {
  type ReferenceRows,
  neighbourDistance,
  normaliseRows,
} from '../../core/statistics/confidence/nearest.ts';
import {
  type ScoredPhotos,
  answersOf,
  classesOf,
  probabilitiesOf,
} from '../../core/statistics/confidence/probabilities.ts';
import { type JudgedAnswer, fitRefusal } from '../../core/statistics/confidence/refusal.ts';
import { measureReliability } from '../../core/statistics/confidence/reliability.ts';
import { fitTemperature, minTemperaturePhotos } from '../../core/statistics/confidence/temperature.ts';
import { Network } from '../network/network.ts';
import { canScale, headOf } from '../step/classifier.ts';
import type { LabelledSlots } from '../step/batches.ts';
import type { OpenModel } from './model-cache.ts';
import type { PredictedImage } from './prediction.ts';

/** Bytes of features that are kept with a model. */
const referenceBytes = 8 * 2 ** 20;
/** The nearest neighbour alone follows single odd photos; later ones tell less of small classes. */
const neighbour = 5;

/** What a calibration is fitted with. */
export interface FitOptions {
  readonly open: OpenModel;
  readonly train: readonly number[];
  readonly validation: LabelledSlots;
  readonly keep: number;
  readonly onProgress: (done: number) => void;
  /** What the model makes of slots. */
  readonly predict: (slots: readonly number[]) => AsyncIterable<PredictedImage>;
}

/** A calibration without its place. */
export interface FittedCalibration {
  readonly calibration: Omit<Calibration, 'model' | 'reference'>;
  readonly reference: ReferenceRows | null;
}

/** Fits temperature, limits and sets: whatever there are enough photos for, with the reason where there are not. */
export async function fitCalibration(options: FitOptions): Promise<FittedCalibration> {
  const { open, keep, validation } = options;
  const images = validation.slots.length;
  const nothing: Unfitted | null = isScalable(open)
    ? images === 0
      ? 'no-validation'
      : null
    : 'unknown-head';
  if (nothing !== null) return { calibration: unfitted(images, nothing), reference: null };
  const reference = await readReferenceRows(options);
  const { photos, distances } = await readValidation(options, reference);
  const isFew = images < minTemperaturePhotos;
  const temperature = isFew ? null : fitTemperature(photos);
  const classes = classesOf(photos.outputs);
  const probabilities = probabilitiesOf(photos, temperature ?? 1);
  const answers = Array.from(answersOf(probabilities, classes), (answer, photo): JudgedAnswer => ({
    answer,
    right: answer === photos.labels[photo],
    probability: probabilities[photo * classes + answer],
    distance: distances[photo],
  }));
  const refusal = fitRefusal(answers, classes, keep);
  return {
    calibration: {
      fittedAt: new Date().toISOString(),
      images,
      temperature,
      whyNoTemperature: temperature !== null ? null : isFew ? 'few-validation' : 'all-right',
      before: measureReliability(photos),
      after: measureReliability(photos, temperature ?? 1),
      refusal,
      whyNoRefusal: refusal === null ? 'few-right' : null,
      sets: fitSets(probabilities, photos.labels, classes, keep),
    },
    reference: refusal === null ? null : reference,
  };
}

function isScalable({ model }: OpenModel): boolean {
  const head = headOf(new Network(model));
  return head !== null && canScale(head, model.outputs[0].shape[1]!);
}

function unfitted(images: number, why: Unfitted): FittedCalibration['calibration'] {
  return {
    fittedAt: new Date().toISOString(),
    images,
    temperature: null,
    whyNoTemperature: why,
    before: null,
    after: null,
    refusal: null,
    whyNoRefusal: why,
    sets: null,
  };
}

/** Features of as many training photos as may be kept. */
async function readReferenceRows({ train, predict, onProgress }: FitOptions): Promise<ReferenceRows | null> {
  let values: Float32Array | null = null;
  let [length, rows, most] = [0, 0, train.length];
  for await (const { features } of predict(train)) {
    if (values === null) {
      length = features.length;
      most = Math.min(train.length, Math.floor(referenceBytes / (4 * length)));
      values = new Float32Array(most * length);
    }
    if (rows >= most) break;
    values.set(features, rows++ * length);
    onProgress(rows);
  }
  return values === null || rows === 0 ? null : { values: normaliseRows(values, length), length, neighbour };
}

async function readValidation(
  { validation, train, predict, onProgress }: FitOptions,
  reference: ReferenceRows | null,
): Promise<{ photos: ScoredPhotos; distances: (number | null)[] }> {
  const scores: number[] = [];
  const distances: (number | null)[] = [];
  let outputs = 1;
  for await (const found of predict(Array.from(validation.slots))) {
    outputs = found.scores.length;
    scores.push(...found.scores);
    distances.push(
      reference === null
        ? null
        : neighbourDistance(reference, normaliseRows(found.features, reference.length)),
    );
    onProgress(train.length + distances.length);
  }
  return { photos: { scores, outputs, labels: validation.labels }, distances };
}
