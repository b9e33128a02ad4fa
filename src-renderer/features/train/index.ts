/** The parts of training that other features may use. */
export { useBackbonesStore } from './backbones.ts';
export { seedsFrom } from './run-settings.ts';
export { statusLook } from './run-words.ts';
export { settingFields } from './setting-fields.ts';
export { sameValue, valueWords } from './settings.ts';
export { isActive } from './known-runs.ts';
export { useRunsStore } from './store.ts';
export { type RunItem, runItems } from './usable-runs.ts';
