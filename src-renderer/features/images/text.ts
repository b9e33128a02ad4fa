/** Filters and orders in words. */
import type { ImageFilter, PhotoSort } from '../../../src-main/contract/app/index.ts';
import { percent, count, plural } from '../../shared/text/format.ts';

/** A condition that can be taken away by itself. */
export interface FilterChip {
  readonly label: string;
  /** What to set in the filter to be rid of it. */
  readonly without: Partial<ImageFilter>;
}

interface Named {
  readonly id: number | string;
  readonly label: string;
}

const predictionWords = {
  right: 'Prediction right',
  wrong: 'Prediction wrong',
  none: 'No prediction',
} as const;

function confidenceWords({ confidenceFrom: from, confidenceTo: to }: ImageFilter): string {
  if (from === undefined) return `Confidence up to ${percent(to ?? 1, 0)}`;
  return to === undefined
    ? `Confidence from ${percent(from, 0)}`
    : `Confidence ${percent(from, 0)}–${percent(to, 0)}`;
}

/** The conditions that no control of the toolbar shows. */
export function filterChips(
  filter: ImageFilter,
  classes: readonly Named[],
  checks: readonly Named[],
): FilterChip[] {
  const chips: FilterChip[] = [];
  const nameOf = (list: readonly Named[], id: number | string): string =>
    list.find((one) => one.id === id)?.label ?? String(id);
  if (filter.check !== undefined)
    chips.push({ label: `Finding: ${nameOf(checks, filter.check)}`, without: { check: undefined } });
  if (filter.finding !== undefined) chips.push({ label: 'One finding', without: { finding: undefined } });
  if (filter.prediction !== undefined)
    chips.push({ label: predictionWords[filter.prediction], without: { prediction: undefined } });
  if (filter.predictedClassId !== undefined) {
    const label = `Predicted: ${nameOf(classes, filter.predictedClassId)}`;
    chips.push({ label, without: { predictedClassId: undefined } });
  }
  if (filter.run !== undefined) chips.push({ label: 'Predictions of one run', without: { run: undefined } });
  if (filter.confidenceFrom !== undefined || filter.confidenceTo !== undefined) {
    const without = { confidenceFrom: undefined, confidenceTo: undefined };
    chips.push({ label: confidenceWords(filter), without });
  }
  if (filter.images !== undefined) chips.push({ label: 'Certain photos', without: { images: undefined } });
  if (filter.excluded) chips.push({ label: 'Excluded', without: { excluded: undefined } });
  if (filter.commented) chips.push({ label: 'With a comment', without: { commented: undefined } });
  return chips;
}

/** True when a filter leaves anything out. */
export function isFiltered(filter: ImageFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined && value !== '');
}

/** The filter without conditions that say nothing. */
export function tidyFilter(filter: ImageFilter): ImageFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined && value !== '' && value !== false),
  );
}

/** Orders, with what each direction means. */
export const sortWords: Record<PhotoSort['by'], readonly [name: string, up: string, down: string]> = {
  added: ['Added', 'first added first', 'last added first'],
  name: ['Name', 'A to Z', 'Z to A'],
  class: ['Class', 'first class first', 'last class first'],
  taken: ['Taken', 'oldest first', 'newest first'],
  modified: ['Changed', 'oldest first', 'newest first'],
  pixels: ['Pixels', 'smallest first', 'largest first'],
  bytes: ['File size', 'smallest first', 'largest first'],
  confidence: ['Confidence', 'least certain first', 'most certain first'],
  severity: ['Findings', 'worst first', 'slightest first'],
  uncertainty: ['Suggested label', 'most uncertain first', 'most certain first'],
  next: ['Worth labelling', 'most worth it first', 'least worth it first'],
};

/** The text of `images-panel.vue`. */
export const imagesPanelText = {
  dataset: 'Dataset',
  image: 'Image',
  history: 'History',
  files: 'Files',
  setAside: 'Set aside',
};

/** The text of the note once every photo has a label. */
export const allLabelledText = { everyPhotoHasLabel: 'Every photo has a label', train: 'Train' };

/** The text of `dataset-hint.vue`. */
export const datasetHintText = {
  makeClassesAtRightThen:
    'Make classes on the right, then label photos by key or by dragging. Or drop a folder that contains one folder of photos for each class.',
  noImageHasLabelYet: 'No image has a label yet.',
};

/** The text of `dataset-panel.vue`. */
export const datasetPanelText = {
  images: (images: number): string => plural(images, 'image'),
  classes: (classes: number): string => plural(classes, 'class', 'classes'),
  explanation: (unlabelled: number): string =>
    `${plural(unlabelled, 'image')} without a label, not used for training.`,
};

/** The text of `filter-menu.vue`. */
export const filterMenuText = {
  moreFilters: 'More filters',
  findingOfCheck: 'Finding of a check',
  filterByFinding: 'Filter by finding',
  prediction: 'Prediction',
  description: 'Predicted by the run that was tested last',
  filterByPrediction: 'Filter by prediction',
  predictedClass: 'Predicted class',
  filterByPredictedClass: 'Filter by predicted class',
  confidence: 'Confidence',
  confidenceOfPredictionInPercent: 'Confidence of the prediction in percent',
  leftOut: (excluded: number): string => `Excluded (${count(excluded)})`,
  withComment: 'With a comment',
  anyOrNone: 'Any or none',
  right: 'Right',
  wrong: 'Wrong',
  none: 'None',
  anyClass: 'Any class',
};

