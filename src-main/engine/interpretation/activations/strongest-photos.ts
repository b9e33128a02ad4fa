/** Which photos excite a channel most, and where. */
import type * as tfjs from '@tensorflow/tfjs';
import type { NetworkLayer } from '../../network/network.ts';
import { type Subject, type Work, pause, readAll, toInput } from '../subject.ts';

/** Photos looked at together. */
export const photosAtOnce = 16;

/** The greatest activation of one photo. */
export interface Excitement {
  /** Which photo, counted from 0. */
  readonly photo: number;
  readonly value: number;
  readonly row: number;
  readonly column: number;
}

/**
 * Looks through photos.
 * @param count how many there are
 * @param read gives the pixels of some of them, `photosAtOnce` at most, one after another
 * @returns all of them, the most excited first
 * @throws AppError CANCELLED
 */
export async function topChannels(
  subject: Subject,
  layer: NetworkLayer,
  channel: number,
  count: number,
  read: (from: number, to: number) => Promise<Uint8Array>,
  work: Work,
): Promise<Excitement[]> {
  const { backend, imageSize, channels } = subject;
  const { tf } = backend;
  const batch = Math.min(photosAtOnce, count);
  const shape: [number, number, number, number] = [batch, imageSize, imageSize, channels];
  const program = ([pixels]: tfjs.Tensor[]): tfjs.Tensor[] => {
    const outputs = subject.network.walk(toInput(subject, pixels)).value(layer);
    const [, height, width] = outputs.shape;
    const one = tf.slice(outputs, [0, 0, 0, channel], [-1, -1, -1, 1]);
    const places = tf.reshape(one, [batch, height * width]);
    return [tf.max(places, 1), tf.cast(tf.argMax(places, 1), 'float32'), tf.tensor1d([width])];
  };
  const exampleInputs: tfjs.TensorInfo[] = [{ dataId: undefined as never, shape, dtype: 'float32' }];
  const programs = backend.prepare({ look: { program, exampleInputs } });
  const found: Excitement[] = [];
  try {
    for (let start = 0; start < count; start += batch) {
      await pause(work);
      const end = Math.min(start + batch, count);
      const values = new Float32Array(shape[0] * shape[1] * shape[2] * shape[3]);
      values.set(await read(start, end));
      const pixels = tf.tensor4d(values, shape);
      const [most, places, [width]] = readAll(programs.run('look', [pixels]));
      pixels.dispose();
      for (let photo = start; photo < end; photo++) {
        const place = places[photo - start];
        found.push({
          photo,
          value: most[photo - start],
          row: Math.floor(place / width),
          column: place % width,
        });
      }
      work.onProgress?.(end, count);
    }
  } finally {
    programs.dispose();
  }
  return found.sort((a, b) => b.value - a.value || a.photo - b.photo);
}
