/** What other features show of importing: components, and what drives them. */
export { default as ImportBand } from './import-band.vue';
