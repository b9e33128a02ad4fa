/** The engine: everything that needs tensors, on whatever backend it is given. The engine process serves it. */
import type {
  Measurement,
  ModelDescription,
  Preprocessing,
  TilePack,
  TrainEvent,
  TrainRequest,
} from '../contract/engine-process.ts';
import { AppError } from '../contract/errors.ts';
import type { ModelSummary } from '../contract/training.ts';
import { findRecipe } from '../recipes/index.ts';
import type { Backend } from './backend.ts';
import type { LabelledSlots } from './batches.ts';
import { toClassifier } from './classifier.ts';
import { evaluate } from './evaluation.ts';
import { summarise, trainingBytesPerImage } from './layer-table.ts';
import { ModelCache, evaluationBatchSize } from './model-cache.ts';
import { saveModel } from './model-file.ts';
import { explainMemory } from './out-of-memory.ts';
import { predict } from './prediction.ts';
import type { Storage } from './storage.ts';
import type { TileReader } from './tile-reader.ts';
import { TrainControl } from './train-control.ts';
import { type TrainListener, train } from './trainer.ts';

/** A tile reader that has to be closed. */
export interface OpenTileReader extends TileReader {
  close(): Promise<void>;
}

/** What the engine needs from the platform it runs on. */
export interface EngineSurroundings {
  readonly backend: Backend;
  /** A folder as storage. */
  readonly storage: (folder: string) => Storage;
  /** The folder of a file, and the file's name in it. */
  readonly split: (path: string) => { folder: string; name: string };
  /** Opens a tile pack; `often` when the same tiles will be read again and again. */
  readonly openTiles: (pack: TilePack, often: boolean) => Promise<OpenTileReader>;
  readonly imagenetNames: readonly string[];
  /** Resolves after waiting messages have been handled. */
  readonly yieldToOthers: () => Promise<void>;
  readonly residentBytes: () => number;
  /** Memory that could still be had; null when unknown. */
  readonly freeBytes: () => number | null;
}

/** A run to train, with its images unpacked. */
export type TrainingJob = Omit<TrainRequest, 'train' | 'validation'> & {
  readonly train: LabelledSlots;
  readonly validation: LabelledSlots | null;
};

/** A model file with what the user says about it. */
export interface ModelReference {
  readonly model: string;
  readonly preprocessing?: Preprocessing | undefined;
}

export class Engine {
  readonly #around: EngineSurroundings;
  readonly #models: ModelCache;
  /** The run being trained. */
  #living: { run: string; control: TrainControl } | null = null;

