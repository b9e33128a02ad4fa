/** The text of labelling. */
import { count, plural } from '../../shared/text/format.ts';

/** The text of `chosen-details.vue`. */
export const chosenDetailsText = {
  chosen: (ids: number): string => `${plural(ids, 'photo')} selected`,
  noLabel: 'no label',
  notLookedAtYet: 'not loaded yet',
  commentOnAll: (ids: number): string => `Comment on all ${plural(ids, 'photo')}`,
};

/** The text of `class-finder.vue`. */
export const classFinderText = {
  title: (photos: number): string => `Label ${plural(photos, 'photo')}`,
  description: 'Type to find a class, Enter to give it.',
  placeholder: (photos: number): string =>
    `Class of ${photos === 1 ? 'this photo' : plural(photos, 'photo')}`,
  newClassNamed: (name: string): string => `New class “${name}”`,
  noLabel: 'No label',
};

/** The text of `class-palette.vue`. */
export const classPaletteText = {
  classes: 'Classes',
  importExport: 'Import and export labels',
  labelsFromAndToFiles: 'Labels from and to files',
  newClass: 'New class',
  firstClass: 'Make a class, then select photos and press its key, or drag them onto it.',
  howToLabel:
    'Click a class to see its photos. To label: select photos, then press its key or drag them onto it.',
  howToLabelMany: 'To label: select photos, then press a key, or T and type the class.',
  palette: 'Palette',
  nextPhotoAfterEachKey: 'Next photo after each key',
};

/** The text of `class-row.vue`. */
export const classRowText = {
  showAllPhotosAgain: 'Show all photos again',
  showPhotosOf: (name: string): string => `Show the photos of ${name}`,
  noneOfThese: ', none of these',
  changeClass: (name: string): string => `Change the class ${name}`,
  rename: 'Rename…',
  mergeIntoAnother: 'Merge into another…',
  splitChosenPhotosOff: 'Split the chosen photos off…',
  noneOfThese2: '“None of these”',
  key: 'Key',
  moveUp: 'Move up',
  moveDown: 'Move down',
  deleteLabel: 'Delete…',
};

/** The text of `class-task-form.vue`. */
export const classTaskFormText = {
  nameOfClass: 'Name of the class',
  whichClass: 'Which class',
  mergeInto: 'Merge into',
  noneOfThese: '“None of these”',
  description: 'For photos of anything else, so that the network can predict “none”.',
  canBeUndone: (sentence: string): string => `${sentence} Can be undone.`,
  cancel: 'Cancel',
  newClass: 'New class',
  makeIt: 'Create',
  newClassFor: (count: number): string => `New class for ${plural(count, 'photo')}`,
  label: 'Label',
  rename: (name: string): string => `Rename “${name}”`,
  renameButton: 'Rename',
  mergeTitle: (name: string): string => `Merge “${name}” into`,
  merge: 'Merge',
  splitOff: (count: number, name: string): string => `Split ${plural(count, 'photo')} off “${name}”`,
  split: 'Split',
  deleteLabel: (name: string): string => `Delete “${name}”?`,
  moveAllSame: (count: number): string => `Move ${plural(count, 'photo')} anyway?`,
  move: 'Move',
};

/** The text of `export-outcome.vue`. */
export const exportOutcomeText = {
  written: (images: number): string => `${plural(images, 'photo')} written`,
  couldNotBeWritten: (problems: number): string => `${plural(problems, 'photo')} could not be written:`,
  photosThatWereNotWritten: 'Photos that were not written',
};

/** The text of `import-preview.vue`. */
export const importPreviewText = {
  photosFound: 'Photos found',
  photosThatChange: 'Photos that change',
  rowsWithoutPhotoHere: 'Rows without a photo here',
  rowsThatFitSeveralPhotos: 'Rows that fit several photos',
  notHere: (join: string, value: string): string => `Not here: ${join}${value}`,
  newLabel: (value: string, join: string): string => `New ${value}: ${join}`,
  nothingWouldChange: 'Nothing would change',
  change: (changed: number): string => `Change ${plural(changed, 'photo')}`,
  labelStudio: 'Label Studio',
  folderNames: 'Folder names',
};

/** The text of `journal-list.vue`. */
export const journalListText = {
  explanation:
    'No changes yet. Changes of labels, splits, comments and classes are listed here, and each can be undone.',
  undone: '· undone',
  olderChanges: 'Older changes',
};

/** The text of `label-chip.vue`. */
export const labelChipText = {
  selectedPhotos: 'selected photos',
  photos: (chosen: number): string => plural(chosen, 'photo'),
  key: (hotkey: string): string => `, key ${hotkey}`,
};

