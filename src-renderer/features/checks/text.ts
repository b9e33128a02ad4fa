/** Checks in words: how grave, how fresh, how far. */
import type { CheckInfo, CheckRun, Severity } from '../../../src-main/contract/app/index.ts';
import type { Activity } from '../../shared/text/activity.ts';
import { ago, count, duration, plural } from '../../shared/text/format.ts';

/** How a severity looks and reads. */
export const severityLooks = {
  error: {
    word: 'Makes the result unreliable',
    icon: 'i-lucide-octagon-alert',
    colour: 'error',
    text: 'text-error',
  },
  warning: {
    word: 'Worth fixing',
    icon: 'i-lucide-triangle-alert',
    colour: 'warning',
    text: 'text-warning',
  },
  note: { word: 'Good to know', icon: 'i-lucide-info', colour: 'neutral', text: 'text-muted' },
} as const satisfies Record<Severity, object>;

/** `12 findings, 31 photos`; what is about no photo names none. */
export function findingsText({ findings, images }: Pick<CheckInfo, 'findings' | 'images'>): string {
  const found = plural(findings, 'finding');
  return images === 0 || images === findings ? found : `${found}, ${plural(images, 'photo')}`;
}

/** When and of what: `2 min ago`, `before the last edits, 2 min ago`. */
export function freshnessText({ status, ranAt }: Pick<CheckInfo, 'status' | 'ranAt'>): string {
  if (ranAt === null) return 'Not run yet';
  return status === 'stale' ? `Before the last changes, ${ago(ranAt)}` : `Checked ${ago(ranAt)}`;
}

/** What a check needs that is not there, in a sentence. */
export function needsText({ needs }: Pick<CheckInfo, 'needs'>, hasBackbone: boolean): string {
  if (needs === null) return '';
  return hasBackbone
    ? 'Uses your pretrained network. Not run yet, or the engine was busy training.'
    : `Needs ${needs}, and there is none on this computer.`;
}

const phases: Record<string, string> = {
  'preparing photos': 'Reading photos',
  'measuring photos': 'Measuring photos',
  'comparing photos': 'Comparing photos',
};

/** A running run for the status bar; null when it rests. */
export function checksActivity(run: CheckRun | null): Activity | null {
  if (run?.status !== 'running') return null;
  const { phase, done, total, secondsLeft } = run.progress;
  return {
    what: 'Checking photos',
    facts: [
      phases[phase] ?? phase,
      ...(total !== null && total > 1 ? [`${count(done)} of ${count(total)}`] : []),
      ...(secondsLeft === null || secondsLeft < 1 ? [] : [`${duration(secondsLeft)} left`]),
    ].filter((fact) => fact !== ''),
    fraction: total === null || total === 0 ? null : done / total,
    path: '/check',
  };
}

/** What a screen reader hears when a run ends. */
export function runEndSentence(run: CheckRun): string {
  if (run.status === 'cancelled') return 'Checks cancelled.';
  if (run.status === 'failed') return `Checks failed. ${run.error?.message ?? ''} ${run.error?.remedy ?? ''}`;
  return `Checks finished: ${run.findings === 0 ? 'nothing found' : plural(run.findings, 'finding')}.`;
}

/** The text of `before-after.vue`. */
export const beforeAfterText = {
  accuracyBeforeAndAfterCleaning: 'Accuracy before and after cleaning',
  explanation:
    'Each run remembers which photos, labels and split it saw. Train once before fixing and once after, with the same settings, and compare the two runs: fixing a leak lowers the accuracy to its true value, fixing labels and duplicates usually raises it.',
  compareBeforeAndAfter: 'Compare before and after',
  trainAgainAfterCleaning: 'Train again after cleaning',
  trainBeforeCleaning: 'Train before cleaning',
};

/** The text of `check-overview.vue`. */
export const checkOverviewText = {
  toLookAt: 'To look at',
  notRun: 'Not run',
  nothingFound: 'Nothing found',
};

/** The text of `check-progress.vue`. */
export const checkProgressText = {
  ofChecks: (finished: number, checks: number): string => `${finished} of ${checks} checks`,
};

