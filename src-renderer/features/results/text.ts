/** The text of the Results screen. */
import type { ExportAccuracy } from '../../../src-main/contract/app/index.ts';
import { count, percent, plural } from '../../shared/text/format.ts';

/** The text of compare-runs.ts. */
export const compareRunsText = {
  recipe: 'Recipe',
  data: 'Data',
  engine: 'Engine',
};

/** The text of class-report.vue. */
export const classReportText = {
  precisionAndRecallOf: 'Precision and recall of every class',
  class: 'Class',
  precision: 'Precision',
  recall: 'Recall',
  notMeasured: 'not measured',
  images: 'Images',
};

/** The text of cleaning-card.vue. */
export const cleaningCardText = {
  accuracyBeforeAndAfter: 'Accuracy before and after cleaning',
  compareTheRuns: 'Compare the runs',
  photos: (photos: number): string => plural(photos, 'test photo'),
  beforeCleaning: 'Before cleaning',
  after: 'After',
  thisRun: 'this run',
};

/** The text of confusion-matrix.vue. */
export const confusionMatrixText = {
  confusionMatrix: 'Confusion matrix',
  saidByTheNetwork: 'Predicted',
  trueClass: 'True class',
  ofWereCalled: (
    images: string | number,
    row: string | number,
    name: string | number,
    share: string | number,
  ): string => `${images} of ${row} were called ${name} (${share})`,
  ofThatWereCalled: (row: string | number, name: string | number): string =>
    `of ${row} that were called ${name}: show these photos`,
};

/** The text of damaged-runs.vue. */
export const damagedRunsText = {
  damagedRuns: 'Damaged runs',
  damaged: 'Damaged',
  removeThisRun: 'Remove this run?',
  remove: 'Remove',
  keep: 'Keep',
  removeButton: 'Remove this run',
};

/** The text of differing-settings.vue. */
export const differingSettingsText = {
  whatWasSetDifferently: 'What was set differently',
  nothingTheSameSettings: 'Nothing: the same settings, the same seed, the same data.',
  settingsThatDiffer: 'Settings that differ',
  setting: 'Setting',
};

/** The text of evaluation-details.vue. */
export const evaluationDetailsText = {
  theTestImagesHave: (uses: string | number): string =>
    `The test images have been used ${uses} times for this run. Each choice made after looking at them makes the number a little too good.`,
  classByClass: (splitWord: string | number): string => `${splitWord}, class by class`,
  classByClassImages: (splitWord: string | number): string => `Class by class, ${splitWord} images`,
  confusionMatrix: 'Confusion matrix',
  lookAtThe: (mistakes: number): string => `Look at the ${plural(mistakes, 'mistake')}`,
};

/** The text of run-comparison.vue. */
export const runComparisonText = {
  whetherTheDifferenceIs: 'Whether the difference is larger than chance',
  curves: 'Curves',
  curvesOf: (runs: number): string => `Curves of ${plural(runs, 'run')}`,
  whoseCurves: 'Whose curves',
  notBeenTested: (names: string, runs: number): string =>
    `${names} ${runs === 1 ? 'has' : 'have'} not been tested.`,
  theyDidNotSee:
    'They did not see the same data: photos, labels or the split changed between them, which may explain the difference as well.',
  validation: 'Validation',
  training: 'Training',
};

/** The text of run-list.vue. */
export const runListText = {
  runs: 'Runs',
  tickTwoRunsOr: 'Tick two runs or more',
  ofAtMost: (compared: string | number, maxCompared: string | number): string =>
    `${compared} of at most ${maxCompared}`,
  compare: 'Compare',
  done: 'Done',
  compareAllOf: (seriesName: string | number): string => `Compare all of ${seriesName}`,
  seeds: (seeds: number): string => plural(seeds, 'seed'),
  compareOfRun: (run: string | number): string => `Compare ${run}`,
  seed: (seed: string | number): string => `seed ${seed}`,
};

/** The text of run-notes.vue. */
export const runNotesText = {
  notes: 'Notes',
  saved: 'Saved',
  saving: 'Saving…',
  whyYouTrainedIt: 'Why you trained it, what you learned from it …',
  notesAboutThisRun: 'Notes about this run',
};

