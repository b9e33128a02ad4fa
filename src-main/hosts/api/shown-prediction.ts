/** A prediction as other programs see it. */
import type { ApiPrediction } from '../../contract/api/prediction-api.ts';
import type { Prediction } from '../../contract/app/training.ts';

/** @param image as the sender calls it. @param top how many classes are named */
export function shown(image: string, prediction: Prediction, top: number): ApiPrediction {
  const { label, probability, probabilities, error } = prediction;
  const all = Object.entries(probabilities).map(([name, value]) => ({ label: name, probability: value }));
  return {
    image,
    label,
    probability,
    unknown: prediction.unknown !== null && prediction.unknown !== false,
    top: all.sort((a, b) => b.probability - a.probability).slice(0, top),
    error: error === null ? null : { code: error.code, message: error.message, remedy: error.remedy },
  };
}