/** The text of `label-files.vue`. */
export const labelFilesText = {
  labelsFromFile: 'Labels from a file',
  explanation:
    'CSV with a path and a label, COCO, or an export from Label Studio. You see what would change before anything is changed.',
  chooseFile: 'Choose a file',
  useFolderNames: 'Use folder names',
  labelsIntoFile: 'Labels to a file',
  onlyShownInGrid: (shown: number): string => `Only the ${plural(shown, 'photo')} shown in the grid`,
  chooseWhereAndWrite: 'Choose where, and write',
  writeIntoProjectsFolder: 'Write into the project’s folder',
  close: 'Close',
  csvTable: 'CSV table',
  oneLinePhotoPathLabel: 'One line per photo: path, label, split, comment',
  oneJsonFileForAnnotation: 'One JSON file, for annotation tools',
  folders: 'Folders',
  oneFolderClassWithPhotos: 'One folder per class, with its photos',
  copies: 'Copies',
  linksWhichTakeNoSpace: 'Links, which take no space',
};

/** The text of `label-strip.vue`. */
export const labelStripText = {
  labelThisPhoto: 'Label this photo',
  suggested: 'suggested,',
  noLabel: 'No label',
};

/** The text of `no-label-row.vue`. */
export const noLabelRowText = {
  showAllPhotosAgain: 'Show all photos again',
  showPhotosWithoutLabel: 'Show the photos without a label',
  noLabel: 'No label',
};

/** The text of `selection-bar.vue`. */
export const selectionBarText = {
  chosenPhotos: 'Chosen photos',
  chosen: (count: number): string => `${plural(count, 'photo')} selected`,
  labelAs: 'Label as',
  split: 'Split',
  takeBackIn: 'Include again',
  leaveOut: 'Exclude',
  comment: 'Comment',
  chooseNothing: 'Clear the choice',
};

/** The text of `suggestion-panel.vue`. */
export const suggestionPanelText = {
  suggestedLabels: 'Suggested labels',
  suggestLabels: 'Suggest labels',
  tryAgain: 'Try again',
  cancel: 'Cancel',
  lookingAtPhotos: 'Looking at your photos',
  getPretrainedNetwork: 'Add a pretrained network',
  worthLabellingFirst: 'Worth labelling first',
  worthLabellingHint: 'Photos without a label: unsure ones that many others are like, and no two alike',
  accepts: 'accepts',
  of: (name: string, done: number, total: number): string => `${name} ${count(done)} of ${count(total)}`,
};

/** The text of `undo-buttons.vue`. */
export const undoButtonsText = {
  onDiskSince: (moment: string): string => `Saved at ${moment}`,
  undo: (sentence: string): string => `Undo: ${sentence}`,
  nothingToUndo: 'Nothing to undo',
  redo: (sentence: string): string => `Redo: ${sentence}`,
  nothingToRedo: 'Nothing to redo',
  saving: 'Saving…',
  notSaved: 'Not saved',
  saved: 'Saved',
};

/** The text of `photo-menu.ts`. */
export const photoMenuText = {
  newClass: 'New class…',
  noLabel: 'No label',
  inNoSplit: 'In no split',
  chooseAll: 'Select all',
  splitOff: (name: string): string => `Split off “${name}”…`,
  photos: (count: number): string => plural(count, 'photo'),
  labelAs: 'Label as',
  moveToSplit: 'Move to split',
  includeAgain: 'Include again',
  leaveOut: 'Exclude',
  comment: 'Comment…',
  enlarge: 'Enlarge',
  heatmap: 'Heatmap',
  showOnMap: 'Show on the map',
  copyPath: 'Copy path',
  copyPaths: 'Copy paths',
};

/** The text of `photo-drag.ts`. */
export const photoDragText = {
  photos: (toLocaleString: string): string => `${toLocaleString} photos`,
};

/** The text of `edit-notes.ts`. */
export const editNotesText = {
  undone: 'Undone',
  doneAgain: 'Done again',
  somethingWasEditedSinceUndo: 'Something was edited since. Undo that first.',
};

/** The text of `label-chosen.ts`. */
export const labelChosenText = {
  thisPhoto: 'this photo',
  thesePhotos: 'these photos',
  nothingIsSuggestedFor: (value: string): string => `Nothing is suggested for ${value}.`,
  suggestedLabels: 'the suggested labels',
};

/** The text of `photo-actions.ts`. */
export const photoActionsText = {
  copied: (paths: number): string => `Copied ${plural(paths, 'path')}`,
  pathsWereNotCopied: 'The paths were not copied',
  browserDoesNotLetThis:
    'The browser does not let this page use the clipboard. Allow it for this page, and try again.',
};

/** The text of `label-files.ts`. */
export const labelFilesStoreText = {
  folderNames: 'folder names',
  whereToWriteLabels: 'Where to write the labels',
};