/** The text of run-state-note.vue. */
export const runStateNoteText = {
  resumeOnTrain: 'Resume on Train',
  tryAgainOnTrain: 'Try again on Train',
  thisRunIsStill: 'This run is in progress.',
  watchIt: 'Watch it',
  interruptedAfter: (epochs: number): string => `Interrupted after ${plural(epochs, 'epoch')}.`,
};

/** The text of run-title.vue. */
export const runTitleText = {
  nameOfTheRun: 'Name of the run',
  renameThisRun: 'Rename this run',
  renameF2: 'Rename (F2)',
  removeThisRun: 'Remove this run?',
  removeThisRunWith: 'Remove this run with its model and results?',
  remove: 'Remove',
  keep: 'Keep',
  removeButton: 'Remove this run',
};

/** The text of series-card.vue. */
export const seriesCardText = {
  oneOfWithOther: (runs: number): string => `One of ${plural(runs, 'run')} with other`,
  seeds: 'seeds',
  compareThem: 'Compare them',
  testAccuracy: 'Test accuracy',
  percentagePointsMeanStandard: (least: string | number, greatest: string | number): string =>
    `percentage points (mean ± standard deviation), from ${least} to ${greatest}. What differs less than that may be chance.`,
  seed: 'Seed',
  took: 'Took',
};

/** The text of split-metrics.vue. */
export const splitMetricsText = {
  loss: 'loss',
  at: 'at 95%',
  notTestedYetDo: 'Not tested yet. Do it once, when you are satisfied with the training.',
  notMeasured: 'Not measured.',
  test: 'Test',
  measure: 'Measure',
  showDetails: 'Show details',
  shownBelow: 'Shown below',
  duringTheLastEpoch: 'during the last epoch',
  onceSolved: 'once the head was solved for',
  afterTheLastEpoch: 'after the last epoch',
  measuredOnceAtThe: 'measured once, at the end',
  images: (images: number): string => plural(images, 'image'),
};

/** The text of test-figures.vue. */
export const testFiguresText = {
  testFigures: 'Test figures',
  saveTheFiguresAs: 'Save the figures as CSV',
  saveAsCsv: 'Save as CSV',
  testFiguresOfThe: 'Test figures of the compared runs',
  run: 'Run',
  accuracy: 'Accuracy',
  interval: '95% interval',
  loss: 'Loss',
  parameters: 'Parameters',
  epochs: 'Epochs',
  took: 'Took',
  notTested: 'not tested',
  comparedRunsCsv: 'compared runs.csv',
  testAccuracy: 'test accuracy',
  from: '95% from',
  to: '95% to',
  testImages: 'test images',
  testLoss: 'test loss',
};

/** The text of run-statistics.ts. */
export const runStatisticsText = {
  and: (first: string, last: string): string => `${first} and ${last}`,
  onlyRunsThatHave: 'Only runs that have been tested can be compared by their test accuracy.',
  testPhotos: (images: string | number): string => `${images} test photos`,
  isPercentagePointsBetter: (
    best: string | number,
    points: string | number,
    other: string | number,
    photos: string | number,
    low: string | number,
    high: string | number,
  ): string =>
    `${best} is ${points} percentage points better than ${other}, more than chance explains: on ${photos} the true difference lies between ${low} and ${high} points (95%).`,
  onChanceAloneMakes: (photos: string | number, points: string | number): string =>
    `on ${photos}, chance alone makes differences of up to ${points} points`,
  andNameTheSame: (best: string | number, other: string | number, chance: string | number): string =>
    `${best} and ${other} name the same share of photos correctly, and ${chance}.`,
  isPercentagePointsAhead: (
    best: string | number,
    points: string | number,
    other: string | number,
    chance: string | number,
  ): string =>
    `${best} is ${points} percentage points ahead of ${other}, but that is within chance: ${chance}.`,
  theBestFigureBut: (names: string, runs: number, photos: string): string =>
    `${names} ${runs === 1 ? 'has' : 'have'} the best figure, but on ${photos} none of the differences is larger than chance.`,
  againstTheDifferenceIs: (names: string | number): string =>
    ` Against ${names} the difference is within chance.`,
  isBetterThanBy: (
    best: string | number,
    names: string | number,
    photos: string | number,
    rest: string | number,
  ): string =>
    `${best} is better than ${names} by more than chance explains, on ${photos} (95%, all comparisons together).${rest}`,
};

