/** The parts of prediction that other features may use. */
export { usePredictionsStore } from './store.ts';
