/** Datasets: imports, classes, labels, splits, checks and the map. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const datasetErrors = {
  DATASET_SOURCE_NOT_FOUND: {
    message: '{path} does not exist or cannot be opened.',
    remedy: 'Check the path; for a removable drive, plug it in.',
  },
  DATASET_NO_IMAGES: {
    message: 'No images were found in {path} ({files} files looked at{refused}).',
    remedy: 'Expected one folder per class with photos in it, such as cats/ and dogs/.',
  },
  DATASET_EMPTY: {
    message: 'The project has no labelled images yet.',
    remedy: 'Import photos: one folder per class, at least two classes to tell apart.',
  },
  DATASET_ONE_CLASS: {
    message: 'Only one class was found: "{name}".',
    remedy: 'Add a second class: one folder per class, at least two classes to tell apart.',
  },
  DATASET_EMPTY_SPLIT: {
    message: 'The {split} split has no labelled images.',
    remedy: 'Import images for it, or make a split from what is there.',
  },
  DATASET_CLASS_WITHOUT_TRAINING: {
    message: 'The class "{name}" has no training images.',
    remedy: 'Add photos of it to the training split, or remake the split.',
  },
  DATASET_IDX_INVALID: {
    message: '{path} is not a valid idx file: {reason}.',
    remedy: 'Download it again; expected the MNIST images and labels files, .gz or not.',
  },
  DATASET_IMPORT_RUNNING: {
    message: 'An import is already running.',
    remedy: 'Wait for it or cancel it, then start the next one.',
  },
  DATASET_SPLIT_INVALID: {
    message: 'The split fractions do not fit: {reason}.',
    remedy: 'Use positive fractions that add up to 100%, and at least one image per class for training.',
  },
  DATASET_TILES_MISSING: {
    message: '{count} images are not prepared at {size} pixels and their files are gone.',
    remedy: 'Bring the photos back to where they were imported from, or import them again.',
  },
  DATASET_CLASS_EXISTS: {
    message: 'There is a class "{name}" already.',
    remedy: 'Choose another name, or merge the two classes.',
  },
  DATASET_CLASS_IN_USE: {
    message: 'The class "{name}" has photos.',
    remedy: 'Delete or merge the class to take their label away.',
  },
  DATASET_NOTHING_TO_UNDO: {
    message: 'There is nothing to undo.',
    remedy: 'The journal is at its beginning.',
  },
  DATASET_NOTHING_TO_REDO: {
    message: 'There is nothing to redo.',
    remedy: 'Only edits that were undone can be redone, until the next edit.',
  },
  DATASET_UNDO_CONFLICT: {
    message: '"{sentence}" cannot be undone or redone ({reason}).',
    remedy: 'Rename the class that is in the way, then try again.',
  },
  DATASET_UNDO_DAMAGED: {
    message: '“{sentence}” cannot be undone or redone: its record in the project is damaged ({reason}).',
    remedy: 'Make the change by hand. Edits that you make from now on can be undone as usual.',
  },
  DATASET_LABELS_INVALID: {
    message: 'The labels in {path} cannot be read: {reason}.',
    remedy: 'Expected a CSV with a path and a label in each row, COCO JSON or Label Studio JSON.',
  },
  DATASET_LIST_ENCODING: {
    message: 'The encoding of the list {path} is not certain ({found}).',
    remedy:
      'Save it as UTF-8: in Excel as “CSV UTF-8 (comma delimited)”, in an editor under Save with encoding.',
  },
  DATASET_LIST_ENCODING_ASSUMED: {
    message: 'The list {path} is not in UTF-8; it was read as {encoding}.',
    remedy: 'Look at the class names. If they are wrong, save the list as UTF-8 and import it again.',
  },
  DATASET_LIST_COLUMNS: {
    message: 'The columns of the list {path} are not clear: {reason}. Found: {columns}.',
    remedy:
      'Call the column with the photos “path”, the one with their classes “label”, one with splits “split”.',
  },
  DATASET_LIST_COLUMNS_IGNORED: {
    message: 'Columns of the list {path} that were not read: {columns}.',
    remedy:
      'The photos are taken from “{photos}”, the classes from {labels}. If that is wrong, rename the columns.',
  },
  DATASET_LIST_AMBIGUOUS: {
    message:
      'The list {path} gives several classes to {count} photos, which were left out, such as {example}.',
    remedy: 'Give each photo one class, then import the list again.',
  },
  DATASET_LIST_UNLABELLED: {
    message: 'The list {path} gives no class to {count} photos, such as {example}.',
    remedy: 'They are imported without a label.',
  },
  DATASET_LIST_SPLIT_UNKNOWN: {
    message: 'The list {path} has {count} photos in splits that Lenslet does not know: {names}.',
    remedy:
      'Known are train, validation and test, and their usual other names. The split is drawn for the others.',
  },
  DATASET_LIST_CLASS_EMPTY: {
    message: 'The list {path} has classes without a photo, which were not made: {names}.',
    remedy: 'Add photos of them, or leave it so.',
  },
  DATASET_LIST_PHOTOS_MISSING: {
    message: 'None of the {count} photos in the list {path} were found, such as {example}.',
    remedy: 'Put the list in the folder of its photos, or in the one above, then import it again.',
  },
  DATASET_LIST_NOT_READ: {
    message: 'Lists lie among the photos and were not read: {names}.',
    remedy: 'If one holds the labels, import the list itself.',
  },
  DATASET_BESIDE_SPLITS: {
    message: '{count} files beside the split folders, in {names}, are in no split.',
    remedy:
      'Known are train, validation (val, valid, dev) and test (eval, holdout). Rename the folder and import again.',
  },
  DATASET_SPLITS_IN_CLASSES: {
    message: 'Folders inside of class folders were not read as splits: {names}.',
    remedy:
      'They are when the folders inside of every class folder are splits, or when the splits come first.',
  },
  DATASET_CLASSES_ALIKE: {
    message: 'Classes differ only in letter case or spaces: {names}.',
    remedy: 'If they are one class, merge them. Otherwise give them names that differ in letters.',
  },
  DATASET_CLASS_RENAMED: {
    message: 'The class “{name}” is called “{called}” here.',
    remedy: 'JavaScript uses its name for itself; the folder keeps it.',
  },
  DATASET_RAW_TWINS: {
    message:
      '{count} camera raw files were passed over, as the same pictures lie beside them as JPEG or the like.',
    remedy: 'They are in the project once.',
  },
  DATASET_SYSTEM_FOLDERS: {
    message: '{count} folders of the system or the network storage were passed over: {names}.',
    remedy: 'They hold thumbnails, snapshots or deleted files. Rename one that holds photos of yours.',
  },
  DATASET_ARCHIVE_NAMES: {
    message: 'The folder names in the archive {path} are in an encoding that is not certain ({found}).',
    remedy:
      'Pack the photos again with names in UTF-8, or unpack the archive yourself and import the folder.',
  },
  DATASET_ARCHIVE_INVALID: {
    message: 'The archive {path} cannot be unpacked: {reason}.',
    remedy: 'Unpack it yourself and import the folder.',
  },
  DATASET_CHECK_RUNNING: {
    message: 'The checks are running already.',
    remedy: 'Wait for them or cancel them, then start them again.',
  },
  DATASET_MAP_RUNNING: {
    message: 'The map is being computed already.',
    remedy: 'Wait for it or cancel it, then start it again.',
  },
  DATASET_MAP_EMPTY: {
    message: 'There are no photos that could be put on a map.',
    remedy: 'Import photos first, or reconnect the drive that they are on.',
  },
} as const satisfies Record<string, CatalogueEntry>;
