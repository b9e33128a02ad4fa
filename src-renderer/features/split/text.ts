/** The text of this feature. */
import { count, plural } from '../../shared/text/format.ts';

/** The text of `split-maker.vue`. */
export const splitMakerText = {
  shares: 'Where training ends, and where validation ends, in percent',
  keepInOnePart: 'Keep in one part',
  runChecksFirst: 'Run the checks first.',
  onlyExactCopies: (value: string): string =>
    `Not searched for yet: only exact copies are kept together. ${value}`,
  searchInCheck: 'Search in Check',
  lessThan: 'Less than',
  minutesBetweenPhotosOfOne: 'Minutes between photos of one session',
  minApart: 'min apart',
  placeholder: 'The name up to its last number',
  namePattern: "Pattern of the file name: a regular expression whose first group is the photo's group",
  keepAssigned: 'Keep photos in the split that they are in',
  seed: 'Seed',
  seedOfSplit: 'Seed of the split',
  makeSplit: 'Make the split',
  completeSplit: 'Complete the split',
  replaceSplit: 'Replace the split',
  cancel: 'Cancel',
  splitFromFolders:
    'The present split comes from your folders. Only the split is replaced; no file is moved.',
  training: 'Training',
  validation: 'Validation',
  test: 'Test',
  everyLabelledPhotoHasIts: 'Every labelled photo is in a split already.',
  onlyAssigned: (unassigned: number): string =>
    `Assigns only the ${plural(unassigned, 'photo')} without a split.`,
};

/** The text of `split-section.vue`. */
export const splitSectionText = {
  split: 'Split',
  change: 'Change',
  assign: 'Assign',
  needSplit: (photos: number): string =>
    photos === 1
      ? '1 photo is in no split: it is not used.'
      : `${count(photos)} photos are in no split: they are not used.`,
  explanation: (splitSeed: number | null): string =>
    `Drawn by Lenslet, seed ${splitSeed}, the same share of every class`,
  leakBefore: 'Two photos of one scene, one in training and one in test, make a',
  leak: 'leak',
  leakAfter:
    ': the network has memorised the scene, and its accuracy is better than in real use. So photos that belong together go into one part.',
  fromYourFolders: 'From your folders',
  notMadeYet: 'Not made yet',
};
