/** What finished models answer: figures on labelled images, and predictions. */
import type { TilePack } from '../../contract/engine/engine.ts';
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import type { Calibration, Judgement } from '../../contract/shared/calibration.ts';
import type { ModelFiles } from '../models/model-files.ts';
import { modelMark, writeCalibration } from './calibration-file.ts';
import { fitCalibration } from './fit-calibration.ts';
import { judge } from './open-calibration.ts';
import type { LabelledSlots } from '../step/batches.ts';
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
import { type PredictionOptions, predictEach } from './prediction.ts';
import type { EnginePlatform } from '../base/platform.ts';
import type { RecordReader, TileReader } from '../../core/files/records.ts';

/** What a model says of a photo. */
export interface PredictedPhoto {
  /** One per class. */
  readonly probabilities: number[];
  /** Null for a model that nothing was fitted for. */
  readonly judgement: Judgement | null;
}

/** What a calibration is fitted with. */
export interface CalibrationTask {
  readonly model: string;
  readonly tiles: TilePack;
  /** Training photos that distances are measured to. */
  readonly train: readonly number[];
  readonly validation: LabelledSlots;
  /** Share of right answers to be kept, and of sets that are to hold the true class. */
  readonly keep: number;
}

export class ModelAnswers {
  readonly #platform: EnginePlatform;
  readonly #models: ModelCache;
  readonly #frozen: FrozenNetworks;
  readonly #files: ModelFiles;

  constructor(platform: EnginePlatform, models: ModelCache, frozen: FrozenNetworks, files: ModelFiles) {
    this.#platform = platform;
    this.#models = models;
    this.#frozen = frozen;
    this.#files = files;
  }

  /** Measures a model on labelled images. @throws AppError MODEL_…, BACKEND_OUT_OF_MEMORY, CANCELLED */
  async evaluate(
    reference: ModelReference,
    pack: TilePack,
    data: LabelledSlots,
    onProgress: (done: number) => void,
    signal?: AbortSignal,
    onScores?: (scores: Float32Array) => void,
  ): Promise<Answered & { readonly temperature: number | null }> {
    return this.#models.use(reference.model, reference.preprocessing, async (open) => {
      requireClassifier(open);
      const temperature = open.calibrated?.calibration.temperature ?? null;
      return this.#withRecords(open, pack, Array.from(data.slots), { onProgress, signal }, async (from) => {
        const answered = await evaluate({
          backend: this.#platform.backend,
          programs: from.source.evaluatePrograms(),
          reader: from.reader,
          data,
          classes: open.classifier.classes,
          batchSize: evaluationBatchSize,
          yieldToOthers: this.#platform.yieldToOthers,
          signal,
          onProgress,
          onScores,
        });
        return { ...answered, temperature };
      });
    });
  }

  /**
   * Fits temperature, limits and sets to validation photos, and writes them beside the model.
   * @throws AppError MODEL_…, BACKEND_OUT_OF_MEMORY, DISK_FULL, CANCELLED
   */
  async calibrate(
    { model, tiles, train, validation, keep }: CalibrationTask,
    onProgress: (done: number, total: number) => void,
    signal?: AbortSignal,
  ): Promise<Calibration> {
    const { storage, name } = this.#files.at(model);
    const file = await storage.read(name);
    const fitted = await this.#models.use(model, undefined, async (open) => {
      requireClassifier(open);
      const total = train.length + validation.slots.length;
      const slots = [...train, ...Array.from(validation.slots)];
      return this.#withRecords(
        open,
        tiles,
        slots,
        { onProgress: (done) => onProgress(done, total), signal },
        (from) =>
          fitCalibration({
            open,
            train,
            validation,
            keep,
            onProgress: (done) => onProgress(done, total),
            predict: (wanted) =>
              predictEach({
                backend: this.#platform.backend,
                programs: (size) => from.source.predictPrograms(size),
                reader: from.reader,
                slots: wanted,
                yieldToOthers: this.#platform.yieldToOthers,
                signal,
              }),
          }),
      );
    });
    const { calibration, reference } = fitted;
    return writeCalibration(storage, { ...calibration, model: modelMark(file!) }, reference);
  }

  /** Opens what a model reads: tiles, or of a head on a frozen network features, which are computed once. */
  async #withRecords<T>(
    open: OpenModel,
    pack: TilePack,
    slots: number[],
    { onProgress, signal }: { onProgress: (done: number) => void; signal?: AbortSignal | undefined },
    work: (from: { source: OpenModel | FrozenModel; reader: RecordReader }) => Promise<T>,
  ): Promise<T> {
    const { openFeatures, openTiles, yieldToOthers, backend } = this.#platform;
    const tiles = await openTiles(pack, false);
    try {
      if (open.frozen === null) return await work({ source: open, reader: tiles });
      const { parts, hash, features } = open.frozen;
      const file = await openFeatures(pack, features, parts.featureShape);
      try {
        const { preprocessing } = open.description;
        const about = {
          backend,
          frozen: this.#frozen,
          parts,
          hash,
          preprocessing,
          tiles,
          yieldToOthers,
          signal,
        };
        await fillFeatures(about, [{ file, slots, augmentation: null }], (done) => onProgress(done));
        return await work({ source: open.frozen, reader: file });
      } finally {
        await file.close();
      }
    } catch (error) {
      throw this.#explain(error, open.description.summary, evaluationBatchSize);
    } finally {
      await tiles.close();
    }
  }

  /** What a model says of the images in `slots`. @throws AppError MODEL_…, CANCELLED */
  async predict(
    reference: ModelReference,
    pack: TilePack,
    slots: readonly number[],
    signal?: AbortSignal,
  ): Promise<PredictedPhoto[]> {
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
  ): Promise<PredictedPhoto[]> {
    const { backend, yieldToOthers } = this.#platform;
    const { frozen, description, calibrated } = open;
    const predictFrom = async (
      source: Pick<OpenModel, 'predictPrograms'>,
      reader: RecordReader,
    ): Promise<PredictedPhoto[]> => {
      const programs: PredictionOptions['programs'] = (size) => source.predictPrograms(size);
      const photos: PredictedPhoto[] = [];
      for await (const found of predictEach({ backend, programs, reader, slots, yieldToOthers, signal })) {
        const { probabilities, features } = found;
        const judgement = calibrated === null ? null : judge(calibrated, probabilities, features);
        photos.push({ probabilities, judgement });
      }
      return photos;
    };
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
