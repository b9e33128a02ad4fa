/** Figures and sentences of a report. */
import type { ReportFacts } from './report-facts.ts';

/** `97.5%` */
export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
/** `97.5% (95%: 96.1–98.4%)` */
export function withInterval(share: number, interval: readonly [number, number] | null): string {
  if (interval === null) return percent(share);
  return `${percent(share)} (95%: ${(100 * interval[0]).toFixed(1)}–${percent(interval[1])})`;
}
export const count = (value: number): string => value.toLocaleString('en-US');

/** What the leakage check found. */
export function leakSentence(leaks: number | null): string {
  if (leaks === null)
    return 'Near-duplicates were not looked for, so it is not known whether test photos are like training photos.';
  if (leaks === 0) return 'No test photo is a copy or a near-duplicate of a training photo.';
  return `${count(leaks)} test photos are copies or near-duplicates of training photos: the test result is too good.`;
}

/** How far probabilities can be believed; null where that was not measured. */
export function calibrationSentence({ test }: ReportFacts): string | null {
  if (test === null || test.calibrationError === null) return null;
  const now = `Probabilities are off by ${percent(test.calibrationError)} on average (expected calibration error on the test photos)`;
  if (test.temperature === null || test.reliability === null) return `${now}.`;
  return `${now}, ${percent(test.reliability.before.calibrationError)} before scores were divided by the temperature ${test.temperature.toFixed(2)}, fitted on the validation photos.`;
}

/** What the figures do not say. */
export function limitSentences({ test, counts, classes, leaks }: ReportFacts): string[] {
  const limits = [
    'The model names one of its classes whatever a photo shows; photos of anything else are named wrongly.',
    'The figures hold for photos like those of the test; other cameras, places or seasons may give others.',
  ];
  if (test === null)
    limits.push('The model has not been tested: nothing is known of its accuracy on new photos.');
  else if (counts.test < 100)
    limits.push(
      `${count(counts.test)} test photos leave wide intervals: differences within them may be chance.`,
    );
  if (test !== null && test.uses > 1)
    limits.push(
      `The test photos were used ${count(test.uses)} times: each choice made after looking at them makes the result a little too good.`,
    );
  if (leaks !== 0) limits.push(leakSentence(leaks));
  const unmeasured = classes.filter(({ recall }) => test !== null && recall === null).map(({ name }) => name);
  if (unmeasured.length > 0) limits.push(`Without test photos, so not measured: ${unmeasured.join(', ')}.`);
  return limits;
}
