/** The text of curves and thresholds. */
import { count, intervalText, percent, plural } from '../../../shared/text/format.ts';

type Interval = readonly [number, number] | null;

/** A share with its interval. */
const share = (value: number, interval: Interval): string =>
  interval === null ? percent(value) : `${percent(value)} (${intervalText(interval)})`;

/** The text of figure-plot.vue. */
export const figureText = {
  saveAs: (title: string, format: string): string => `Save ${title} as ${format}`,
};

/** The text of figures-of.ts. */
export const figuresText = {
  roc: 'ROC curve',
  falseRate: 'Share of other photos called it',
  trueRate: 'Share of its photos found (recall)',
  rocSays: (area: number, interval: Interval): string =>
    `Area ${share(area, interval)}; by chance it would be 50%.`,
  chance: 'by chance',
  precisionRecall: 'Precision–recall curve',
  recall: 'Recall',
  precision: 'Precision',
  precisionSays: (area: number, interval: Interval): string => `Average precision ${share(area, interval)}.`,
  notMeasured: 'Not measured: this class has no photos in the split.',
  onlyThis: 'Not measured: all photos of the split are of this class.',
  reliability: 'Reliability diagram',
  confidence: 'Probability of the answer',
  rightShare: 'Share that is right',
  reliabilitySays: (error: number, before: number, scaled: boolean): string =>
    scaled
      ? `Expected calibration error ${percent(error)}, ${percent(before)} without the temperature. On the diagonal probabilities are what they say.`
      : `Expected calibration error ${percent(error)}. On the diagonal probabilities are what they say.`,
  ideal: 'what they say',
  shown: 'as shown',
  without: 'without temperature',
  histogram: 'Probabilities of the class',
  probability: 'Probability',
  photos: 'Photos',
  ofClass: (name: string): string => `photos of ${name}`,
  others: 'other photos',
  histogramSays: (own: number, others: number): string =>
    `${plural(own, 'photo')} of the class, ${plural(others, 'other photo')}.`,
};

/** The text of curves-card.vue. */
export const curvesText = {
  heading: (split: string): string => `Curves and thresholds, ${split} photos`,
  class: 'Class',
  areas: 'Areas of all classes',
  rocArea: 'ROC area',
  averagePrecision: 'Average precision',
  photos: 'Photos',
  notMeasured: 'not measured',
  measureAgain:
    'This split was measured before curves were kept. Measure it again to see them; the network stays as it is.',
  measure: 'Measure again',
  saveAreas: 'Save the areas as CSV',
};

/** The text of threshold-panel.vue. */
export const thresholdText = {
  heading: (name: string): string => `When to call a photo ${name}`,
  explains: (name: string): string =>
    `Now the most probable class is the answer. With a threshold, every photo is called ${name} whose probability of ${name} is at least this.`,
  threshold: 'Threshold',
  missCost: (name: string): string => `Cost of a missed photo of ${name}`,
  alarmCost: (name: string): string => `Cost of another photo called ${name}`,
  cheapest: (threshold: string, cost: string): string => `Least cost: ${cost}, at ${threshold}`,
  useCheapest: 'Take that threshold',
  now: 'Now',
  from: (threshold: string): string => `From ${threshold}`,
  found: 'Found',
  missed: 'Missed',
  wrongly: 'Wrongly called it',
  precision: 'Precision',
  recall: 'Recall',
  cost: 'Cost',
  gainedRight: (photos: number): string => `${count(photos)} gained rightly`,
  gainedWrong: (photos: number): string => `${count(photos)} gained wrongly`,
  lostRight: (photos: number): string => `${count(photos)} lost that were right`,
  lostWrong: (photos: number): string => `${count(photos)} lost that were wrong`,
  share,
  none: '–',
  noChange: 'The same photos are called it as now.',
  onTest:
    'A threshold that is chosen on the test photos makes their figures too good. Choose it on the validation photos, then look here.',
  photoOf: (id: number): string => `Photo ${id}`,
};