/** The text of `check-row.vue`. */
export const checkRowText = {
  nothingFound: 'nothing found',
  addOneInTrain: 'Add one in Train',
  showPhotosOfInImages: (label: string): string => `Show the photos of “${label}” in Images`,
  showPhotosInImages: 'Show the photos in Images',
  run: (label: string): string => `Run “${label}”`,
  runThisCheck: 'Run this check',
  dismissed: (dismissed: number): string => `${plural(dismissed, 'finding')} dismissed`,
};

/** The text of `checks-welcome.vue`. */
export const checksWelcomeText = {
  heading: 'Find what is wrong before the network learns it',
  explanation: (checks: number, images: number, time: string): string =>
    `${plural(checks, 'check')} examine your ${plural(images, 'photo')}. That takes ${time} and changes nothing: each fix first shows what it would do, and can be undone.`,
  runAllChecks: 'Run all checks',
  lessThanMinute: 'less than a minute',
  aboutMinutes: (minutes: number): string => `about ${minutes} minutes`,
};

/** The text of `finding-list.vue`. */
export const findingListText = {
  findingsWorstFirst: 'Findings, worst first',
};

/** The text of `finding-photo.vue`. */
export const findingPhotoText = {
  noLabel: 'no label',
  inNoSplit: 'in no split',
  excluded: 'excluded',
};

/** The text of `finding-row.vue`. */
export const findingRowText = {
  choose: (message: string): string => `Choose: ${message}`,
  noLabel: 'no label',
  photos: (images: number): string => plural(images, 'photo'),
  suggested: 'Suggested',
  severity: 'Severity within this check',
  severityOf: (score: number): string => `Severity within this check: ${score} of 100`,
  fixed: 'Fixed',
  fix: 'Fix',
  relabel: 'Relabel',
  restoreD: 'Restore (D)',
  notProblemDismissD: 'Not a problem: dismiss (D)',
  restore: 'Restore',
  dismiss: 'Dismiss',
  relabelAs: (name: string): string => `Relabel as ${name}`,
};

/** The text of `finding-thumbs.vue`. */
export const findingThumbsText = {
  morePhotos: 'more photos',
  train: 'Train',
  val: 'Val.',
  test: 'Test',
};

/** The text of `finding-view.vue`. */
export const findingViewText = {
  findingOf: (place: number, total: number, message: string): string =>
    `Finding ${place} of ${total}: ${message}`,
  allFindings: 'All findings',
  finding: 'finding',
  looksLike: 'Looks like',
  fixed: 'Fixed',
  relabelAs: (name: string): string => `Relabel as ${name}`,
  fix: 'Fix',
  restore: 'Restore',
  notProblemDismiss: 'Not a problem, dismiss',
  exclude: (photos: number): string =>
    photos === 1 ? 'Exclude the photo' : `Exclude ${plural(photos, 'photo')}`,
  allInImages: (images: number): string => `All ${plural(images, 'photo')} in Images`,
  openInImages: 'Open in Images',
};

/** The text of `findings-bar.vue`. */
export const findingsBarText = {
  allChecks: 'All checks',
  whichFindings: 'Which findings',
  chosen: (chosen: number): string => `${plural(chosen, 'finding')} selected`,
  none: 'None',
  chooseAll: 'Select all',
};

/** The text of `fix-panel.vue`. */
export const fixPanelText = {
  fix: 'The fix',
  whatToFix: 'What to fix',
  findingOutWhatItWould: 'Computing what it would do…',
  wouldChange: (images: number): string => `${plural(images, 'photo')} would change.`,
  inHistoryItWillRead: (sentence: string): string => `The history will say: “${sentence}”`,
  nothingLeft: 'There is nothing left to change here.',
  whatToDo: 'What to do',
  cannotFix: 'No click can fix this: look at the photos, and change them or add others.',
  dismissed: 'Dismissed',
  dismiss: 'Dismiss',
  notProblem: 'Not a problem?',
  dismissedExplanation: 'You marked these as not a problem. They do not count until you restore them.',
  dismissExplanation: 'Dismissed findings stay dismissed when the check runs again.',
  restore: 'Restore',
  findings: (chosen: number): string => plural(chosen, 'finding'),
  thisFinding: 'this finding',
  showInImages: (images: number): string => `Show ${plural(images, 'photo')} in Images`,
  runAgain: 'Run again',
  chosen: (chosen: number): string => `Chosen (${chosen})`,
  thisOne: 'This one',
  all: (total: number): string => `All ${total}`,
  fixAll: 'Fix all',
  fixSome: (chosen: number): string => `Fix ${chosen}`,
  fixThisOne: 'Fix this one',
};

