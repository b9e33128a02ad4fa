/** The models that are explained, with their photos. */
import type * as tfjs from '@tensorflow/tfjs';
import type { TilePack } from '../../contract/engine/engine.ts';
import { tileBytes } from '../../core/files/records.ts';
import { explainMemory } from '../base/out-of-memory.ts';
import type { EnginePlatform } from '../base/platform.ts';
import type { ModelCache, ModelReference, OpenModel } from '../inference/model-cache.ts';
import { Network } from '../network/network.ts';
import { type Subject, type Work, photoTensor } from './subject.ts';

/** One photo. */
export interface ExplainPhotoSlot {
  readonly tiles: TilePack;
  readonly slot: number;
}

/** Cancelling and progress of one request. */
export type ExplainWork = Pick<Work, 'signal' | 'onProgress'>;

export class ExplainedModels {
  readonly platform: EnginePlatform;
  readonly #models: ModelCache;
  readonly #subjects = new WeakMap<OpenModel, Subject>();

  constructor(platform: EnginePlatform, models: ModelCache) {
    this.platform = platform;
    this.#models = models;
  }

  /** Opens a copy of a model whose weights may be changed. The caller disposes of it. @throws AppError MODEL_… */
  openCopy({ model, preprocessing }: ModelReference): ReturnType<ModelCache['openCopy']> {
    return this.#models.openCopy(model, preprocessing);
  }

  /** The work of one request, with the engine's yielding. */
  toWork(work: ExplainWork): Work {
    return { ...work, yieldToOthers: this.platform.yieldToOthers };
  }

  /** A model as it is explained. */
  subjectOf(open: OpenModel): Subject {
    const known = this.#subjects.get(open);
    if (known !== undefined) return known;
    const { imageSize, channels, preprocessing } = open.description;
    const network = new Network(open.model);
    const classes = open.classifies ? open.classifier.classes : 0;
    const subject = { backend: this.platform.backend, network, preprocessing, imageSize, channels, classes };
    this.#subjects.set(open, subject);
    return subject;
  }

  /** Opens a model, or takes it from the cache. @throws AppError MODEL_…, BACKEND_OUT_OF_MEMORY and what the work throws */
  async use<T>(
    { model, preprocessing }: ModelReference,
    work: (subject: Subject, open: OpenModel) => Promise<T>,
  ): Promise<T> {
    const { freeBytes } = this.platform;
    try {
      return await this.#models.use(model, preprocessing, (open) => work(this.subjectOf(open), open));
    } catch (error) {
      throw explainMemory(error, 1, 0, freeBytes());
    }
  }

  /** Reads photos for the time of the work: `[photos, size, size, channels]`. */
  async withPhotos<T>(
    subject: Subject,
    pack: TilePack,
    slots: readonly number[],
    work: (pixels: tfjs.Tensor4D) => Promise<T>,
  ): Promise<T> {
    const reader = await this.platform.openTiles(pack, false);
    const bytes = new Uint8Array(slots.length * tileBytes(reader));
    await reader.read(slots, bytes).finally(() => reader.close());
    const pixels = photoTensor(subject, bytes);
    try {
      return await work(pixels);
    } finally {
      pixels.dispose();
    }
  }
}
