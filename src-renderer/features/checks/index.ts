/** What other features may use of the checks. */
export { useChecksStore } from './store.ts';
export { checksActivity } from './text.ts';
