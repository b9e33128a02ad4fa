/** The text of the loop: from a figure to its photos, to what they are like, to the next run, to what changed. */
import { count, percent, plural } from '../../../shared/text/format.ts';

/** The text of judged-photos.vue and what it is called in the address. */
export const judgedText = {
  photos: 'Photos of this result',
  cell: (truth: string, said: string): string =>
    truth === said ? `${truth}, named correctly` : `${truth} that were called ${said}`,
  mistakes: 'Mistakes',
  better: 'Changed for the better',
  worse: 'Changed for the worse',
  other: 'Wrong in another way',
  similar: 'Nearest training photos',
  of: (photos: number): string => plural(photos, 'photo'),
  back: 'Back',
  openInImages: 'Open in Images',
  openInImagesHint: 'Show these photos on the Images screen',
  noneLeft: 'None left here',
  noneLeftText:
    'All photos of this result have been dealt with, or none fits any more. Go back, or train again to see what changed.',
  loop: 'Photos of a result',
};

/** The keys of the loop. */
export const loopKeys = {
  heatmap: 'Show or hide the heatmap',
  leaveOut: 'Leave the photos out',
  addToTraining: 'Add the photos to training',
  similar: 'Show the nearest training photos',
  retrain: 'Train again',
  changed: 'Show what changed',
  label: 'Label as a class',
  undo: 'Undo',
  back: 'Back',
};

/** The text of photo-exam.vue. */
export const examText = {
  thePhoto: 'The chosen photo',
  chooseAPhoto: 'Choose a photo to see where the network looked, and what it learned from that is like it.',
  several: (photos: number): string =>
    `${count(photos)} photos are chosen: keys and buttons mean all of them.`,
  labelledAs: 'Label',
  noLabel: 'no label',
  said: 'Predicted',
  notMeasured: 'not measured by this run',
  split: 'Split',
  noSplit: 'none',
  leaveOut: 'Exclude',
  addToTraining: 'Add to training',
  inTraining: 'In training',
  heatmap: 'Heatmap',
  evidenceFor: 'Evidence for',
  predicted: 'Prediction',
  label: 'Label',
  heatmapOf: (label: string, probability: number): string => `Heatmap for ${label}, ${percent(probability)}`,
  photoAlone: (name: string): string => `Photo ${name}`,
  computing: 'Computing the heatmap',
};

/** The text of similar-photos.vue. */
export const similarText = {
  nearest: 'Nearest training photos',
  by: (features: string): string => `by ${features}`,
  looking: 'Looking for them',
  none: 'The run learned from no other photo that is still there.',
  lookAtThem: 'Look at them',
  learntAs: (name: string, learntAs: string, similarity: string): string =>
    `${name}, learned as ${learntAs}, similarity ${similarity}. Show it`,
  agree: (same: number, all: number, name: string): string => `${same} of ${all} were taught as ${name}.`,
};

/** The text of retrain-bar.vue. */
export const retrainText = {
  sinceThisRun: 'Since this run:',
  excluded: (photos: number): string => `${plural(photos, 'photo')} left out`,
  relabelled: (labels: number): string => `${plural(labels, 'label')} changed`,
  moved: (photos: number): string => `${plural(photos, 'photo')} in another split`,
  added: (photos: number): string => `${plural(photos, 'photo')} added`,
  nothing: 'Nothing has been edited since this run.',
  retrain: 'Train again',
  hint: 'The same recipe, settings and seed, on the photos as they are now',
  training: 'Training again',
  watch: 'Watch it',
  done: (before: number, after: number): string => `Test accuracy ${percent(before)} → ${percent(after)}.`,
  doneUntested: 'Trained again.',
  failed: 'The training did not finish.',
  changed: 'What changed',
};

/** The text of what-changed.vue and change-report.vue. */
export const changeText = {
  heading: 'What changed',
  since: 'since',
  earlierRun: 'Earlier run',
  better: (photos: number): string => `${count(photos)} for the better`,
  worse: (photos: number): string => `${count(photos)} for the worse`,
  other: (photos: number): string => `${count(photos)} wrong in another way`,
  accuracy: (before: number, after: number): string => `${percent(before)} → ${percent(after)}`,
  points: (difference: string, low: string, high: string): string =>
    `${difference} points (95%: ${low} to ${high})`,
  onPhotos: (photos: number): string => `on the ${plural(photos, 'photo')} that both were measured on`,
  same: 'No photo changed between right and wrong.',
  chance: (better: number, worse: number, p: string): string =>
    `${plural(better, 'photo')} changed for the better and ${count(worse)} for the worse: within chance (McNemar’s test, p = ${p}).`,
  real: (better: number, worse: number, p: string): string =>
    `${plural(better, 'photo')} changed for the better and ${count(worse)} for the worse: more than chance explains (McNemar’s test, p = ${p}).`,
  relabelled: (photos: number): string =>
    `${plural(photos, 'of these labels was', 'of these labels were')} changed in between; both runs are judged by the labels of now.`,
  tested: (name: string, tested: number, now: number): string =>
    `“${name}” was ${percent(tested)} when it was tested, and is ${percent(now)} on these photos with the labels of now.`,
  missing: (name: string, photos: number): string =>
    `“${name}” was not measured on ${plural(photos, 'photo')} of this split; they are not counted.`,
  flipped: 'Photos that flipped',
  showAll: (photos: number): string => `Show all ${count(photos)}`,
  photoOf: (name: string, label: string): string => `${name}, ${label}:`,
  then: 'then',
  classes: 'Class by class',
  class: 'Class',
  before: 'before',
  after: 'after',
  difference: 'Difference',
  interval: '95%',
  images: 'Images',
  flippedColumn: 'Flipped',
  flippedOf: (better: number, worse: number): string =>
    better + worse === 0 ? '–' : `+${count(better)} −${count(worse)}`,
  notMeasured: 'not measured',
  recall: 'Recall',
};
