import type { AugmentationSettings } from '../../contract/shared/augmentation.ts';

/** The lesson's `ImageDataGenerator`: turned up to 40°, shifted, sheared and zoomed by up to 0.2, mirrored. */
export const lessonAugmentation: AugmentationSettings = {
  transforms: {
    rotation: { rotation_range: 40 },
    'width-shift': { width_shift_range: 0.2 },
    'height-shift': { height_shift_range: 0.2 },
    shear: { shear_range: 0.2 },
    zoom: { zoom_range: 0.2 },
    'horizontal-flip': {},
  },
  fillMode: 'nearest',
  fillValue: 0,
};
