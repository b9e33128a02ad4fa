/**
 * The one error type that crosses every boundary, and the catalogue that turns its code into words.
 * Codes are stable: scripts match on them. Params fill the `{holes}` of the sentences.
 */

/** How a failure is to be treated: shown with its remedy, passed over silently, or reported as our fault. */
export type ErrorKind = 'expected' | 'cancelled' | 'bug';

/** Values that may fill the holes of a message. */
export type ErrorParams = Record<string, string | number | boolean | null>;

interface CatalogueEntry {
  /** One sentence: what happened. Holes: `{name}`. */
  readonly message: string;
  /** What the user can do about it. */
  readonly remedy: string;
}

/** Every code Lenslet can report, by family. Adding one is adding one line. */
export const errorCatalogue = {
  // Anything at all
  CANCELLED: { message: 'Cancelled.', remedy: 'Start it again when you like.' },
  INTERNAL_BUG: {
    message: 'Something in Lenslet went wrong: {detail}.',
    remedy: 'Your files are safe. Please report this with the text above.',
  },
  INPUT_INVALID: { message: 'The request is not valid: {detail}.', remedy: 'Correct it and try again.' },
  NOT_FOUND: {
    message: 'There is no {what} "{id}".',
    remedy: 'It may have been removed, or the name has a slip: look where it is listed.',
  },
  DISK_FULL: {
    message: 'The disk is full: {path} could not be written.',
    remedy: 'Free some space and try again; what was saved before is intact.',
  },
  FILES_TOO_MANY_OPEN: {
    message: 'Too many files are open on this machine: {path} could not be opened.',
    remedy: 'Close other programs, or raise the limit (`ulimit -n`), then try again.',
  },
  FILE_UNREADABLE: {
    message: '{path} cannot be read ({reason}).',
    remedy: 'Check that it exists and that you may read it.',
  },
  FILE_UNWRITABLE: {
    message: '{path} cannot be written ({reason}).',
    remedy: 'Choose another place, or check the permissions.',
  },
  PATH_OUTSIDE: {
    message: '"{path}" is refused: it is {reason}, and must not lead out of {folder}.',
    remedy: 'Correct it where it is written, or get the file that names it from somewhere else.',
  },
  PATH_IS_LINK: {
    message: '{path} is a link, which Lenslet does not follow in its own folders.',
    remedy: 'Remove the link, or put the file or folder itself in its place.',
  },

  CONNECTION_LOST: {
    message: 'The connection to Lenslet is interrupted.',
    remedy: 'Wait for it to come back, then try again. If it does not, start Lenslet again.',
  },

  // Projects
  PROJECT_NOT_OPEN: { message: 'No project is open.', remedy: 'Open or create a project first.' },
  PROJECT_BUSY: {
    message: '{work} has not ended in the project “{project}”.',
    remedy: 'Wait until it has ended, or stop it and go on. Training that is stopped so can be resumed.',
  },
  PROJECT_CHANGED: {
    message: 'Another project was opened meanwhile.',
    remedy: 'Nothing was changed there. Open the earlier project again to continue with it.',
  },
  PROJECT_NOT_FOUND: {
    message: 'There is no Lenslet project at {path}.',
    remedy: 'Choose the folder that holds project.db, or create a new project.',
  },
  PROJECT_EXISTS: {
    message: 'There is already a project at {path}.',
    remedy: 'Open it, or choose another name.',
  },
  PROJECT_LOCKED: {
    message: 'The project at {path} is open in another Lenslet (process {pid}).',
    remedy: 'Close it there first.',
  },
  PROJECT_TOO_NEW: {
    message: 'The project was made by a newer Lenslet (format {found}, this one knows {known}).',
    remedy: 'Update Lenslet to open it.',
  },
  PROJECT_GONE: {
    message: 'The project’s folder is no longer at {path}: it was removed, moved or replaced.',
    remedy:
      'Put it back, or open the project again from where it is now. Changes are not accepted until then.',
  },
  PROJECT_DAMAGED: {
    message: 'The project database at {path} is damaged: {reason}.',
    remedy:
      'Restore a backup, with the button beside this message in the app or with `lenslet project restore`; the damaged file is kept.',
  },
  PROJECT_FOREIGN: {
    message: '{path} is the database of another program.',
    remedy: 'Choose the folder of a Lenslet project, or restore a backup of this one.',
  },
  PROJECT_PART_INVALID: {
    message: '{path} is a {found}; the project needs a {expected} of its own there.',
    remedy: 'Move it elsewhere, then try again. Links inside a project are not followed.',
  },
  PROJECT_READ_ONLY: {
    message: 'You may not write to {path} ({reason}).',
    remedy: 'Change its permissions, or copy the project folder to a drive that you may write to.',
  },
  PROJECT_WITHOUT_WAL: {
    message: 'The drive of {path} cannot keep a write-ahead log.',
    remedy: 'Every edit is written in full instead, which is slower. Move the project to a local drive.',
  },
  PROJECT_NO_BACKUP: {
    message: 'There is no usable backup of the project at {path}.',
    remedy:
      'Import the photos into a new project. Photos that were dropped or taken in the app are in its uploads folder.',
  },
  BACKUP_INVALID: {
    message: 'The backup {name} cannot be used: {reason}.',
    remedy: 'Choose another one; `lenslet project info` lists them.',
  },
  BACKUP_FAILED: {
    message: 'The project could not be backed up: {reason}.',
    remedy:
      'Your work is saved all the same. Check the backups folder of the project, and the space on the disk.',
  },

  // Datasets
  DATASET_SOURCE_NOT_FOUND: {
    message: '{path} does not exist or cannot be opened.',
    remedy: 'Check the path; for a removable drive, plug it in.',
  },
  DATASET_NO_IMAGES: {
    message: 'No images were found in {path} ({files} files looked at).',
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
    remedy: 'Only what was undone can be done again, until the next edit.',
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

  // Single images
  IMAGE_EMPTY: { message: 'The file is empty.', remedy: 'Copy it again from where it came from.' },
  IMAGE_NOT_AN_IMAGE: {
    message: 'The file is not an image ({found}).',
    remedy: 'Remove it, or save the real picture under this name.',
  },
  IMAGE_FORMAT_UNSUPPORTED: {
    message: 'Images of the kind {format} are not supported.',
    remedy:
      'Save it as JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP or HEIC. A video: drop it by itself on Images to take frames.',
  },
  IMAGE_TRUNCATED: {
    message: 'The file ends before the picture does.',
    remedy: 'Copy it again from where it came from.',
  },
  IMAGE_CORRUPT: {
    message: 'The picture data is damaged: {reason}.',
    remedy: 'Copy it again from where it came from.',
  },
  IMAGE_TOO_LARGE: {
    message: 'The picture would have {megapixels} megapixels; the limit is {limit}.',
    remedy: 'Make it smaller before importing it.',
  },
  IMAGE_TOO_SMALL: {
    message: 'The picture is only {width}×{height} pixels.',
    remedy: 'Use pictures of at least {minimum}×{minimum} pixels.',
  },
  IMAGE_FILE_TOO_LARGE: {
    message: 'The file has {megabytes} MB; the limit is {limit} MB.',
    remedy: 'Save it smaller before importing it.',
  },
  IMAGE_UNREADABLE: {
    message: 'The file cannot be read ({reason}).',
    remedy: 'Check its permissions and the drive it is on.',
  },
  IMAGE_NONE_IN_FOLDER: {
    message: 'There are no photos in the folder.',
    remedy: 'Check the path: photos are looked for in it and in all folders inside it.',
  },
  IMAGE_MISSING: {
    message: 'The file is not there.',
    remedy:
      'Check the path. If it was imported from there, bring it back, or import it again from its new place.',
  },

  // The camera and videos, in the page
  CAMERA_REFUSED: {
    message: 'The camera is not allowed.',
    remedy:
      'Allow it for this page (the camera sign in the address bar) or in the privacy settings of the system, then try again.',
  },
  CAMERA_NONE: {
    message: 'No camera was found.',
    remedy: 'Plug one in or switch it on, then try again.',
  },
  CAMERA_BUSY: {
    message: 'The camera gives no picture ({reason}).',
    remedy: 'Another program may be using it: close it there, then try again.',
  },
  CAMERA_INSECURE: {
    message: 'The browser gives the camera only to pages of this machine, or over https.',
    remedy: 'Open Lenslet as http://localhost on the machine it runs on, or use the desktop app.',
  },
  CAMERA_ENDED: {
    message: 'The camera was unplugged or switched off.',
    remedy: 'Connect it again, then try again. The photos taken so far are kept.',
  },
  VIDEO_UNPLAYABLE: {
    message: '{name} cannot be played here ({reason}).',
    remedy: 'Save it as MP4 (H.264) or WebM, e.g. with VLC or HandBrake, and drop it again.',
  },
  VIDEO_FRAME_FAILED: {
    message: '{name} stops giving pictures at {seconds} s.',
    remedy: 'The file may be cut off there: choose an earlier end, or copy it again.',
  },

  // Pictures from web addresses
  ADDRESS_INVALID: {
    message: '{address} is no web address ({reason}).',
    remedy: 'Copy the address of the picture from the browser; it begins with http:// or https://.',
  },
  ADDRESS_PRIVATE: {
    message: '{host} is this machine or in a private network, and is not asked.',
    remedy: 'Save the picture to a file and drop it here.',
  },
  ADDRESS_UNREACHABLE: {
    message: '{host} cannot be reached ({reason}).',
    remedy: 'Check the address and the connection, then try again.',
  },
  ADDRESS_REFUSED: {
    message: 'The server of {host} refused (status {status}).',
    remedy: 'Open the picture in the browser, save it to a file and drop it here.',
  },
  ADDRESS_WEB_PAGE: {
    message: 'That is a web page, not a picture.',
    remedy: "Open the picture itself (right click, open image in a new tab) and take that tab's address.",
  },
  ADDRESS_NOT_A_PICTURE: {
    message: 'What came is no picture ({found}).',
    remedy: 'Take the address of a JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP or HEIC picture.',
  },
  ADDRESS_TOO_LARGE: {
    message: 'The picture has {megabytes} MB or more; the limit is {limit} MB.',
    remedy: 'Download it with the browser, make it smaller and drop it here.',
  },
  ADDRESS_TOO_SLOW: {
    message: '{host} sent nothing for {seconds} seconds.',
    remedy: 'Try again later, or download it with the browser and drop it here.',
  },
  ADDRESS_TAKES_TOO_LONG: {
    message: 'The picture did not arrive within {minutes} minutes.',
    remedy: 'Try again later, or download it with the browser and drop it here.',
  },
  ADDRESS_TOTAL_TOO_LARGE: {
    message: 'The pictures of this request have more than {limit} MB together.',
    remedy: 'Fetch the rest with another request, or download them and drop them here.',
  },
  ADDRESS_TOTAL_TOO_SLOW: {
    message: 'The pictures of this request did not arrive within {minutes} minutes.',
    remedy: 'Fetch the rest with another request, or download them and drop them here.',
  },
  ADDRESS_REDIRECTED: {
    message: 'The address leads on and on, {redirects} times.',
    remedy: 'Open it in the browser and take the address that is shown in the end.',
  },

  // Engines
  BACKEND_UNAVAILABLE: {
    message: 'No engine could be started: {reason}.',
    remedy: 'Run `npm run setup` and look at `lenslet doctor`.',
  },
  BACKEND_CRASHED: {
    message: 'The training engine stopped unexpectedly ({reason}).',
    remedy: 'It has been started again; go on from the last finished epoch with Resume.',
  },
  BACKEND_OUT_OF_MEMORY: {
    message: 'The engine ran out of memory at batch size {batchSize}.',
    remedy: 'Use a batch size of {suggestedBatchSize} or smaller images.',
  },
  BACKEND_BUSY: {
    message: 'The engine is busy with {task}.',
    remedy: 'Wait for it to finish, or stop it first.',
  },
  BACKEND_CANNOT_TRAIN: {
    message: 'The engine {engine} cannot train this model: {reason}.',
    remedy: 'Run `lenslet doctor` to see how to get the TensorFlow engine.',
  },

  // Models
  MODEL_NOT_FOUND: {
    message: 'There is no model at {path}.',
    remedy: 'Give a run id or a model file (model.json, .h5 or .keras).',
  },
  MODEL_FILE_INVALID: {
    message: 'The model file {path} cannot be used: {reason}.',
    remedy: 'Get a whole copy of it, or save it again as model.json, .h5 or .keras.',
  },
  MODEL_GRAPH_ONLY: {
    message:
      'The model file {path} is a TensorFlow.js graph model, whose layers can be neither seen nor trained.',
    remedy:
      'Convert the Keras model it came from with --output_format=tfjs_layers_model, or use that model itself.',
  },
  MODEL_NO_CLASSIFIER: {
    message: 'The model {path} is no classifier: {reason}.',
    remedy:
      'Its layers and filters can be looked at. For classes choose a model that ends in softmax or sigmoid.',
  },
  MODEL_WEIGHTS_NOT_FINITE: {
    message: 'The weights of {path} are no numbers (NaN or infinite), first in the layer {layer}.',
    remedy: 'Get a whole copy of the file, or train it again with a smaller learning rate.',
  },
  MODEL_INPUT_UNSUPPORTED: {
    message: 'The model cannot be given pictures: {reason}.',
    remedy: 'Choose an image classifier with one square input.',
  },
  MODEL_TOO_SMALL_INPUT: {
    message: 'Images of {size} pixels are too small for this model: {layer} would have nothing left.',
    remedy: 'Use an image size of at least {minimum}.',
  },
  MODEL_SHARD_MISSING: {
    message: 'The model file {path} needs {shard}, which is missing beside it.',
    remedy: 'Copy all files of the model into one folder, then try again.',
  },
  MODEL_SHARD_SIZE: {
    message: 'The weights of {path} ({shards}) have {found} bytes where {expected} are expected.',
    remedy: 'The file is cut off or belongs to another model: copy or download it again.',
  },
  MODEL_LAYER_UNSUPPORTED: {
    message: 'The model {path} ({format}) has a layer that Lenslet does not know: {layer} of type {type}.',
    remedy: 'Use a model without it, or export the part of it before that layer.',
  },
  MODEL_WEIGHTS_MISMATCH: {
    message: 'The weights in {path} do not fit the network: {reason}.',
    remedy: 'Use the weights file that belongs to this network.',
  },
  MODEL_LAYER_UNKNOWN: {
    message: 'The model has no layer "{layer}".',
    remedy: 'Did you mean one of these: {nearest}?',
  },
  MODEL_LAYER_UNSUITABLE: {
    message: 'The layer {layer} ({type}) cannot be shown here: {reason}.',
    remedy: 'Choose another, such as {suitable}.',
  },
  MODEL_NO_CONVOLUTION: {
    message: 'The model has no convolution, so there are no maps to look at.',
    remedy: 'Choose a convolutional network; layers of a dense network see the whole picture at once.',
  },
  MODEL_CLASS_UNKNOWN: {
    message: 'The model has no class {class}.',
    remedy: 'Give a class from 0 to {last}, or leave it out for the predicted one.',
  },
  MODEL_CLASS_NAME_UNKNOWN: {
    message: 'The model has no class called "{class}".',
    remedy: 'Did you mean one of these: {nearest}? A number from 0 to {last} will do as well.',
  },
  MODEL_FILTER_UNKNOWN: {
    message: 'The layer {layer} has no filter {filter}.',
    remedy: 'Its filters are 0 to {last}.',
  },
  MODEL_WEIGHTS_UNKNOWN: {
    message: '{path} holds weights alone (layers {layers}), of a network that Lenslet does not know.',
    remedy: 'Save the whole model in Keras with model.save(), or give weights of one of: {known}.',
  },
  MODEL_CLASSES_MISMATCH: {
    message: 'The model has {found} outputs, the names given are {expected}.',
    remedy: 'Give one name per output.',
  },

  // Backbones
  BACKBONE_NONE: {
    message: 'This recipe builds on a pretrained network, and none is on this machine.',
    remedy: 'Add one under Settings (a file, or a download), or choose a recipe that trains from scratch.',
  },
  BACKBONE_UNKNOWN: {
    message: 'There is no backbone "{id}".',
    remedy: 'Choose one of: {known}; or give the path of a model file.',
  },
  BACKBONE_NOT_CHOSEN: {
    message: 'The settings name the model file {path}, which was not chosen on this computer.',
    remedy: 'Add the file under Settings, or name it on the command line with --backbone.',
  },
  BACKBONE_WEIGHTS_MISSING: {
    message: 'The weights of {label} are not on this machine.',
    remedy:
      'Drop a weights file on the window, set LENSLET_BACKBONES to its folder, or download it: {download}.',
  },
  BACKBONE_UNSUPPORTED: {
    message: '{path} cannot be used as a backbone: {reason}.',
    remedy: 'Use another image size, an image classifier, or the convolutional base of one.',
  },
  BACKBONE_DOWNLOAD_NONE: {
    message: 'There is no official address for the weights of {label}.',
    remedy: 'Get them elsewhere and drop the file on the window.',
  },
  BACKBONE_DOWNLOAD_OFFLINE: {
    message: '{host} cannot be reached ({reason}).',
    remedy:
      'Check the connection and try again; or download the file on another machine and drop it on the window.',
  },
  BACKBONE_DOWNLOAD_REFUSED: {
    message: 'The server refused {address} (status {status}).',
    remedy: 'Try again later; or get the file elsewhere and drop it on the window.',
  },
  BACKBONE_DOWNLOAD_NOT_A_FILE: {
    message: 'A web page came instead of {address}.',
    remedy: 'The network you are in may want a sign-in: open a browser, sign in, and try again.',
  },
  BACKBONE_DOWNLOAD_INTERRUPTED: {
    message: 'The download of {address} broke off ({reason}).',
    remedy: 'Start it again: it goes on from where it was.',
  },
  BACKBONE_DOWNLOAD_WRONG: {
    message:
      'What came from {address} is not the right file: {expected} expected, {found} found. It was removed.',
    remedy: 'Try again; if it stays so, get the file elsewhere and drop it on the window.',
  },
  BACKBONE_DOWNLOAD_RUNNING: {
    message: 'The weights of {label} are being downloaded already.',
    remedy: 'Wait for it or stop it.',
  },
  BACKBONE_NOT_REMOVABLE: {
    message: '{path} was not put there by Lenslet and stays.',
    remedy: 'Remove it by hand, or take its folder out of LENSLET_BACKBONES.',
  },
  BACKBONE_NO_MODEL: {
    message: 'There is no model in what was given.',
    remedy: 'Give a Keras .h5 or .keras file, or a folder with model.json and its weights.',
  },
  BACKBONE_WRONG_NETWORK: {
    message: '{path} holds {found}, where {expected} is expected.',
    remedy: 'Give the weights file of {expected}.',
  },

  // Training
  TRAINING_RECIPE_UNKNOWN: {
    message: 'There is no recipe "{id}".',
    remedy: 'Choose one of: {known}.',
  },
  TRAINING_ALREADY_RUNNING: {
    message: 'A run is already training.',
    remedy: 'Stop it or wait for it, then start the next one.',
  },
  TRAINING_NOT_RUNNING: {
    message: 'The run "{id}" is not training now.',
    remedy: 'Start a new run, or resume it if it was interrupted.',
  },
  TRAINING_NOT_RESUMABLE: {
    message: 'The run "{id}" cannot be resumed: {reason}.',
    remedy: 'Start a new run with the same settings.',
  },
  TRAINING_LAYER_UNKNOWN: {
    message: 'The pretrained network has no layer "{layer}" to begin fine-tuning at.',
    remedy: 'Choose one of these: {known}.',
  },
  TRAINING_DIVERGED: {
    message: 'The loss became {loss} in epoch {epoch}: the training diverged.',
    remedy: 'Use a learning rate ten times smaller.',
  },
  TRAINING_DATA_CHANGED: {
    message: 'The dataset changed since the run started.',
    remedy: 'Start a new run on the dataset as it is now.',
  },
  TRAINING_AUGMENTATION_INVALID: {
    message: 'The augmentation settings do not fit: {reason}.',
    remedy: 'Correct that value, or choose a preset.',
  },
  TRAINING_RECORD_LOST: {
    message: 'The record of the images that the run "{id}" learnt from ({file}) is gone or damaged.',
    remedy:
      'Without it the run can neither be resumed nor tested fairly; its model still predicts. Start a new run with the same settings.',
  },
  TRAINING_RUN_DAMAGED: {
    message: 'The record of the run “{name}” is damaged: {reason}.',
    remedy: 'Remove the run. Your photos, their labels and all other runs are not affected.',
  },
  TRAINING_NO_MODEL: {
    message: 'The run "{id}" has no saved model yet.',
    remedy: 'Let it finish at least one epoch.',
  },

  // Hosts: the web server and the command line
  SERVER_PORT_BUSY: {
    message: 'Port {port} is in use by another program.',
    remedy: 'Choose another with --port, or --port 0 for any free one.',
  },
  SERVER_CANNOT_LISTEN: {
    message: 'The server cannot listen on {address} ({reason}).',
    remedy: 'Give an address of this machine with --host, and a port above 1023 with --port.',
  },
  BENCH_UNAVAILABLE: {
    message: 'There are no benchmarks in {folder}.',
    remedy: 'They are part of the source code: run the command in a checkout of Lenslet.',
  },
  BENCH_FAILED: {
    message: 'The benchmarks ended with {outcome}.',
    remedy: 'What they said before names the reason.',
  },
  USAGE_INVALID: { message: '{detail}.', remedy: 'See `lenslet {command}--help`.' },

  // Uploads and picks (browser and desktop host)
  UPLOAD_INVALID: {
    message: 'The upload was refused: {reason}.',
    remedy: 'Drop it again. Where a name is to blame, rename the file first.',
  },
} as const satisfies Record<string, CatalogueEntry>;

/** A stable, documented error code. */
export type ErrorCode = keyof typeof errorCatalogue;

/** What travels over the wire and into `--json` output. */
export interface AppErrorData {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly params: ErrorParams;
  readonly message: string;
  readonly remedy: string;
}

function fill(template: string, params: ErrorParams): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = params[name];
    return value === undefined || value === null ? hole : String(value);
  });
}

