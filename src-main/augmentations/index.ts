/**
 * All augmentations. The order is that of application: geometric ones are multiplied in it (Keras': rotation, shift,
 * shear, zoom, flips), then colours, then the rest. Adding one is adding its file and its line here.
 */
import type { Augmentation } from './augmentation.ts';
import { blur } from './blur.ts';
import { brightness } from './brightness.ts';
import { contrast } from './contrast.ts';
import { cropAndResize } from './crop-and-resize.ts';
import { cutOut } from './cut-out.ts';
import { heightShift } from './height-shift.ts';
import { horizontalFlip } from './horizontal-flip.ts';
import { hue } from './hue.ts';
import { rotation } from './rotation.ts';
import { saturation } from './saturation.ts';
import { shear } from './shear.ts';
import { verticalFlip } from './vertical-flip.ts';
import { widthShift } from './width-shift.ts';
import { zoom } from './zoom.ts';

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