/** The text of screen.vue. */
export const screenText = {
  results: 'Results',
  runs: (runs: number): string => plural(runs, 'run'),
  aboutThisRun: 'About this run',
  tryAPhoto: 'Try a photo',
  noSoundRun: 'No run can be read',
  damagedBelow:
    'The records of the runs below are damaged. Remove them, or bring an earlier state of the project back on Start.',
  noRunsYet: 'No runs yet',
  eachTrainingBecomesA:
    'Each training becomes a run here, with its accuracy, its confusion matrix and all it takes to repeat it.',
  goToTrain: 'Go to Train',
  compareRuns: 'Compare runs',
  comparing: (runs: number): string => `Comparing ${plural(runs, 'run')}`,
  tickTwoToSix:
    'Tick two to six runs in the list: their curves are laid over each other here, with the settings in which they differ, and whether the difference is larger than chance.',
  goFurther: 'Go further',
  isItLuckTrain: 'Is it luck? Train the same with',
  otherSeeds: 'other seeds',
  renameTheRun: 'Rename the run',
};

/** The text of cleaning-words.ts. */
export const cleaningText = {
  leftOut: (photos: number): string => `${plural(photos, 'photo')} ${was(photos)} left out`,
  relabelled: (labels: number): string => `${plural(labels, 'label')} ${was(labels)} changed`,
  moved: (photos: number): string => `${plural(photos, 'photo')} ${was(photos)} moved to another split`,
  added: (photos: number): string => `${plural(photos, 'photo')} ${photos === 1 ? 'was' : 'were'} added`,
  changes: (changes: string, photos: number): string =>
    `In between ${changes}. The test is on ${plural(photos, 'photo')} now.`,
  leaksBefore: (photos: number): string =>
    photos === 0
      ? 'Before, no test photo was like a training photo'
      : `Before, ${plural(photos, 'test photo')} ${was(photos)} like a training photo`,
  leaksNow: (photos: number): string =>
    photos === 0 ? 'now none is' : `now ${count(photos)} ${photos === 1 ? 'is' : 'are'}`,
  points: (points: string): string => `${points} percentage points`,
  otherSettings: ' The settings differ as well, so that not all of the difference need come from the data.',
  honest: 'the honest figure',
  moreHonest: 'closer to the honest figure',
  unsure: ' On so few test photos, chance alone may make such a difference.',
  fewerLeaks: (points: string, honest: string): string =>
    `${points} less. The test no longer contains photos like those of training: this is ${honest}, what new photos will see.`,
  same: 'No difference.',
  more: 'more',
  less: 'less',
  real: 'more than chance explains',
  chance: 'within chance for so few test photos',
  difference: (points: string, way: string, chance: string): string => `${points} ${way}, ${chance}.`,
  honestNow: ' And it is an honest figure now.',
};

function was(items: number): string {
  return items === 1 ? 'was' : 'were';
}

/** The text of take-out.vue. */
export const takeOutText = {
  takeItOut: 'Take it out',
  proved:
    'For other programs. Each export is loaded again and compared with the run before it is done, and brings photos and a script that prove it anywhere.',
  theModel: 'The model',
  thePhotos: 'The photos it learned from',
  export: 'Export',
  writing: 'Writing the export',
  whereTo: 'Folder that the export goes into',
  showTheFolder: 'Show the folder',
  done: (photos: number, checkedBy: string, difference: number): string =>
    `${plural(photos, 'photo')} compared with ${checkedBy}: largest difference ${difference === 0 ? '0' : difference.toExponential(1)}.`,
  cost: ({ photos, run, export: exported, same }: ExportAccuracy): string =>
    `Right on ${percent(exported)} of ${plural(photos, 'photo')}, where the run is right on ${percent(run)}; the same answer on ${percent(same)}.`,
  files: (files: string, size: string): string => `${files} files, ${size}:`,
  leftOut: (photos: number): string => `${plural(photos, 'photo')} could not be read`,
};
