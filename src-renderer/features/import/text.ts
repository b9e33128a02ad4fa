/** The text of this feature. */
import { count, plural } from '../../shared/text/format.ts';

/** The text of `import-band.vue`. */
export const importBandText = {
  seeSetAside: (quarantined: number): string => `See the ${plural(quarantined, 'file')} set aside`,
  imported: 'Imported',
  cancelledAfter: 'Cancelled after',
  explanation: '· import the same folder again to continue',
  setAside: (quarantined: number): string => `${plural(quarantined, 'file')} set aside`,
  merge: 'Merge',
  dismissImportsOutcome: "Dismiss the import's outcome",
  lookingForFiles: 'Looking for files',
  readingPhotos: 'Reading photos',
  alreadyHere: (known: number): string => `${count(known)} already here`,
  images: (added: number): string => plural(added, 'image'),
};

/** The text of `store.ts`. */
export const storeText = {
  chooseFolderOfPhotos: 'Choose a folder of photos',
};
