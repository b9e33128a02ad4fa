/** Components of training that other features show. */
export { default as BackboneList } from './backbone-list.vue';
export { default as ExtendRun } from './extend-run.vue';
export { default as RepeatForm } from './repeat-form.vue';
export { default as RunFacts } from './run-facts.vue';
export { default as StatusBadge } from './status-badge.vue';
