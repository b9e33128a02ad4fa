/** The text of sorting a folder. */
import type { FateKind, SortBy, SortedPhoto } from '../../../src-main/contract/app/index.ts';
import { count, percent, plural } from '../../shared/text/format.ts';

/** What became of photos, and the views of them. */
export const fateText: Record<Exclude<FateKind, 'class' | 'aside'>, string> = {
  unknown: 'Unknown',
  failed: 'Cannot be read',
  waiting: 'Not predicted yet',
};

export const fateName = (kind: FateKind, name: string): string =>
  kind === 'class' ? name : kind === 'aside' ? (name === 'empty' ? 'Empty' : name) : fateText[kind];

export const whyUnknown: Record<NonNullable<SortedPhoto['unknown']>, string> = {
  probability: 'The network is not sure enough.',
  distance: 'Nothing like it was in training.',
  several: 'Its boxes hold different classes.',
};

export const byText: Record<SortBy, { label: string; does: string; done: string }> = {
  copy: {
    label: 'Copy',
    does: 'The photos stay where they are; copies are compared with them.',
    done: 'copied',
  },
  move: { label: 'Move', does: 'The photos leave their folder. Undo brings them back.', done: 'moved' },
  link: {
    label: 'Link',
    does: 'Hard links take no space; to another drive they are symbolic.',
    done: 'linked',
  },
};

/** The text of screen.vue. */
export const screenText = {
  title: 'Sort a folder',
  subtitle: 'Thousands of photos into class folders, with a look at the doubtful ones',
  runToUse: 'Run to use',
  chooseFolder: 'Choose a folder',
  anotherFolder: 'Another folder',
  backToUse: 'Predict single photos',
  dropLabel: 'Sort this folder',
  noNetwork: 'No trained network yet',
  trainFirst: 'Train one, then come back with a folder of new photos.',
  goToTrain: 'Go to Train',
  details: 'Photo and folders',
  sort: 'Sort',
  csv: 'CSV',
  running: {
    looking: 'Looking',
    predicting: 'Predicting',
    moving: 'Moving files',
    undoing: 'Putting files back',
  },
  of: (done: number, total: number | null): string =>
    total === null ? count(done) : `${count(done)} of ${count(total)}`,
  aSecond: (rate: string): string => `${rate} a second`,
  left: (time: string): string => `${time} left`,
  cancel: 'Cancel',
  resume: 'Continue',
  cutShort: (what: string): string => `${what} was cut short. What is done stays.`,
};

/** The text of parts/sort-welcome.vue. */
export const welcomeText = {
  title: 'Drop a folder here',
  text: 'Nothing is moved yet: you see where each photo would go, look at the doubtful ones, and then decide. Photos dropped into a browser are copied into the project first.',
  settings: 'Settings',
  threshold: 'Unknown below',
  thresholdUnit: 'Unknown below, in percent',
  thresholdOff: 'as the run was calibrated',
  burst: 'One answer for a burst',
  burstHint: 'Photos of one camera within so many seconds of each other',
  burstUnit: 'Seconds between photos of a burst',
  boxes: 'Boxes of MegaDetector',
  chooseBoxes: 'Choose a JSON file',
  noBoxes: 'none: whole photos are classified',
  earlier: 'Earlier sortings',
  photos: (photos: number): string => plural(photos, 'photo'),
  open: 'Open',
  remove: 'Remove from this list',
  stages: {
    looking: 'cut short',
    predicting: 'cut short',
    ready: 'not sorted yet',
    applying: 'cut short while files were moved',
    applied: 'sorted',
    undoing: 'cut short while files were put back',
  },
};

/** The text of parts/view-list.vue. */
export const viewText = {
  label: 'Photos by what becomes of them',
  review: 'To review',
  all: 'All photos',
};

/** The text of parts/sorted-grid.vue. */
export const gridText = {
  photos: 'Photos',
  none: 'No photos here.',
  allReviewed: 'Nothing is left to review.',
  /** What is seen of it stands in it as it is seen. */
  tile: (path: string, name: string, sure: string, reviewed: boolean): string =>
    `${path}, ${name}${sure === '' ? '' : ` ${sure}`}${reviewed ? ', looked at' : ''}`,
};

/** The text of parts/photo-panel.vue. */
export const photoText = {
  nothing: 'Choose a photo to see why it goes where it goes.',
  goesTo: 'Goes to',
  isIn: 'Is in',
  byYou: 'as you said',
  burst: 'One of a burst: what you say holds for all of it.',
  taken: 'Taken',
  camera: 'Camera',
  place: 'Place',
  boxes: (boxes: number): string => plural(boxes, 'box', 'boxes'),
  box: (category: string, confidence: number, label: string | null): string =>
    `${category} ${percent(confidence, 0)}${label === null ? '' : `: ${label}`}`,
  accept: 'Accept',
  unknown: 'Unknown',
  other: 'Another class…',
  undo: 'Undo',
};

/** The text of the keys. */
export const keysText = {
  group: 'Sort',
  digit: 'Say that it is the class with this number',
  find: 'Type the class',
  accept: 'Accept what the network says',
  unknown: 'Say that it is unknown',
  undo: 'Take the last word back',
  train: 'Add the reviewed photos to the training photos',
};

/** The text of parts/class-of-photo.vue. */
export const finderText = {
  title: (photos: number): string => `What ${photos === 1 ? 'is it' : 'are they'}?`,
  description: 'Type the name of a class',
  placeholder: 'Class…',
  newClass: (name: string): string => `New class “${name}”`,
};

/** The text of parts/sort-plan.vue. */
export const planText = {
  title: 'Where the photos go',
  how: 'How',
  where: 'Into',
  change: 'Change…',
  whereTo: 'Folder to sort into',
  photos: 'photos',
  sidecars: (files: number): string => `${plural(files, 'file')} beside photos go with them.`,
  renamed: (photos: number): string => `${plural(photos, 'photo')} get a number, as their name is taken.`,
  inPlace: (photos: number): string => `${plural(photos, 'photo')} are in their place already.`,
  failed: (files: number): string => `${plural(files, 'file')} cannot be read and stay.`,
  missing: (photos: number): string => `${plural(photos, 'photo')} of the detections are not in the folder.`,
  links: (links: number): string => `${plural(links, 'link')} were passed over.`,
  apply: (by: SortBy, files: number): string => `${byText[by].label} ${plural(files, 'file')}`,
  placed: (files: number, done: string): string => `${plural(files, 'file')} ${done}`,
  kept: (files: number): string => `${plural(files, 'file')} were kept, as they were changed since.`,
  failedFiles: (files: number): string => `${plural(files, 'file')} could not be put there.`,
  undo: 'Undo',
  addToTraining: (photos: number): string => `Add ${plural(photos, 'reviewed photo')} to training`,
  added: (photos: number): string => `${plural(photos, 'photo')} become training photos.`,
  addTitle: 'Copies of them come into the project, with the class that you gave them',
};
