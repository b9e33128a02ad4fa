/**
 * Filter patterns: pictures that excite one filter most, found by gradient ascent from grey noise.
 * @see Chollet: Deep Learning with Python, section 5.4.2
 */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../../contract/shared/errors.ts';
import type { PatternSettings } from '../../../contract/app/explain/patterns.ts';
import { stream } from '../../../core/random/random.ts';
import type { ProgramSet, Tf } from '../../base/backend.ts';
import type { Network, NetworkLayer, Shape } from '../../network/network.ts';
import { greyNoise, toPicture } from './pattern-canvas.ts';
import { patternStep } from './pattern-step.ts';
import { type Subject, type Work, pause, readAll } from '../subject.ts';

/** Patterns of some filters. */
export interface FilterPatterns {
  /** One picture after another, `size · size · channels` bytes each, RGB or grey. */
  readonly pictures: Uint8Array;
  /** Mean activation of each filter in the last step. */
  readonly activations: number[];
  /** Filters whose gradient was 0 in every step. */
  readonly silent: number[];
}

/** Numbers of layer outputs that one batch may keep for its gradient, about: 128 MB. */
const valuesAtOnce = 32e6;
const maxConcurrent = 64;
/** The largest canvas that is thought of. */
const largestSide = 1024;
/** How much larger each octave is than the one before. */
const octave = 1.4;

/** Everything about one job. */
interface Job {
  readonly subject: Subject;
  readonly layer: NetworkLayer;
  readonly settings: PatternSettings;
  readonly programs: ProgramSet<'step'>;
  readonly work: Work;
  readonly report: () => void;
}

/** Sides of the octaves, the last one the requested size. */
export function octaveSizes({ size, octaves }: PatternSettings): number[] {
  return Array.from({ length: octaves }, (_, i) =>
    Math.max(8, Math.round(size / octave ** (octaves - 1 - i))),
  );
}

/**
 * Makes the patterns of filters of a layer, many in one batch.
 * @throws AppError MODEL_TOO_SMALL_INPUT, MODEL_LAYER_UNSUITABLE, CANCELLED
 */
export async function filterPatterns(
  subject: Subject,
  layer: NetworkLayer,
  filters: readonly number[],
  settings: PatternSettings,
  work: Work,
): Promise<FilterPatterns> {
  const sizes = octaveSizes(settings);
  const valuesAt = requireSize(subject, layer, sizes[0]);
  const atOnce = Math.max(1, Math.min(maxConcurrent, Math.floor(valuesAtOnce / valuesAt(sizes.at(-1)!))));
  const chunk = Math.ceil(filters.length / Math.ceil(filters.length / atOnce));
  const programs = prepare(subject, layer, settings, Math.min(chunk, filters.length), sizes[0]);
  const total = Math.ceil(filters.length / chunk) * sizes.length * settings.steps;
  let done = 0;
  const report = (): void => work.onProgress?.(++done, total);
  const made: FilterPatterns[] = [];
  try {
    for (let start = 0; start < filters.length; start += chunk) {
      const job: Job = { subject, layer, settings, programs, work, report };
      made.push(await ascend(job, filters.slice(start, start + chunk), sizes));
    }
  } finally {
    programs.dispose();
  }
  return joined(made);
}

function joined(parts: readonly FilterPatterns[]): FilterPatterns {
  const pictures = new Uint8Array(parts.reduce((sum, part) => sum + part.pictures.length, 0));
  let offset = 0;
  for (const part of parts) {
    pictures.set(part.pictures, offset);
    offset += part.pictures.length;
  }
  return {
    pictures,
    activations: parts.flatMap((part) => part.activations),
    silent: parts.flatMap((part) => part.silent),
  };
}

function prepare(
  subject: Subject,
  layer: NetworkLayer,
  settings: PatternSettings,
  batch: number,
  size: number,
): ProgramSet<'step'> {
  const { backend, channels } = subject;
  const info = (shape: number[], dtype: 'float32' | 'int32' = 'float32'): tfjs.TensorInfo => ({
    dataId: undefined as never,
    shape,
    dtype,
  });
  const depth = layer.outputShape.at(-1)!;
  const shapes = [info([batch, size, size, channels]), info([batch, depth]), info([])];
  const jitter = settings.jitter > 0;
  const exampleInputs = jitter ? [...shapes, info([size], 'int32'), info([size], 'int32')] : shapes;
  const program = patternStep(subject, layer, { jitter, blur: settings.blur });
  return backend.prepare({ step: { program, exampleInputs } });
}

