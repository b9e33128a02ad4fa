/** The text of this feature. */
import { plural } from '../../shared/text/format.ts';

/** The text of `recent-projects.vue`. */
export const recentProjectsText = {
  open: 'open',
  notFoundAt: (location: string): string => `Not found at ${location}`,
  takeOffThisList: (name: string): string => `Remove ${name} from this list`,
  title: 'Remove from this list; the folder stays',
  renameProject: (name: string): string => `Rename ${name}`,
  rename: 'Rename',
  newName: 'New name',
  save: 'Save',
  cancel: 'Cancel',
};

/** The text of `restore-backup.vue`. */
export const restoreBackupText = {
  restore: (describe: string): string => `Restore ${describe}`,
  olderBackups: (others: number): string => plural(others, 'older backup'),
  explanation: 'There is no usable backup.',
  backupOf: (moment: string, images: number): string =>
    `the backup of ${moment} (${plural(images, 'image')})`,
};

/** The text of `existing-project.vue`. */
export const existingProjectText = {
  thereIsOne: (name: string): string => `There is a project “${name}” already.`,
  addToIt: 'Add the photos to it',
  makeAnother: 'Make another project',
  cancel: 'Cancel',
};

/** The text of the screen. */
export const screenText = {
  start: 'Start',
  subtitle: 'From a folder of photos to a trained classifier, on this computer',
  makeProjectFromThisFolder: 'Make a project from this folder',
  dropFolderOfPhotosHere: 'Drop a folder of photos here',
  foldersBefore: 'One folder for each class; its name is the label. Folders named',
  train: 'train',
  validation: 'validation',
  and: 'and',
  test: 'test',
  foldersAfter:
    'are recognised too, and so are ZIP archives and lists of labels (CSV). Your photos stay where they are.',
  tryWithSampleImages: 'Try with sample images',
  recentProjects: 'Recent projects',
  close: (name: string): string => `Close ${name}`,
  open: 'Open…',
  noProjects: 'Your projects appear here.',
  newEmptyProject: 'New empty project',
  name: 'Name',
  birdsAtFeeder: 'Birds at the feeder',
  madeIn: (projectsFolder: string): string => `Made in ${projectsFolder}`,
  createProject: 'Create project',
  change: 'Change…',
  where: 'Choose where the project is made',
};