/** The text of `health-note.vue`. */
export const healthNoteText = {
  stateOfDataset: 'State of the dataset',
  explanation: 'The dataset has changed since some checks ran; their answers may be out of date.',
  lastRun: (last: string): string => `Last run ${ago(last)}`,
  checkAgain: 'Check again',
  train: 'Train',
  wouldSpoilResult: (errors: number): string =>
    `${plural(errors, 'finding')} would make the result unreliable`,
  fixTheseBeforeYouTrain: 'Fix these before you train: until then the accuracy cannot be trusted.',
  worthFixing: (warnings: number): string => `${plural(warnings, 'finding')} worth fixing`,
  noneMakesResultWrong: 'None of these makes the result wrong, but fixing them makes the network better.',
  fitForTraining: 'Fit for training',
  toLookAt: (notes: number): string => `${plural(notes, 'photo')} to look at when you have time.`,
  noProblemsFound: 'No problems found',
  apartFromDismissed: ' apart from dismissed findings',
  lookedAtAndFoundNothing: (ran: number, images: number, value: string): string =>
    `${plural(ran, 'check')} looked at ${plural(images, 'photo')} and found nothing${value}.`,
};

/** The text of `undo-toast.vue`. */
export const undoToastText = {
  undo: 'Undo',
  closeThisMessage: 'Close this message',
};

/** The text of `findings-screen.vue`. */
export const findingsScreenText = {
  check: 'Check',
  aboutTheseFindings: 'About these findings',
  noFindingIsDismissed: 'No finding is dismissed',
  nothingFound: 'Nothing found',
  thisCheckHasNotRun: 'This check has not run yet.',
  toOtherChecks: 'To the other checks',
  open: (findings: number): string => `Open ${count(findings)}`,
  dismissed: (dismissed: number): string => `Dismissed ${count(dismissed)}`,
  chosen: (keys: number): string => `${plural(keys, 'finding')} selected.`,
  findings: 'Findings',
  enlargeFinding: 'Enlarge the finding',
  acceptApplyFixOrSuggested: 'Accept: apply the fix or the suggested label',
  dismissOrRestore: 'Dismiss or restore',
  chooseSeveral: 'Select several',
  backToList: 'Back to the list',
  undoWhatWasJustDone: 'Undo what was just done',
  redo: 'Redo',
  excludeDoubtful: 'Exclude photos whose label is in doubt',
};

/** The text of the screen. */
export const screenText = {
  check: 'Check',
  photos: (images: number): string => plural(images, 'photo'),
  splitOfDataset: 'Split of the dataset',
  runAllChecksR: 'Run all checks (R)',
  runAll: 'Run all',
  noPhotosToCheckYet: 'No photos to check yet',
  emptyText: 'Import photos, then find duplicates, leaks, wrong labels and bad photos here.',
  goToImages: 'Go to Images',
  runAllChecks: 'Run all checks',
};

/** The text of `undo-note.ts`. */
export const undoNoteText = {
  thereWasNothingToChange: 'There was nothing to change.',
  undone: 'Undone.',
  somethingWasEditedSinceUndo: 'Something was edited since. Undo that first, in Images.',
};

/** The text of `finding-words.ts`. */
export const findingWordsText = {
  photo: 'Photo',
  noLabel: 'no label',
  inNoSplit: 'in no split',
  excludedPhotosAreLeftOut:
    'Excluded photos are left out of training, testing and checks. The files stay where they are, and Images can bring the photos back.',
  onlyWhatLensletKnowsAbout: 'Only what Lenslet knows about the photos changes; the files stay as they are.',
  wouldBeExcluded: 'would be excluded',
  wouldBeBroughtBack: 'would be brought back',
  wouldBeInNoSplit: 'would be in no split',
  wouldMoveTo: (toLowerCase: string): string => `would move to ${toLowerCase}`,
  wouldLoseItsLabel: 'would lose its label',
  anotherClass: 'another class',
  wouldBecome: (name: string): string => `would become ${name}`,
};
