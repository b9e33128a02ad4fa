/** Sorting a folder of photos into class folders. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const sortingErrors = {
  SORT_NO_PHOTOS: {
    message: 'There are no photos to sort in {path}.',
    remedy: 'Choose the folder that holds the photos. Links and hidden files are passed over.',
  },
  SORT_RUNNING: {
    message: 'A folder is being sorted already.',
    remedy: 'Wait for it or cancel it, then start again.',
  },
  SORT_LOCKED: {
    message: 'The sorting of {path} is at work in another Lenslet.',
    remedy: 'Wait until it has ended there, or close it.',
  },
  SORT_UNFINISHED: {
    message: 'An earlier sorting of {path} has moved only a part of its files.',
    remedy: 'Continue it (--resume), or take it back (--undo).',
  },
  SORT_NOTHING_TO_RESUME: {
    message: 'There is no unfinished sorting of {path}.',
    remedy: 'Start one without --resume.',
  },
  SORT_NOTHING_TO_UNDO: {
    message: 'There is no sorting into {path} to take back.',
    remedy: 'Give the folder that the photos were sorted into.',
  },
  SORT_MODEL_CHANGED: {
    message: 'The photos were predicted with another model than {model} is now.',
    remedy: 'Start the sorting anew, so that all photos are judged by one model.',
  },
  SORT_DAMAGED: {
    message: 'The record of the sorting at {path} is damaged: {reason}.',
    remedy: 'Your photos are where they were put. Start a new sorting of the folder.',
  },
  SORT_PHOTO_CHANGED: {
    message: 'The file {path} was changed since it was looked at.',
    remedy: 'It stays where it is. Sort the folder again to include it.',
  },
  SORT_PHOTO_GONE: {
    message: 'The file {path} is no longer there.',
    remedy: 'Put it back, or leave it out.',
  },
  SORT_TARGET_EXISTS: {
    message: 'There is another file at {path} by now.',
    remedy: 'Nothing is overwritten. Move it elsewhere, then try again.',
  },
  SORT_ORIGINAL_GONE: {
    message: 'The original of {path} is gone or was changed, so this copy is kept.',
    remedy: 'Put the original back first if the copy is not wanted.',
  },
  SORT_BOXES_INVALID: {
    message: '{path} is not a list of detections of MegaDetector: {reason}.',
    remedy:
      'Expected the JSON of its batch mode, format 1.x: {"images":[{"file","detections":[{"category","conf","bbox":[x,y,width,height]}]}]}.',
  },
  SORT_FOREIGN: {
    message: 'The sorting at {path} was not made by you on this computer.',
    remedy: 'It can be looked at. Sort the folder again to move its photos here.',
  },
} as const satisfies Record<string, CatalogueEntry>;
