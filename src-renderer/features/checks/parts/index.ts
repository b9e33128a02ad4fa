/** What other features show of the checks: components, and what drives them. */
export { default as UndoToast } from './undo-toast.vue';
