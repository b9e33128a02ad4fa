/** The augmentation that a project uses in recipes that augment. */
import type { DatabaseSync } from 'node:sqlite';
import { type AugmentationSettings, augmentationSettingsSchema } from '../contract/augmentation.ts';
import { readSetting, writeSetting } from './settings.ts';

const key = 'augmentation';

/** What was chosen, or null: then each recipe has its own. */
export function readAugmentation(database: DatabaseSync): AugmentationSettings | null {
  const stored = readSetting(database, key);
  if (stored === null) return null;
  return augmentationSettingsSchema.safeParse(JSON.parse(stored)).data ?? null;
}

/** Chooses; null gives the choice back to the recipes. */
export function writeAugmentation(database: DatabaseSync, settings: AugmentationSettings | null): void {
  writeSetting(database, key, settings === null ? null : JSON.stringify(settings));
}
