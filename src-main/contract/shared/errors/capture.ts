/** The camera and videos. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const captureErrors = {
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
    message: 'The camera delivers no video ({reason}).',
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
    message: '{name} has no frames after {seconds} s.',
    remedy: 'The file may be cut off there: choose an earlier end, or copy it again.',
  },
} as const satisfies Record<string, CatalogueEntry>;
