/** Where backbones are looked for. */
import { delimiter, join, resolve } from 'node:path';

/** Lenslet's own folder for weights. */
export function ownFolder(settingsFolder: string): string {
  return join(settingsFolder, 'backbones');
}

/** Folders (or files) to look in: those of LENSLET_BACKBONES, then Lenslet's own. */
export function backbonePlaces(settingsFolder: string): string[] {
  const given = (process.env.LENSLET_BACKBONES ?? '').split(delimiter).filter((place) => place !== '');
  return [...given.map((place) => resolve(place)), ownFolder(settingsFolder)];
}
