/** What other features show of training: components, and what drives them. */
export { default as ExtendRun } from './extend-run.vue';
export { default as RepeatForm } from './repeat-form.vue';
export { default as RunFacts } from './run-facts.vue';
export { default as StatusBadge } from './status-badge.vue';
