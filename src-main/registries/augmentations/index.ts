/**
 * All augmentations. The order is that of application: geometric ones are multiplied in it (Keras': rotation, shift,
 * shear, zoom, flips), then colours, then the rest. Adding one is adding its file and its line here.
 */
import type { Augmentation } from '../../engine/augmentation/augmentation.ts';
import { blur } from './transforms/blur.ts';
import { brightness } from './transforms/brightness.ts';
import { contrast } from './transforms/contrast.ts';
import { cropAndResize } from './transforms/crop-and-resize.ts';
import { cutOut } from './transforms/cut-out.ts';
import { heightShift } from './transforms/height-shift.ts';
import { horizontalFlip } from './transforms/horizontal-flip.ts';
import { hue } from './transforms/hue.ts';
import { rotation } from './transforms/rotation.ts';
import { saturation } from './transforms/saturation.ts';
import { shear } from './transforms/shear.ts';
import { verticalFlip } from './transforms/vertical-flip.ts';
import { widthShift } from './transforms/width-shift.ts';
import { zoom } from './transforms/zoom.ts';

export const augmentations: readonly Augmentation[] = [
  cropAndResize,
  rotation,
  widthShift,
  heightShift,
  shear,
  zoom,
  horizontalFlip,
  verticalFlip,
  brightness,
  contrast,
  saturation,
  hue,
  blur,
  cutOut,
];
