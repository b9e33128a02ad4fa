/** How sure a run may be, on the Results screen. */
export { default as ResultsConfidence } from './results-confidence.vue';
