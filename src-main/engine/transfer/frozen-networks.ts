/**
 * The frozen part of a network on the fastest engine there is: in ONNX Runtime where that is here, proven and kept from
 * one use to the next. Where it is not, callers run the network on the backend as any other.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../contract/shared/errors.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import type { Backend, Tf } from '../base/backend.ts';
import { largestDifferenceOf } from '../base/difference.ts';
import type { FrozenEngine } from '../base/platform.ts';
import type { ModelRuntime, ModelSession } from '../base/model-runtime.ts';
import { onnxInput, onnxOutput, writeOnnx } from '../onnx/write-onnx.ts';
import { preprocess } from '../step/preprocessing.ts';
import { type TransferParts, featuresOf } from './transfer.ts';

/** A frozen network, and what it is fed. */
export interface FrozenPart {
  readonly parts: TransferParts;
  /** Of the backbone's network and weights. */
  readonly hash: string;
  readonly preprocessing: Preprocessing;
  readonly imageSize: number;
  readonly channels: 1 | 3;
}

/**
 * Computes the features of `count` images.
 * @param pixels bytes 0–255, as many as the images have
 * @returns float32, one image after another
 */
export type ComputeFeatures = (pixels: Uint8Array, count: number) => Promise<Float32Array>;

/** Largest difference from the backend that still counts as rounding, as a share of the largest feature. */
const tolerance = 1e-3;

/** A network that nothing was asked of for so long is closed. */
const idleMilliseconds = 60_000;

interface Entry {
  readonly opening: Promise<ModelSession | null>;
  users: number;
}

export class FrozenNetworks {
  readonly #backend: Backend;
  readonly #load: () => Promise<ModelRuntime>;
  readonly #wanted: FrozenEngine;
  readonly #isFaster: boolean;
  /** The one in use or used last, by what makes it another. */
  readonly #entries = new Map<string, Entry>();
  #idle: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param load rejects where there is no such runtime
   * @param wanted what the user wants; left out, the faster one is used
   */
  constructor(backend: Backend, load: () => Promise<ModelRuntime>, wanted: FrozenEngine = 'auto') {
    this.#backend = backend;
    this.#load = load;
    // A GPU, and a processor that computes convolutions in bfloat16, are faster by themselves.
    const isFaster = backend.device === 'cpu' && backend.precision === 'float32';
    this.#wanted = wanted;
    this.#isFaster = wanted === 'auto' ? isFaster : wanted === 'onnxruntime';
  }

