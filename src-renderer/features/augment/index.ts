/** What other features may use of augmentation. */
export { type AugmentationSource, augmentationSummary } from './augmentation-source.ts';
export { useAugmentationStore } from './store.ts';
