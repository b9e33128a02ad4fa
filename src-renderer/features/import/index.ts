/** What other features may use of importing. */
export { useImportsStore } from './store.ts';
