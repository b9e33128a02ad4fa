/** What other features may use of explaining. */
export { useExplainStore } from './store.ts';
