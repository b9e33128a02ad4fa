/** The parts of explain that other features may use. */
export { useExplainStore } from './store.ts';
