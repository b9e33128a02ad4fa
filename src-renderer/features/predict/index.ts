/** What other features may use of predicting. */
export { usePredictionsStore } from './store.ts';
