/** What other features may use of the results. */
export { useExportsStore } from './store.ts';