/** One batch from noise to pictures. */
async function ascend(
  job: Job,
  filters: readonly number[],
  sizes: readonly number[],
): Promise<FilterPatterns> {
  const { subject, layer, settings } = job;
  const { tf } = subject.backend;
  let canvas = noise(subject, filters, sizes[0], settings.seed);
  const chosen = oneHot(tf, filters, layer.outputShape.at(-1)!);
  const stepSize = tf.scalar(settings.stepSize);
  let activations: number[] = [];
  const largest = new Float32Array(filters.length);
  try {
    for (const size of sizes) {
      if (size !== canvas.shape[1]) canvas = replaced(canvas, resized(tf, canvas, size));
      for (let step = 0; step < settings.steps; step++) {
        await pause(job.work);
        const shifts = shiftTensors(tf, settings, size, step);
        const [next, means, gradients] = job.programs.run('step', [canvas, chosen, stepSize, ...shifts]);
        tf.dispose(shifts);
        canvas = replaced(canvas, next as tfjs.Tensor4D);
        const [excitations, found] = readAll([means, gradients]);
        activations = Array.from(excitations);
        found.forEach((value, place) => (largest[place] = Math.max(largest[place], value)));
        job.report();
      }
    }
    const silent = filters.filter((_, place) => largest[place] === 0);
    return { pictures: pictures(subject, canvas), activations, silent };
  } finally {
    tf.dispose([canvas, chosen, stepSize]);
  }
}

function replaced(old: tfjs.Tensor4D, next: tfjs.Tensor4D): tfjs.Tensor4D {
  old.dispose();
  return next;
}

function resized(tf: Tf, canvas: tfjs.Tensor4D, size: number): tfjs.Tensor4D {
  return tf.image.resizeBilinear(canvas, [size, size], false, true);
}

function noise(subject: Subject, filters: readonly number[], size: number, seed: number): tfjs.Tensor4D {
  const length = size * size * subject.channels;
  const values = new Float32Array(filters.length * length);
  filters.forEach((filter, place) => values.set(greyNoise(seed, filter, length), place * length));
  return subject.backend.tf.tensor4d(values, [filters.length, size, size, subject.channels]);
}

function oneHot(tf: Tf, filters: readonly number[], depth: number): tfjs.Tensor2D {
  const values = new Float32Array(filters.length * depth);
  filters.forEach((filter, place) => (values[place * depth + filter] = 1));
  return tf.tensor2d(values, [filters.length, depth]);
}

/** Rows and columns for one step's jitter; none without. */
function shiftTensors(tf: Tf, { jitter, seed }: PatternSettings, size: number, step: number): tfjs.Tensor[] {
  if (jitter === 0) return [];
  const random = stream(seed, 'jitter', size, step);
  return [0, 1].map(() => {
    const shift = random.integer(2 * jitter + 1) - jitter;
    return tf.tensor1d(
      Int32Array.from({ length: size }, (_, i) => (((i + shift) % size) + size) % size),
      'int32',
    );
  });
}

function pictures({ preprocessing, channels }: Subject, canvas: tfjs.Tensor4D): Uint8Array {
  const values = canvas.dataSync<'float32'>();
  const length = values.length / canvas.shape[0];
  const made = new Uint8Array(values.length);
  for (let start = 0; start < values.length; start += length) {
    const backwards = preprocessing === 'imagenet' && channels === 3;
    made.set(toPicture(values.subarray(start, start + length), channels, backwards), start);
  }
  return made;
}

/**
 * Checks that a canvas is large enough for a layer to have something left of it.
 * @returns numbers of all layer outputs up to the layer, for one canvas of a given side
 * @throws AppError MODEL_TOO_SMALL_INPUT with the least side that works
 */
function requireSize(
  { network, channels }: Subject,
  layer: NetworkLayer,
  size: number,
): (size: number) => number {
  const values = (side: number): number | null => outputValues(network, layer, [1, side, side, channels]);
  const here = values(size);
  if (here !== null) return (side) => here * (side / size) ** 2;
  let minimum = size + 1;
  while (minimum < largestSide && values(minimum) === null) minimum++;
  throw new AppError('MODEL_TOO_SMALL_INPUT', { size, layer: layer.name, minimum });
}

/** How many numbers the layers up to one give; null when an image is too small. */
function outputValues(network: Network, layer: NetworkLayer, input: Shape): number | null {
  const shapes = new Map<NetworkLayer, Shape>();
  let values = 0;
  for (const one of network.upTo(layer)) {
    const inputs = one.inputs.length === 0 ? [input] : one.inputs.map((from) => shapes.get(from)!);
    const shape = outputShape(one, inputs);
    if (shape === null) return null;
    shapes.set(one, shape);
    values += shape.reduce<number>((product, side) => product * (side ?? 1), 1);
  }
  return values;
}

/** Null when nothing is left, or layers do not fit together at this size. */
function outputShape({ layer }: NetworkLayer, inputs: Shape[]): Shape | null {
  try {
    const shape = layer.computeOutputShape(inputs.length === 1 ? inputs[0] : inputs) as Shape;
    return shape.some((side) => side !== null && !(side > 0)) ? null : shape;
  } catch {
    return null;
  }
}
