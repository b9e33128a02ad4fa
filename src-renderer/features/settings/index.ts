/** What other features may use of the settings. */
export { useSettingsStore } from './store.ts';
