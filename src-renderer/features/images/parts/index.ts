/** What other features show of the grid of photos. */
export { default as ImageGrid } from './image-grid.vue';
export { default as ImagesNote } from '../images-note.vue';
export { default as ImagesUndo } from '../images-undo.vue';