/**
 * Turns a code and its parameters into a sentence and a remedy.
 * @returns both texts with every known hole filled
 */
export function describeError(
  code: ErrorCode,
  params: ErrorParams = {},
): { message: string; remedy: string } {
  const entry = errorCatalogue[code];
  return { message: fill(entry.message, params), remedy: fill(entry.remedy, params) };
}

/** The error of everything Lenslet reports on purpose. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly params: ErrorParams;

  constructor(
    code: ErrorCode,
    params: ErrorParams = {},
    options: { kind?: ErrorKind; cause?: unknown } = {},
  ) {
    super(
      describeError(code, params).message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'AppError';
    this.code = code;
    this.params = params;
    this.kind =
      options.kind ?? (code === 'CANCELLED' ? 'cancelled' : code === 'INTERNAL_BUG' ? 'bug' : 'expected');
  }

  /** What the user can do about it. */
  get remedy(): string {
    return describeError(this.code, this.params).remedy;
  }

  /** The transferable form. */
  toData(): AppErrorData {
    return {
      code: this.code,
      kind: this.kind,
      params: this.params,
      message: this.message,
      remedy: this.remedy,
    };
  }

  /** Rebuilds an error that crossed a boundary. */
  static fromData(data: Pick<AppErrorData, 'code' | 'kind' | 'params'>): AppError {
    return new AppError(data.code, data.params, { kind: data.kind });
  }

  /** Any thrown value as an AppError; what is not one already becomes `INTERNAL_BUG`. */
  static from(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError')
      return new AppError('CANCELLED', {}, { cause: thrown });
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return new AppError('INTERNAL_BUG', { detail }, { cause: thrown });
  }
}

/** Throws `CANCELLED` when the signal has been aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('CANCELLED');
}
