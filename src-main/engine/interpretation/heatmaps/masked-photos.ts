/** Predictions for a photo of which parts are replaced. */
import type * as tfjs from '@tensorflow/tfjs';
import type { ProgramSet } from '../../base/backend.ts';
import { probabilities } from './class-score.ts';
import { type Subject, type Work, pause, toInput } from '../subject.ts';

/** Photos that are predicted at once. */
const batchSize = 14;

/** Asks about masked versions of one photo. */
export interface MaskedPhotos {
  /**
   * The probability of the class for each mask.
   * @param substitute what shows where a mask is 1, `[1, size, size, channels]`, 0–255
   * @param masks one after another, `size · size` numbers each: 1 where the photo is replaced
   */
  ask(substitute: tfjs.Tensor4D, masks: readonly Float32Array[], work: Work): Promise<number[]>;
  dispose(): void;
}

/**
 * Prepares questions about one photo.
 * @param photo `[1, size, size, channels]`, 0–255; must live as long as this
 */
export function maskedPhotos(subject: Subject, photo: tfjs.Tensor4D, wanted: number): MaskedPhotos {
  const { backend, imageSize, channels } = subject;
  const { tf } = backend;
  const program = ([original, substitute, masks]: tfjs.Tensor[]): tfjs.Tensor[] => {
    const pixels = tf.add(tf.mul(original, tf.sub(1, masks)), tf.mul(substitute, masks));
    const predicted = probabilities(tf, subject.network, subject.network.walk(toInput(subject, pixels)));
    return [tf.slice(predicted, [0, wanted], [-1, 1])];
  };
  const shape = { one: [1, imageSize, imageSize, channels], masks: [batchSize, imageSize, imageSize, 1] };
  const info = (of: number[]): tfjs.TensorInfo => ({
    dataId: undefined as never,
    shape: of,
    dtype: 'float32',
  });
  const exampleInputs = [info(shape.one), info(shape.one), info(shape.masks)];
  const programs: ProgramSet<'ask'> = backend.prepare({ ask: { program, exampleInputs } });
  const askBatch = (substitute: tfjs.Tensor4D, masks: readonly Float32Array[]): number[] => {
    const values = new Float32Array(batchSize * imageSize * imageSize);
    masks.forEach((mask, place) => values.set(mask, place * mask.length));
    const tensor = tf.tensor4d(values, shape.masks as [number, number, number, number]);
    const [output] = programs.run('ask', [photo, substitute, tensor]);
    const answers = Array.from(output.dataSync()).slice(0, masks.length);
    tf.dispose([tensor, output]);
    return answers;
  };
  return {
    async ask(substitute, masks, work) {
      const answers: number[] = [];
      for (let start = 0; start < masks.length; start += batchSize) {
        await pause(work);
        answers.push(...askBatch(substitute, masks.slice(start, start + batchSize)));
        work.onProgress?.(answers.length, masks.length);
      }
      return answers;
    },
    dispose: () => programs.dispose(),
  };
}

/** A picture of one grey. The caller disposes of it. @param value 0–255 */
export function greyPhoto({ backend, imageSize, channels }: Subject, value = 128): tfjs.Tensor4D {
  return backend.tf.fill([1, imageSize, imageSize, channels], value);
}
