/** What other features show of capture: components, and what drives them. */
export { default as CaptureDialogs } from '../capture-dialogs.vue';
export { default as CaptureMenu } from '../capture-menu.vue';
export { useCapture } from '../use-capture.ts';
