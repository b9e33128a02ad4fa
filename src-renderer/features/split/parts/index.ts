/** What other features show of splits: components, and what drives them. */
export { default as SplitSection } from './split-section.vue';
