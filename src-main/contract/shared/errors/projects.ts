/** Projects, their folders and backups. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const projectErrors = {
  PROJECT_NOT_OPEN: { message: 'No project is open.', remedy: 'Open or create a project first.' },
  PROJECT_BUSY: {
    message: '{work} is still running in the project “{project}”.',
    remedy: 'Wait until it has ended, or stop it. Training that is stopped can be resumed.',
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
    message: '{path} has the wrong type. Expected: {expected}. Received: {found}.',
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
} as const satisfies Record<string, CatalogueEntry>;
