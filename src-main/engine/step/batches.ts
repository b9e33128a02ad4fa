/** Which images make up which batch, and reading them ahead of their step. */
import { permutation, stream } from '../../core/random/random.ts';
import { type RecordReader, recordBytes } from '../../core/files/records.ts';

/** Images of a tile pack with their class indices; equally long. */
export interface LabelledSlots {
  readonly slots: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
}

/** One batch as it is fed: always `batchSize` places, those past `count` empty and of weight 0. */
export interface Batch {
  /** The records' bytes: pixels `[batchSize, size, size, channels]`, or the bytes of float32 features. */
  readonly images: Uint8Array;
  readonly labels: Int32Array;
  readonly weights: Float32Array;
  /** How many places hold an image. */
  readonly count: number;
}

/** The order of a training run: batch k, counted from the beginning of the run, as indices into the images. */
export interface Schedule {
  readonly stepsPerPass: number;
  batch(step: number): Int32Array;
}

/**
 * Shuffled batches without end, as Keras' generators make them: each pass over the data is a new permutation, its
 * last batch may be smaller, and an epoch that ends inside a pass is continued by the next one. Any step can be
 * read, so a resumed run continues with the same batches.
 */
export function shuffledSchedule(images: number, batchSize: number, seed: number): Schedule {
  const stepsPerPass = Math.ceil(images / batchSize);
  let pass = -1;
  let order = new Int32Array(0);
  return {
    stepsPerPass,
    batch(step) {
      const wanted = Math.floor(step / stepsPerPass);
      if (wanted !== pass) {
        order = permutation(images, stream(seed, 'shuffle', wanted)) as Int32Array<ArrayBuffer>;
        pass = wanted;
      }
      const start = (step % stepsPerPass) * batchSize;
      return order.slice(start, Math.min(start + batchSize, images));
    },
  };
}

/** Batches in the given order, once: for validation and testing. */
export function orderedSchedule(images: number, batchSize: number): Schedule {
  return {
    stepsPerPass: Math.ceil(images / batchSize),
    batch(step) {
      const start = step * batchSize;
      return Int32Array.from({ length: Math.min(batchSize, images - start) }, (_, i) => start + i);
    },
  };
}

/** Reads the images of one batch and pads it to `batchSize`. */
export async function readBatch(
  reader: RecordReader,
  data: LabelledSlots,
  indices: Int32Array,
  batchSize: number,
): Promise<Batch> {
  const images = new Uint8Array(batchSize * recordBytes(reader));
  const labels = new Int32Array(batchSize);
  const weights = new Float32Array(batchSize);
  const slots = Array.from(indices, (index, place) => {
    labels[place] = data.labels[index];
    weights[place] = 1;
    return data.slots[index];
  });
  await reader.read(slots, images);
  return { images, labels, weights, count: indices.length };
}

/**
 * Reads ahead: while the caller works on one item, the next is already being read.
 * @param from first index
 * @param to index after the last; `next` must not be called more often than there are items
 */
export function readAhead<T>(
  from: number,
  to: number,
  read: (index: number) => Promise<T>,
): { next(): Promise<T> } {
  const begin = (index: number): Promise<T> => {
    const reading = read(index);
    // Marks failures as handled: they are thrown when their turn comes, or dropped when the caller stops before.
    reading.catch(() => undefined);
    return reading;
  };
  let index = from;
  let ahead: Promise<T> | null = null;
  return {
    async next() {
      const item = await (ahead ?? begin(index));
      index++;
      ahead = index < to ? begin(index) : null;
      return item;
    },
  };
}
