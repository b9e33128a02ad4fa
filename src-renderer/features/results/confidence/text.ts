/** The text of the confidence of a run: how believable its probabilities are, and when it says "I don't know". */
import { plural } from '../../../shared/text/format.ts';

/** The text of confidence-card.vue. */
export const confidenceText = {
  heading: 'How sure it may be',
  nothingFitted:
    'Nothing is fitted for this network yet. Its validation photos can tell how far its probabilities are right.',
  fit: 'Fit to the validation photos',
  fitAgain: 'Fit again',
  temperature: 'Temperature',
  divided: (temperature: string, photos: number): string =>
    `${temperature}, fitted to ${plural(photos, 'validation photo')}`,
  noTemperature: (why: string): string => `Probabilities are as the network gives them: ${why}`,
  /** Before and after the scores were divided by the temperature. */
  fromTo: (before: string, after: string): string => `${before} → ${after}`,
  validation: 'Validation',
  test: 'Test, held out',
  measuredOn: 'Measured on',
  calibrationError: 'Calibration error',
  likelihood: 'Negative log likelihood',
  dontKnow: '“I don’t know”',
  kept: (kept: string, keep: string): string =>
    `Photos that are unlike the training photos, and answers that are not sure enough, get “I don’t know”. ${kept} of the right answers on validation photos are kept (wanted: ${keep}).`,
  wrongRefused: (share: string): string => `${share} of the wrong ones are refused.`,
  noLimits: (why: string): string => `It names a class whatever the photo shows: ${why}`,
  class: 'Class',
  leastProbability: 'Least probability',
  greatestDistance: 'Greatest distance',
  rightAnswers: 'Right answers',
  tooFew: 'too few, limits of all classes',
  keepShare: 'Right answers to keep, percent',
  sets: (coverage: string, size: string): string =>
    `Beside its answer each photo gets a set of classes that holds the true one for ${coverage} of photos; it has ${size} classes on average.`,
};

/** The text of cross-validation-card.vue. */
export const crossValidationText = {
  heading: 'Cross-validation',
  explains:
    'With few photos one validation split says little. Here every training and validation photo is predicted once, by a linear head that did not learn from it; the test photos stay unused.',
  start: 'Cross-validate in 5 folds',
  again: 'Do it again',
  working: 'Cross-validating',
  at: 'at 95%',
  folds: (folds: number, photos: number, backbone: string, deviation: string): string =>
    `${plural(folds, 'fold')} of ${plural(photos, 'photo')}, a linear head on ${backbone}. Standard deviation of the folds: ${deviation}.`,
  grouped: 'Near-duplicates stay in one fold.',
  notGrouped: 'Near-duplicates are not known yet: Check finds them, and then they stay in one fold.',
  class: 'Class',
  precision: 'Precision',
  recall: 'Recall',
  photos: 'Photos',
  notMeasured: 'not measured',
};

/** The text of test-honesty.vue. */
export const testHonestyText = {
  used: (uses: number, runs: number): string =>
    `The test photos of this project have been used ${plural(uses, 'time')}, for ${plural(runs, 'run')}.`,
  choosing: 'Whoever picks the best of them by its test figure makes that figure too good.',
  thresholds: (thresholds: number): string =>
    `${plural(thresholds, 'threshold was', 'thresholds were')} chosen on them.`,
  instead: 'Choose by validation or by cross-validation, and keep the test for the end.',
};
