/** The augmentation that a project uses in recipes that augment. */
import type { DatabaseSync } from 'node:sqlite';
import { type AugmentationSettings, augmentationSettingsSchema } from '../contract/shared/augmentation.ts';
import { readSetting, writeSetting } from './database/settings.ts';
import { jsonColumn } from './database/stored-rows.ts';

const key = 'augmentation';

const column = jsonColumn(augmentationSettingsSchema);

/** What was chosen, or null, also where it cannot be read: then each recipe has its own. */
export function readAugmentation(database: DatabaseSync): AugmentationSettings | null {
  return column.safeParse(readSetting(database, key)).data ?? null;
}

/** Chooses; null gives the choice back to the recipes. */
export function writeAugmentation(database: DatabaseSync, settings: AugmentationSettings | null): void {
  writeSetting(database, key, settings === null ? null : JSON.stringify(settings));
}
