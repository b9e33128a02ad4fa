/** The loop from a result to its photos and back. */
export { type JudgedView, queryOf, viewOf } from './judged-view.ts';
export { default as LoopView } from './loop-view.vue';
export { default as WhatChanged } from './what-changed.vue';
export { default as RetrainBar } from './retrain-bar.vue';
export { useRetraining } from './use-retraining.ts';
