/** What other features show of labelling: components, and what drives them. */
export { useLabellingBench } from '../labelling-bench.ts';
export { default as ChosenDetails } from './chosen-details.vue';
export { default as ClassFinder } from './class-finder.vue';
export { default as ClassPalette } from './class-palette.vue';
export { default as ClassTaskForm } from './class-task-form.vue';
export { default as CommentField } from './comment-field.vue';
export { default as JournalList } from './journal-list.vue';
export { default as LabelFiles } from './label-files.vue';
export { default as LabelStrip } from './label-strip.vue';
export { default as SelectionBar } from './selection-bar.vue';
export { default as SuggestionPanel } from './suggestion-panel.vue';
export { default as UndoButtons } from './undo-buttons.vue';
export { photoMenu } from '../photo-menu.ts';
