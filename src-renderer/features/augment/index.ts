/** The parts of augmentation that other features may use. */
export { type AugmentationSource, augmentationSummary } from './augmentation-source.ts';
export { useAugmentationStore } from './store.ts';
