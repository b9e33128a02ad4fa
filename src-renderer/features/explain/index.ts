/** What other features may use of explaining. */
export { useInsideStore } from './store.ts';
