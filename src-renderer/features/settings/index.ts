/** The parts of the settings that other features may use. */
export { useSettingsStore } from './store.ts';
