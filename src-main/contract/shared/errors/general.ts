/** Errors of every part of Lenslet. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const generalErrors = {
  CANCELLED: { message: 'Cancelled.', remedy: 'Start it again when you like.' },
  INTERNAL_BUG: {
    message: 'Something in Lenslet went wrong: {detail}.',
    remedy: 'Your files are safe. Please report this with the text above.',
  },
  INPUT_INVALID: { message: 'The request is not valid: {detail}.', remedy: 'Correct it and try again.' },
  NOT_FOUND: {
    message: 'There is no {what} "{id}".',
    remedy: 'It may have been removed, or the name is misspelt: check the list of what there is.',
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
} as const satisfies Record<string, CatalogueEntry>;
