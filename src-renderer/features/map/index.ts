/** What other features may use of the map. */
export { useMapStore } from './store.ts';
