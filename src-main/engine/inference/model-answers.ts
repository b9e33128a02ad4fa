/** What finished models answer: figures on labelled images, and predictions. */
import type { TilePack } from '../../contract/engine/engine.ts';
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import type { LabelledSlots } from '../step/batches.ts';
import type { ProgramSet } from '../base/backend.ts';
import { type Answered, evaluate } from './evaluation.ts';
import { featureReader, fillFeatures } from '../transfer/feature-cache.ts';
import { trainingBytesPerImage } from '../network/layer-table.ts';
import {
  type FrozenModel,
  type ModelCache,
  type ModelReference,
  type OpenModel,
  evaluationBatchSize,
  requireClassifier,
} from './model-cache.ts';
import type { FrozenNetworks } from '../transfer/frozen-networks.ts';
import { explainMemory } from '../base/out-of-memory.ts';
import { predict } from './prediction.ts';
import type { EnginePlatform } from '../base/platform.ts';
import type { RecordReader, TileReader } from '../../core/files/records.ts';

export class ModelAnswers {
  readonly #platform: EnginePlatform;
  readonly #models: ModelCache;
  readonly #frozen: FrozenNetworks;

  constructor(platform: EnginePlatform, models: ModelCache, frozen: FrozenNetworks) {
    this.#platform = platform;
    this.#models = models;
    this.#frozen = frozen;
  }

  /** Measures a model on labelled images. @throws AppError MODEL_…, BACKEND_OUT_OF_MEMORY, CANCELLED */
  async evaluate(
    reference: ModelReference,
    pack: TilePack,
    data: LabelledSlots,
    onProgress: (done: number) => void,
    signal?: AbortSignal,
  ): Promise<Answered> {
    return this.#models.use(reference.model, reference.preprocessing, async (open) => {
      requireClassifier(open);
      const tiles = await this.#platform.openTiles(pack, false);
      try {
        if (open.frozen !== null)
          return await this.#evaluateFeatures(open, open.frozen, pack, tiles, data, onProgress, signal);
        return await this.#evaluate(open.evaluatePrograms(), open, tiles, data, onProgress, signal);
      } catch (error) {
        throw this.#explain(error, open.description.summary, evaluationBatchSize);
      } finally {
        await tiles.close();
      }
    });
  }

  /** Through the cache: the features of an image are computed once. */
  async #evaluateFeatures(
    open: OpenModel,
    frozen: FrozenModel,
    pack: TilePack,
    tiles: TileReader,
    data: LabelledSlots,
    onProgress: (done: number) => void,
    signal?: AbortSignal,
  ): Promise<Answered> {
    const { openFeatures, yieldToOthers } = this.#platform;
    const { parts, hash, features } = frozen;
    const file = await openFeatures(pack, features, parts.featureShape);
    try {
      const { preprocessing } = open.description;
      const work = {
        backend: this.#platform.backend,
        frozen: this.#frozen,
        parts,
        hash,
        preprocessing,
        tiles,
        yieldToOthers,
        signal,
      };
      const slots = Array.from(data.slots);
      await fillFeatures(work, [{ file, slots, augmentation: null }], (done) => onProgress(done));
      return await this.#evaluate(frozen.evaluatePrograms(), open, file, data, onProgress, signal);
    } finally {
      await file.close();
    }
  }

  #evaluate(
    programs: ProgramSet<'evaluate'>,
    { classifier }: OpenModel,
    reader: RecordReader,
    data: LabelledSlots,
    onProgress: (done: number) => void,
    signal?: AbortSignal,
  ): Promise<Answered> {
    return evaluate({
      backend: this.#platform.backend,
      programs,
      reader,
      data,
      classes: classifier.classes,
      batchSize: evaluationBatchSize,
      yieldToOthers: this.#platform.yieldToOthers,
      signal,
      onProgress,
    });
  }

  /** Probabilities of the images in `slots`, one per class. @throws AppError MODEL_…, CANCELLED */
  async predict(
    reference: ModelReference,
    pack: TilePack,
    slots: readonly number[],
    signal?: AbortSignal,
  ): Promise<number[][]> {
    return this.#models.use(reference.model, reference.preprocessing, async (open) => {
      requireClassifier(open);
      const reader = await this.#platform.openTiles(pack, false);
      try {
        return await this.#predict(open, reader, slots, signal);
      } catch (error) {
        throw this.#explain(error, open.description.summary, 16);
      } finally {
        await reader.close();
      }
    });
  }

  /** A head on a frozen network from features, where these are computed faster so. */
  async #predict(
    open: OpenModel,
    tiles: TileReader,
    slots: readonly number[],
    signal?: AbortSignal,
  ): Promise<number[][]> {
    const { backend, yieldToOthers } = this.#platform;
    const predictFrom = (
      programs: Pick<OpenModel, 'predictPrograms'>,
      reader: RecordReader,
    ): Promise<number[][]> =>
      predict({
        backend,
        programs: (size) => programs.predictPrograms(size),
        reader,
        slots,
        yieldToOthers,
        signal,
      });
    const { frozen, description } = open;
    if (frozen === null) return predictFrom(open, tiles);
    const { parts, hash } = frozen;
    const { preprocessing } = description;
    const { size: imageSize, channels } = tiles;
    return this.#frozen.use({ parts, hash, preprocessing, imageSize, channels }, (compute) =>
      compute === null
        ? predictFrom(open, tiles)
        : predictFrom(frozen, featureReader(compute, tiles, parts.featureShape)),
    );
  }

  #explain(error: unknown, summary: ModelSummary, batchSize: number): unknown {
    return explainMemory(error, batchSize, trainingBytesPerImage(summary), this.#platform.freeBytes());
  }
}