  /** For people: what frozen networks are computed with, or why not with what is faster on most machines. */
  async describe(): Promise<string> {
    if (this.#wanted === 'tensorflow') return 'the engine itself, as asked for';
    if (!this.#isFaster) return 'the engine itself, which is faster here';
    try {
      return (await this.#load()).label;
    } catch (error) {
      const { cause = error } = error as { cause?: unknown };
      const reason = cause instanceof Error ? cause.message : String(cause);
      return `the engine itself: ${reason.split('\n')[0]}`;
    }
  }

  /**
   * Works with a frozen network.
   * @param work gets null where the network has to be run on the backend
   * @throws AppError ENGINE_ONNX_RUNTIME_UNFIT where ONNX Runtime is wanted and cannot compute it
   */
  async use<T>(part: FrozenPart, work: (compute: ComputeFeatures | null) => Promise<T>): Promise<T> {
    if (!this.#isFaster) return work(null);
    const key = keyOf(part);
    const entry = this.#entries.get(key) ?? this.#open(key, part);
    entry.users++;
    try {
      const session = await entry.opening;
      return await work(session && computeWith(session, part));
    } finally {
      entry.users--;
      this.#closeWhenIdle();
      await this.#closeUnused(key);
    }
  }

  #open(key: string, part: FrozenPart): Entry {
    const entry: Entry = { opening: this.#openProven(part), users: 0 };
    this.#entries.set(key, entry);
    return entry;
  }

  /** Closes what nobody uses, except the network that was used last: each takes a few hundred megabytes. */
  async #closeUnused(last: string | null): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (key === last || entry.users > 0) continue;
      this.#entries.delete(key);
      await (await entry.opening)?.close();
    }
  }

  /** Closes the last one too when nothing was asked of it for a while. */
  #closeWhenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#closeUnused(null), idleMilliseconds);
    // A process that has nothing else to do need not wait for it.
    (this.#idle as { unref?: () => void }).unref?.();
  }

  /**
   * Null for a network that ONNX cannot say, that the runtime cannot run or that it computes otherwise.
   * @throws AppError ENGINE_ONNX_RUNTIME_UNFIT instead, where it is wanted
   */
  async #openProven(part: FrozenPart): Promise<ModelSession | null> {
    let session: ModelSession | null = null;
    let reason = 'it computes other features than the engine';
    try {
      session = await (await this.#load()).open(writeFrozen(this.#backend.tf, part));
      if (await this.#agrees(part, session)) return session;
    } catch (error) {
      // The backend can run it, and says what is wrong with it if it cannot.
      reason = error instanceof Error ? error.message : String(error);
    }
    await session?.close();
    if (this.#wanted === 'onnxruntime') throw new AppError('ENGINE_ONNX_RUNTIME_UNFIT', { reason });
    return null;
  }

  /** Whether both engines see the same in a drawn picture. */
  async #agrees(part: FrozenPart, session: ModelSession): Promise<boolean> {
    const { tf } = this.#backend;
    const { parts, preprocessing, imageSize, channels } = part;
    const pixels = drawnPicture(imageSize, channels);
    const found = await computeWith(session, part)(pixels, 1);
    const expected = tf.tidy(() => {
      const shape: [number, number, number, number] = [1, imageSize, imageSize, channels];
      const image = tf.tensor4d(new Int32Array(pixels), shape, 'int32');
      return featuresOf(parts, preprocess(tf, image, preprocessing)).dataSync<'float32'>();
    });
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return largestDifferenceOf(found, expected) <= tolerance * largest;
  }
}

function keyOf({ parts, hash, preprocessing, imageSize, channels }: FrozenPart): string {
  const pooling = parts.pooling === null ? 'flatten' : 'average';
  return [hash, preprocessing, pooling, imageSize, channels].join('/');
}

function computeWith(session: ModelSession, { imageSize, channels }: FrozenPart): ComputeFeatures {
  const bytes = imageSize * imageSize * channels;
  return async (pixels, count) => {
    const shape = [count, imageSize, imageSize, channels];
    const [features] = await session.run(onnxInput, shape, pixels.subarray(0, count * bytes), [onnxOutput]);
    return features.values;
  };
}

/**
 * The frozen part of a network as an ONNX file: from pixels 0–255 to its features.
 * @throws AppError EXPORT_LAYER_UNSUPPORTED
 */
export function writeFrozen(
  tf: Tf,
  { parts, preprocessing, imageSize, channels }: Omit<FrozenPart, 'hash'>,
): Uint8Array {
  const { backbone, pooling } = parts;
  const output = backbone.outputs[0];
  // A layer of its own: the network's would have two outputs from then on.
  const average = pooling && tf.layers.globalAveragePooling2d({ name: 'average' });
  const pooled = average === null ? output : (average.apply(output) as tfjs.SymbolicTensor);
  const model = tf.model({ inputs: backbone.inputs, outputs: pooled });
  const about = { producer: ['Lenslet', ''], description: '', metadata: {} } as const;
  return writeOnnx(model, { preprocessing, imageSize, channels, ending: 'as-it-is', about }).bytes;
}

/** Gradients, an edge and a texture: something for filters to see. */
function drawnPicture(size: number, channels: number): Uint8Array {
  return Uint8Array.from({ length: size * size * channels }, (_, at) => {
    const channel = at % channels;
    const x = Math.floor(at / channels) % size;
    const y = Math.floor(at / channels / size);
    const texture = ((x * 31 + y * 17 + channel * 7) % 23) * 4;
    return Math.round((x * 140) / size + (y > size / 2 ? 20 : 0) + texture * (channel + 1) * 0.3);
  });
}
