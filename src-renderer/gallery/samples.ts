/** Values that components are shown with: long names, four scripts, many classes, errors of the catalogue. */
import { AppError } from '../../src-main/contract/shared/errors.ts';

/** One name in each of Latin, Arabic (written from right to left), Chinese and Devanagari. */
export const fourScripts = ['Wildflower', 'زهرة برية', '野花', 'जंगली फूल'];

/** Longer than any place it is shown in, without a space to break at. */
export const longName =
  'A_class_with_a_very_long_name_that_somebody_took_over_from_the_folder_of_an_old_camera_2019-03-24_evening';

/** As many as the palette can tell apart. */
export const manyClasses = Array.from({ length: 32 }, (_, i) => `Class ${i + 1}`);

/** Places in the palette, in the order of the names. */
export const paletteOfNames = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name, i) => [name, i]));

export const shortError = new AppError('IMAGE_TRUNCATED').toData();
export const longError = new AppError('FILE_UNREADABLE', {
  path: `/photos/${'a-folder-in-a-folder/'.repeat(6)}${longName}.jpeg`,
  reason: 'EACCES: permission denied',
}).toData();
export const backupError = new AppError('BACKUP_FAILED', { reason: 'the disk is full' }).toData();

/** A drawn picture, so that nothing has to be loaded. */
export const drawnPhoto = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><rect width="320" height="240" fill="#7aa5d8"/><path d="M0 240 L110 90 L190 190 L240 130 L320 240 Z" fill="#3f6f4e"/><circle cx="250" cy="60" r="28" fill="#f4d35e"/></svg>',
)}`;