  constructor(around: EngineSurroundings) {
    this.#around = around;
    this.#models = new ModelCache({
      backend: around.backend,
      imagenetNames: around.imagenetNames,
      locate: (path) => {
        const { folder, name } = around.split(path);
        return { storage: around.storage(folder), name };
      },
    });
  }

  get backend(): Backend {
    return this.#around.backend;
  }

  /** The layer table of a recipe. @throws AppError TRAINING_RECIPE_UNKNOWN, MODEL_TOO_SMALL_INPUT */
  summary(recipeId: string, classes: number, imageSize: number): ModelSummary {
    const recipe = findRecipe(recipeId);
    const { channels } = recipe.defaults;
    const model = recipe.build(this.backend.tf, {
      inputShape: [imageSize, imageSize, channels],
      classes,
      seed: 0,
    });
    const summary = summarise(model);
    model.dispose();
    return summary;
  }

  /** What a model file holds. @throws AppError MODEL_… */
  async describeModel({ model, preprocessing }: ModelReference): Promise<ModelDescription> {
    return (await this.#models.open(model, preprocessing)).description;
  }

  /**
   * Trains a run, telling what happens. One at a time.
   * @throws AppError BACKEND_BUSY, BACKEND_OUT_OF_MEMORY and what `train` of the trainer throws
   */
  async train(request: TrainingJob, tell: (event: TrainEvent) => void, signal?: AbortSignal): Promise<void> {
    if (this.#living !== null) throw new AppError('BACKEND_BUSY', { task: 'training' });
    const control = new TrainControl();
    this.#living = { run: request.run, control };
    try {
      await this.#train(request, control, tell, signal);
    } finally {
      this.#living = null;
    }
  }

  async #train(
    request: TrainingJob,
    control: TrainControl,
    tell: (event: TrainEvent) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { backend, storage, openTiles, yieldToOthers, residentBytes, freeBytes } = this.#around;
    const { settings, classes, tiles } = request;
    const recipe = findRecipe(request.recipe);
    const { preprocessing, optimizer } = recipe;
    const { imageSize, seed } = settings;
    const inputShape = [imageSize, imageSize, tiles.channels] as const;
    const model = recipe.build(backend.tf, { inputShape, classes: classes.length, seed });
    const summary = summarise(model);
    const bytesPerImage = trainingBytesPerImage(summary);
    const folder = storage(request.folder);
    const metadata = {
      classes,
      preprocessing,
      imageSize,
      channels: tiles.channels,
      recipe: recipe.id,
      run: request.run,
    };
    const reader = await openTiles(tiles, true);
    try {
      const outcome = await train({
        run: request.run,
        backend,
        classifier: toClassifier(backend.tf, model),
        preprocessing,
        optimizer,
        settings,
        reader,
        train: request.train,
        validation: request.validation,
        storage: folder,
        saveModel: (epochs) => saveModel(backend.tf, folder, 'model', model, { ...metadata, epochs }),
        resume: request.resume,
        control,
        listener: toListener(tell, { summary, bytesPerImage }),
        yieldToOthers,
        residentBytes,
        signal,
      });
      tell({ type: 'done', ...outcome });
    } catch (error) {
      throw explainMemory(error, settings.batchSize, bytesPerImage, freeBytes());
    } finally {
      model.dispose();
      await reader.close();
    }
  }

  /** The handle of the run that is training. @throws AppError TRAINING_NOT_RUNNING */
  control(run: string): TrainControl {
    if (this.#living?.run === run) return this.#living.control;
    throw new AppError('TRAINING_NOT_RUNNING', { id: run });
  }

  /** Measures a model on labelled images. @throws AppError MODEL_…, BACKEND_OUT_OF_MEMORY, CANCELLED */
  async evaluate(
    reference: ModelReference,
    pack: TilePack,
    data: LabelledSlots,
    onProgress: (done: number) => void,
    signal?: AbortSignal,
  ): Promise<Measurement> {
    const open = await this.#models.open(reference.model, reference.preprocessing);
    const reader = await this.#around.openTiles(pack, false);
    try {
      return await evaluate({
        backend: this.backend,
        programs: open.evaluatePrograms(),
        reader,
        data,
        classes: open.classifier.classes,
        imageShape: open.imageShape,
        batchSize: evaluationBatchSize,
        yieldToOthers: this.#around.yieldToOthers,
        signal,
        onProgress,
      });
    } catch (error) {
      throw this.#explain(error, open.description.summary, evaluationBatchSize);
    } finally {
      await reader.close();
    }
  }

  /** Probabilities of the images in `slots`, one per class. @throws AppError MODEL_…, CANCELLED */
  async predict(
    reference: ModelReference,
    pack: TilePack,
    slots: readonly number[],
    signal?: AbortSignal,
  ): Promise<number[][]> {
    const open = await this.#models.open(reference.model, reference.preprocessing);
    const reader = await this.#around.openTiles(pack, false);
    try {
      return await predict({
        backend: this.backend,
        programs: (size) => open.predictPrograms(size),
        reader,
        slots,
        imageShape: open.imageShape,
        yieldToOthers: this.#around.yieldToOthers,
        signal,
      });
    } catch (error) {
      throw this.#explain(error, open.description.summary, 16);
    } finally {
      await reader.close();
    }
  }

  #explain(error: unknown, summary: ModelSummary, batchSize: number): unknown {
    return explainMemory(error, batchSize, trainingBytesPerImage(summary), this.#around.freeBytes());
  }
}

/** Milliseconds between two progress messages: five a second are as many as one can see. */
const progressInterval = 200;

function toListener(
  tell: (event: TrainEvent) => void,
  about: Pick<Extract<TrainEvent, { type: 'started' }>, 'summary' | 'bytesPerImage'>,
): TrainListener {
  let last = -Infinity;
  return {
    started: ({ mode, whyEager, history }) =>
      tell({ type: 'started', mode, whyEager, history: [...history], ...about }),
    progress: (progress) => {
      if (performance.now() - last < progressInterval) return;
      last = performance.now();
      tell({ type: 'progress', progress });
    },
    paused: () => tell({ type: 'paused' }),
    resumed: () => tell({ type: 'resumed' }),
    epoch: (epoch, memory, seconds) => tell({ type: 'epoch', epoch, memory, seconds }),
    checkpoint: (epoch, step) => tell({ type: 'checkpoint', epoch, step }),
  };
}
