/** The parts of sorting that other features may use. */
export { useSortStore } from './store.ts';
