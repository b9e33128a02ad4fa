/** A model as what was fitted for it wants it to be used. */
import type { Calibration, Judgement } from '../../contract/shared/calibration.ts';
import { setOf } from '../../core/statistics/confidence/conformal.ts';
import {
  type ReferenceRows,
  neighbourDistance,
  normaliseRows,
} from '../../core/statistics/confidence/nearest.ts';
import { whyUnknown } from '../../core/statistics/confidence/refusal.ts';
import type { Tf } from '../base/backend.ts';
import type { LoadedModel } from '../models/model-file.ts';
import type { ModelPlace } from '../models/model-files.ts';
import { Network } from '../network/network.ts';
import { canScale, headOf, scaleHead } from '../step/classifier.ts';
import { readCalibration, readReference } from './calibration-file.ts';

/** What was fitted for a model, as it is used. */
export interface Calibrated {
  readonly calibration: Calibration;
  /** What distances are measured to; null where none are. */
  readonly reference: ReferenceRows | null;
}

/**
 * Reads what was fitted for a model, and divides its scores by the temperature: whoever uses the model then has
 * probabilities that were corrected, also a program that it is exported for.
 */
export async function openCalibration(
  tf: Tf,
  { model, metadata }: LoadedModel,
  { storage, name }: ModelPlace,
): Promise<Calibrated | null> {
  const calibration = metadata === null ? null : await readCalibration(storage, name);
  if (calibration === null) return null;
  const outputs = model.outputs[0].shape[1]!;
  const classes = outputs === 1 ? 2 : outputs;
  const { temperature, refusal, sets } = calibration;
  const head = headOf(new Network(model));
  const fits = (refusal?.classes ?? sets?.limits ?? { length: classes }).length === classes;
  if (head === null || !canScale(head, outputs) || !fits) return null;
  if (temperature !== null) scaleHead(tf, head, temperature);
  return { calibration, reference: await readReference(storage, calibration) };
}

/**
 * What a calibrated model says of a photo beside its probabilities.
 * @param features of its last layer; changed in place
 */
export function judge(
  { calibration: { refusal, sets }, reference }: Calibrated,
  probabilities: readonly number[],
  features: Float32Array,
): Judgement {
  const distance =
    reference === null ? null : neighbourDistance(reference, normaliseRows(features, reference.length));
  const answer = probabilities.indexOf(Math.max(...probabilities));
  return {
    unknown: refusal && (whyUnknown(refusal.classes[answer], probabilities[answer], distance) ?? false),
    distance,
    set: sets === null ? null : setOf(sets.limits, probabilities),
  };
}
