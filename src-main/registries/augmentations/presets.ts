/** Ready-made settings for kinds of pictures. */
import type { AugmentationPreset } from '../../contract/app/augmentation-preview.ts';
import { augmentationOff, type AugmentationSettings } from '../../contract/shared/augmentation.ts';
import { lessonAugmentation } from '../recipes/lesson-augmentation.ts';

const photos: AugmentationSettings = {
  transforms: {
    rotation: { rotation_range: 15 },
    'width-shift': { width_shift_range: 0.1 },
    'height-shift': { height_shift_range: 0.1 },
    zoom: { zoom_range: 0.15 },
    'horizontal-flip': {},
    brightness: { brightness_range: [0.8, 1.2] },
    contrast: { contrast_range: [0.8, 1.2] },
    saturation: { saturation_range: [0.8, 1.2] },
  },
  fillMode: 'reflect',
  fillValue: 0,
};

const withoutFlip = Object.fromEntries(
  Object.entries(photos.transforms).filter(([id]) => id !== 'horizontal-flip'),
);

const documents: AugmentationSettings = {
  transforms: {
    rotation: { rotation_range: 3 },
    'width-shift': { width_shift_range: 0.03 },
    'height-shift': { height_shift_range: 0.03 },
    shear: { shear_range: 3 },
    zoom: { zoom_range: 0.05 },
    brightness: { brightness_range: [0.75, 1.2] },
    contrast: { contrast_range: [0.7, 1.2] },
    blur: { blur_range: 0.006 },
  },
  fillMode: 'constant',
  fillValue: 255,
};

const microscopy: AugmentationSettings = {
  transforms: {
    rotation: { rotation_range: 180 },
    'width-shift': { width_shift_range: 0.1 },
    'height-shift': { height_shift_range: 0.1 },
    zoom: { zoom_range: 0.1 },
    'horizontal-flip': {},
    'vertical-flip': {},
    brightness: { brightness_range: [0.9, 1.1] },
    contrast: { contrast_range: [0.85, 1.15] },
    hue: { hue_range: 8 },
    blur: { blur_range: 0.006 },
  },
  fillMode: 'reflect',
  fillValue: 0,
};

export const presets: readonly AugmentationPreset[] = [
  { id: 'off', label: 'Off', description: 'Every picture as it is.', settings: augmentationOff },
  {
    id: 'lesson',
    label: 'As in the lesson',
    description: 'Rotation 40°, shifts, shear and zoom 0.2, flip left–right, nearest.',
    settings: lessonAugmentation,
  },
  {
    id: 'photos',
    label: 'Photos',
    description: 'Small changes of place and light, flipped left–right: for most photos.',
    settings: photos,
  },
  {
    id: 'no-flip',
    label: 'No left–right flip',
    description: 'As photos, for things that have a left and a right: signs, hands, writing.',
    settings: { ...photos, transforms: withoutFlip },
  },
  {
    id: 'documents',
    label: 'Documents',
    description: 'Slightly skewed, on white, under uneven light: scans and photographed pages.',
    settings: documents,
  },
  {
    id: 'microscopy',
    label: 'Microscopy',
    description: 'Any way up, mirrored both ways, small changes of stain and light: views from above.',
    settings: microscopy,
  },
];
