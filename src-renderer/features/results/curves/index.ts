/** Curves and thresholds, on the Results screen. */
export { default as ResultsCurves } from './results-curves.vue';
