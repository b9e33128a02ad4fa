/** Models and photos that leave Lenslet. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const exportErrors = {
  EXPORT_FORMAT_UNKNOWN: {
    message: 'There is no export format "{id}".',
    remedy: 'Choose one of: {known}.',
  },
  EXPORT_TARGET_EXISTS: {
    message: 'There is something at {path} already.',
    remedy: 'Choose another folder, or allow an earlier export to be replaced (--overwrite).',
  },
  EXPORT_TARGET_FOREIGN: {
    message: '{path} is not an export that Lenslet made, so it is not replaced.',
    remedy: 'Choose another folder, or remove that one yourself.',
  },
  EXPORT_LAYER_UNSUPPORTED: {
    message: 'The layer {layer} ({type}) cannot be written as {format}.',
    remedy: 'Choose another format.',
  },
  EXPORT_DISAGREES: {
    message:
      'The export was loaded again and does not agree with the run: its scores differ by {difference}, where at most {tolerance} is allowed ({where}).',
    remedy: 'Nothing was left behind. Please report this with the format and the network.',
  },
  EXPORT_NO_PHOTOS: {
    message: 'No photo of the run can be read to prove the export with.',
    remedy: 'Connect the drive with the photos, or add photos to a class of the run, then try again.',
  },
  EXPORT_UNPROVEN: {
    message: 'The export cannot be loaded again on this computer to prove it: {reason}.',
    remedy: 'Choose another format, or set Lenslet up again with npm run setup.',
  },
} as const satisfies Record<string, CatalogueEntry>;
