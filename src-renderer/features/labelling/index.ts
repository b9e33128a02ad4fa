/** What other features may use of labelling. */
export type { ClassTask } from './class-tasks.ts';
export { useLabelFilesStore } from './label-files.ts';
export { startDrag } from './photo-drag.ts';
export { useLabelsStore } from './store.ts';
export { useSuggestionsStore } from './suggestions.ts';
export { type ShownSuggestion, shownSuggestion } from './suggestion-words.ts';