/** The text of `grid-toolbar.vue`. */
export const gridToolbarText = {
  photosInGrid: 'Photos in the grid',
  fileNameOrFolder: 'File name or folder',
  filterByFileNameOr: 'Filter by file name or folder',
  filterByClass: 'Filter by class',
  filterBySplit: 'Filter by split',
  ofPhotosShown: (shown: number, total: number): string => `${count(shown)} of ${count(total)} photos shown`,
  of: (shown: number, total: number): string => `${count(shown)} of ${count(total)}`,
  thumbnailSize: 'Thumbnail size',
  noLabelTakeThisFilter: 'No label: remove this filter',
  noLabel: 'No label',
  takeThisFilterAway: (label: string): string => `${label}: remove this filter`,
  clear: 'Clear',
  allClasses: 'All classes',
  allSplits: 'All splits',
};

/** The text of `image-details.vue`. */
export const imageDetailsText = {
  enlargePhoto: 'Enlarge the photo',
  leftOutOfTrainingAnd: 'Excluded from training and tests',
  classLabel: 'Class',
  noLabel: 'no label',
  predicted: 'Predicted',
  split: 'Split',
  noneYet: 'none yet',
  size: 'Size',
  pixels: (width: number, height: number): string => `${width} × ${height} pixels`,
  file: 'File',
  comment: 'Comment',
  findings: 'Findings',
  nearDuplicatesOfIt: 'Its near-duplicates',
  showNearDuplicate: (id: number): string => `Show near-duplicate ${id}`,
};

/** The text of `image-grid.vue`. */
export const imageGridText = {
  images: 'Images',
  image: 'Image',
  noLabel: 'no label',
  inNoSplit: 'in no split',
  leftOut: 'left out',
  hasFindings: 'has findings',
  hasComment: 'has a comment',
  called: (name: string): string => `called ${name}`,
  looksLikeCertain: (name: string, certainty: string): string => `looks like ${name}, ${certainty} certain`,
};

/** The text of `image-tile.vue`. */
export const imageTileText = {
  noLabel: 'no label',
};

/** The text of `images-welcome.vue`. */
export const imagesWelcomeText = {
  dropFolderOfPhotosHere: 'Drop a folder of photos here',
  formats:
    'One folder for each class; its name is the label. JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP and HEIC; also the MNIST idx files.',
  otherWays: 'Or take photos with the camera, drop a video, or paste an image (Ctrl+V).',
  soon: 'The first photos will appear in a moment.',
};

/** The text of `nothing-shown.vue`. */
export const nothingShownText = {
  everyPhotoHasLabel: 'Every photo has a label',
  noImageFitsThisFilter: 'No image fits this filter',
  allInClass: (hidden: number): string => `${plural(hidden, 'image')}, all in a class.`,
  hiddenByIt: (hidden: number, value: string): string => `${plural(hidden, 'image')} ${value} hidden by it.`,
  showAllImages: 'Show all images',
};

/** The text of `photo-facts.vue`. */
export const photoFactsText = {
  measured: 'Measured',
  fromCamera: 'From the camera',
  brightness: 'Brightness',
  contrast: 'Contrast',
  saturation: 'Saturation',
  sharpness: 'Sharpness',
};

/** The text of `photo-loupe.vue`. */
export const photoLoupeText = {
  enlargedPhoto: (name: string): string => `Enlarged photo: ${name}`,
  allImages: 'All images',
  photo: 'photo',
  leaveFullScreen: 'Leave full screen',
  fullScreen: 'Full screen',
};

/** The text of `quarantine-list.vue`. */
export const quarantineListText = {
  explanation: (files: number): string =>
    `${plural(files, 'file')} could not be used. The files themselves are not changed.`,
  showAll: (files: number): string => `Show all ${count(files)}`,
};

/** The text of `scroll-hint.vue`. */
export const scrollHintText = {
  of: (place: number, total: number): string => `${count(place)} of ${count(total)}`,
};

/** The text of `sort-menu.vue`. */
export const sortMenuText = {
  order: (words: string, words2: string): string => `Order: ${words}, ${words2}`,
};

/** The text of `views-menu.vue`. */
export const viewsMenuText = {
  savedViews: 'Saved views',
  explanation: 'A view is a filter and an order with a name. Set them, then save them here.',
  removeView: (name: string): string => `Remove the view ${name}`,
  nameOfThisView: 'Name of this view',
  save: 'Save',
};

/** The text of the screen. */
export const screenText = {
  images: 'Images',
  addFolder: 'Add a folder',
  addFiles: 'Add files',
  train: 'Train',
  importIntoThisProject: 'Import into this project',
  chooseFiles: 'Choose files',
  label: 'Label',
  labelSelectedPhotosAsClass: 'Label the selected photos as the class with this key',
  sameClassAsLast: 'Same class as the last label',
  acceptSuggestedLabel: 'Accept the suggested label',
  labelByTyping: 'Type the class of the selected photos',
  excludePhotos: 'Exclude the selected photos',
  takeLabelAwayAlsoBackspace: 'Remove the label (also Backspace)',
  undo: 'Undo',
  redoAlsoCtrlY: 'Redo (also Ctrl+Y)',
  chooseRangeAllArrows: 'Select a range (all arrows)',
  chooseAllThatGridShows: 'Select all that the grid shows',
  chooseNothingBackToGrid: 'Clear the selection; back to the grid',
  enlargeChosenPhoto: 'Enlarge the selected photo',
  enlargedFullScreen: 'Enlarged: full screen',
  largerThumbnails: 'Larger thumbnails',
  smallerThumbnails: 'Smaller thumbnails',
  firstPhoto: 'First photo',
  lastPhoto: 'Last photo',
};
