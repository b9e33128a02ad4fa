/** Parts of a photo: what a detector has found in it, cut out with a margin. */
import type { WorkingImage } from './decode.ts';

/** A part of an upright photo, as shares of its width and height from the left and the top. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Of the box, added on each side: detectors cut ears and tails off. */
const margin = 0.1;
/** Larger pictures would take too much memory. */
const maxSide = 4096;
const minPixels = 8;

/** The long side to decode a photo to, so that its smallest part has about as many pixels as a whole photo has. */
export function sideForCrops(boxes: readonly Box[], usual: number): number {
  const smallest = Math.min(...boxes.map(({ width, height }) => Math.max(width, height)));
  return Math.min(maxSide, Math.max(usual, Math.ceil(usual / Math.max(smallest, 0.01))));
}

/**
 * Cuts a box with its margin out of a picture: as a square where the picture has room for one, since a network is
 * given squares, and squashing would change the shape of an animal.
 */
export function cropTo(image: WorkingImage, box: Box): WorkingImage {
  const wide = box.width * image.width * (1 + 2 * margin);
  const high = box.height * image.height * (1 + 2 * margin);
  const side = Math.max(wide, high, minPixels);
  const across = span((box.x + box.width / 2) * image.width, side, image.width);
  const down = span((box.y + box.height / 2) * image.height, side, image.height);
  const data = new Uint8Array(across.length * down.length * 3);
  for (let row = 0; row < down.length; row++) {
    const start = ((down.start + row) * image.width + across.start) * 3;
    data.set(image.data.subarray(start, start + across.length * 3), row * across.length * 3);
  }
  return { width: across.length, height: down.length, channels: 3, data };
}

/** Whole pixels around a middle, moved inside where they would lie beyond an edge. */
function span(middle: number, wanted: number, size: number): { start: number; length: number } {
  const length = Math.min(size, Math.max(1, Math.round(wanted)));
  const start = Math.min(size - length, Math.max(0, Math.round(middle - length / 2)));
  return { start, length };
}
