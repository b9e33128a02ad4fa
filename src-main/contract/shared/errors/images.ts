/** Single photos. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const imageErrors = {
  IMAGE_EMPTY: { message: 'The file is empty.', remedy: 'Copy it again from where it came from.' },
  IMAGE_NOT_AN_IMAGE: {
    message: 'The file is not an image ({found}).',
    remedy: 'Remove the file, or replace it with the real image.',
  },
  IMAGE_FORMAT_UNSUPPORTED: {
    message: 'Images of the kind {format} are not supported.',
    remedy:
      'Save it as JPEG, PNG, WebP, GIF, TIFF, AVIF, BMP or HEIC. A video: drop it by itself on Images to take frames.',
  },
  IMAGE_SAMPLES_UNCLEAR: {
    message: 'The values of this TIFF cannot be read as brightness: {reason}.',
    remedy: 'Save it with 8 or 16 bits a channel, with white at the highest value.',
  },
  IMAGE_TRUNCATED: {
    message: 'The file ends before the image is complete.',
    remedy: 'Copy it again from where it came from.',
  },
  IMAGE_CORRUPT: {
    message: 'The image data is damaged: {reason}.',
    remedy: 'Copy it again from where it came from.',
  },
  IMAGE_TOO_LARGE: {
    message: 'The image has {megapixels} megapixels; the limit is {limit}.',
    remedy: 'Make it smaller before importing it.',
  },
  IMAGE_TOO_SMALL: {
    message: 'The image is only {width}×{height} pixels.',
    remedy: 'Use images of at least {minimum}×{minimum} pixels.',
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
} as const satisfies Record<string, CatalogueEntry>;
