/** What other features may use of capture. */
export { useCapturesStore } from './store.ts';
