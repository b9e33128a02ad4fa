/**
 * The picture that gradient ascent works on, and how it becomes one to look at.
 *
 * The lesson's network (VGG16) wants pixels of about −124 … 151, and the lesson begins with noise around 128 and takes
 * steps of size 1 right in these numbers. So for that preprocessing (`imagenet`) the canvas is the network's input
 * itself, with its channels in the network's order (BGR), and everything is as in the lesson to the last number. Other
 * networks want 0 … 1 or −1 … 1, where noise around 128 would be far outside of all they know; for them the canvas
 * holds pixels 0–255 and is preprocessed like any photo: the same noise, the same step in pixels. The gradient is
 * taken with respect to the network's input in either case; divided by its own size, it is the same but for the
 * tiny number that keeps it from being divided by 0.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { stream } from '../../../core/random/random.ts';
import { type Subject, toInput } from '../subject.ts';

/** The canvas as the network gets it. Part of traced programs. */
export function canvasInput(subject: Subject, canvas: tfjs.Tensor4D): tfjs.Tensor4D {
  return subject.preprocessing === 'imagenet' ? canvas : toInput(subject, canvas);
}

/**
 * The grey noise that a filter's canvas begins with: random · 20 + 128. Each filter has its own, the same whichever
 * filters are made with it.
 */
export function greyNoise(seed: number, filter: number, length: number): Float32Array {
  const random = stream(seed, 'pattern', filter);
  return Float32Array.from({ length }, () => random.next() * 20 + 128);
}

/**
 * A canvas as a picture, as in the lesson: (x − mean) / (standard deviation + 1e-5) · 0.1 + 0.5, clipped, in 0–255
 * with fractions cut off.
 * @param canvas numbers of one picture, channels interleaved
 * @param backwards its channels are BGR
 */
export function toPicture(canvas: Float32Array, channels: number, backwards: boolean): Uint8Array {
  const mean = canvas.reduce((sum, value) => sum + value, 0) / canvas.length;
  const variance = canvas.reduce((sum, value) => sum + (value - mean) ** 2, 0) / canvas.length;
  const scale = 0.1 / (Math.sqrt(variance) + 1e-5);
  const picture = new Uint8Array(canvas.length);
  for (let i = 0; i < canvas.length; i++) {
    const from = backwards ? i - (i % channels) + channels - 1 - (i % channels) : i;
    const shown = ((canvas[from] - mean) * scale + 0.5) * 255;
    picture[i] = shown < 0 ? 0 : shown > 255 ? 255 : shown;
  }
  return picture;
}
