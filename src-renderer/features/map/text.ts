/** The text of this feature. */
import { ago, count, plural } from '../../shared/text/format.ts';

/** The text of `chosen-strip.vue`. */
export const chosenStripText = {
  chosenPhotos: 'Chosen photos',
  chosen: (ids: number): string => `${plural(ids, 'photo')} selected`,
  labelAs: 'Label as',
  leaveOut: 'Exclude',
  openInImages: 'Open in Images',
  chooseNothing: 'Clear the choice',
  chosenPhotosOneByOne: 'The chosen photos, one by one',
  andMore: (ids: number): string => `and ${count(ids)} more`,
};

/** The text of `class-name-form.vue`. */
export const classNameFormText = {
  newClass: 'New class',
  nameOfClass: 'Name of the class',
  makeClassAndLabel: 'Make the class and label',
  cancel: 'Cancel',
};

/** The text of `hovered-photo.vue`. */
export const hoveredPhotoText = {
  noLabel: 'No label',
  predicted: 'predicted',
};

/** The text of `map-canvas.vue`. */
export const mapCanvasText = {
  explanation:
    'Arrow keys move the map, plus and minus zoom, 0 shows all of it, Escape clears the choice. The legend chooses photos by group.',
};

/** The text of `map-facts.vue`. */
export const mapFactsText = {
  thisMap: 'This map',
  layout: (photos: number, madeAt: string): string =>
    `${plural(photos, 'photo')}, laid out by UMAP ${ago(madeAt)}. Close photos are similar; distances between groups far apart mean little.`,
  likenessIsWhatSees: (label: string): string => `Similarity is measured with ${label}.`,
  withoutBackbone: (label: string): string =>
    `Similarity is measured by ${label} only: without a pretrained network.`,
  fittedOnly: (fitted: number): string =>
    `${count(fitted)} photos were laid out; each of the others lies near those it is most similar to.`,
};

/** The text of `map-invitation.vue`. */
export const mapInvitationText = {
  seeAllAtOnce: (photos: number): string => `See all ${plural(photos, 'photo')} at once`,
  whatFor:
    'Similar photos lie close together. Draw a loop around a group to label it in one go; a photo among those of another class is often a wrong label.',
  makingMap: 'Making the map',
  makeMap: 'Make the map',
  byColoursAndShapesOnly: 'By colours and shapes only',
  measuredWith: (label: string): string =>
    `Similarity is measured with ${label}. Features that training has computed are reused.`,
  noBackbone:
    'There is no pretrained network on this computer, so similarity is measured by colours and rough shapes. With one, added on the Train screen, similarity is measured by content.',
};

/** The text of `map-legend.vue`. */
export const mapLegendText = {
  legend: 'Legend',
  showAll: 'Show all',
  groups: 'Groups',
  photos: (value: string): string => `photos, ${value}`,
  chooseAll: (label: string): string => `Select all ${label}`,
  chooseAllPhotosOf: (label: string): string => `Select all photos of ${label}`,
};

/** The text of `map-toolbar.vue`. */
export const mapToolbarText = {
  view: 'View',
  colourBy: 'Colour by',
  whatDraggingDoes: 'What dragging does',
  photos: 'Photos',
  zoomOut: 'Zoom out',
  zoomIn: 'Zoom in',
  wholeMap: 'Whole map',
  split: 'Split',
  rightOrWrong: 'Right or wrong',
  finding: 'Finding',
  labelled: 'Labelled',
  noPhotoIsInSplit: 'no photo is in a split yet',
  noRunHasPredictedYet: 'no run has predicted yet',
  noCheckHasFoundAnything: 'no check has found anything',
  choose: 'Choose',
  move: 'Move',
};

/** The text of the screen. */
export const screenText = {
  map: 'Map',
  legend: 'Legend',
  computeAgain: 'Compute again',
  noPhotosYet: 'No photos yet',
  emptyText:
    'The map shows all photos of a project at once, with similar photos close together. Import some first.',
  goToImages: 'Go to Images',
  makingMap: 'Making the map',
  mapOf: (ids: number): string => `Map of ${plural(ids, 'photo')}`,
  lassoHint: 'Draw a loop around photos to choose them. Shift adds, Alt takes away, the wheel zooms.',
  moveHint: 'Drag to move the map, the wheel zooms.',
  isInMiddleOfMap: (nameOf: string): string => `${nameOf} is in the middle of the map.`,
  newClass: 'New class…',
  noLabel: 'No label',
  undone: 'Undone',
  doneAgain: 'Done again',
  mapIsReady: 'The map is ready.',
  cameOrChangedSinceAnd: (missing: number): string =>
    `${plural(missing, 'photo')} ${missing === 1 ? 'was added or changed since and is' : 'were added or changed since and are'} not on the map.`,
  isThereNowWithIt: (label: string): string =>
    `${label} is available now: with it, similarity is measured by content.`,
  moveMapAllArrows: 'Move the map (all arrows)',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  wholeMap: 'Whole map',
  dragToChoose: 'Drag to choose',
  dragToMove: 'Drag to move',
  photosOnMap: 'Photos on the map',
  undo: 'Undo',
  redo: 'Redo',
};

/** The text of `photos.ts`. */
export const photosText = {
  photo: 'Photo',
  noLabel: 'no label',
};

/** The text of `selection.ts`. */
export const selectionText = {
  chosen: (places: number): string => `${plural(places, 'photo')} selected`,
  nothingToChange: 'Nothing to change.',
};

/** The text of `colouring.ts`. */
export const colouringText = {
  inNoSplit: 'In no split',
  nothingFound: 'Nothing found',
  noLabel: 'No label',
  labelled: 'Labelled',
  wrong: 'Wrong',
  right: 'Right',
  noPredictionOrLabel: 'No prediction or label',
};
