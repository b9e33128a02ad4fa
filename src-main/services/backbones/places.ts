/** Where backbones are looked for. */
import { delimiter, join, resolve } from 'node:path';
import type { OfficialWeights } from '../../engine/network/backbone.ts';

/** Lenslet's own folder for weights. */
export function ownFolder(settingsFolder: string): string {
  return join(settingsFolder, 'backbones');
}

/** Folders (or files) to look in: those of LENSLET_BACKBONES, then Lenslet's own. */
export function backbonePlaces(settingsFolder: string): string[] {
  const given = (process.env.LENSLET_BACKBONES ?? '').split(delimiter).filter((place) => place !== '');
  return [...given.map((place) => resolve(place)), ownFolder(settingsFolder)];
}

/**
 * Where a file of weights is downloaded from: its official address, or the same file name at the address in
 * LENSLET_BACKBONES_MIRROR, for rooms and firms that keep copies of their own.
 */
export function addressOf({ address, fileName }: OfficialWeights): string {
  const mirror = process.env.LENSLET_BACKBONES_MIRROR;
  if (!mirror) return address;
  return new URL(fileName, mirror.endsWith('/') ? mirror : `${mirror}/`).href;
}
