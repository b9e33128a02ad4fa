/** How sure a run may be, and what to expect of the project, on the Results screen. */
export { default as ResultsConfidence } from './results-confidence.vue';
export { default as ResultsCrossValidation } from './results-cross-validation.vue';
