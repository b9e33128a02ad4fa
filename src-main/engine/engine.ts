/** The engine: everything that needs tensors, on whatever backend it is given. The engine process serves it. */
import type * as tfjs from '@tensorflow/tfjs';
import type {
  FeaturesEvent,
  ModelDescription,
  NetworkToSummarise,
  Preprocessing,
  TilePack,
  TrainEvent,
  TrainRequest,
} from '../contract/engine-process.ts';
import { AppError, throwIfCancelled } from '../contract/errors.ts';
import type { LearningRateEvent, ModelSummary } from '../contract/training.ts';
import { findRecipe } from '../recipes/index.ts';
import type { Backend, ProgramSet } from './backend.ts';
import type { LabelledSlots } from './batches.ts';
import { type FeatureFile, fillFeatures } from './feature-cache.ts';
import { type Answered, evaluate } from './evaluation.ts';
import { balanced } from './class-weights.ts';
import { Inside } from './inside.ts';
import { epochFolder, isKeptEpoch } from './kept-epochs.ts';
import { summarise, trainingBytesPerImage } from './layer-table.ts';
import {
  type FrozenModel,
  ModelCache,
  type OpenModel,
  evaluationBatchSize,
  requireClassifier,
} from './model-cache.ts';
import { saveModel } from './model-file.ts';
import { type RatePoint, suggestRate, tryLearningRates } from './learning-rate-finder.ts';
import { computeFeatures } from './image-features.ts';
import { summariseNetwork } from './network-summary.ts';
import { explainMemory } from './out-of-memory.ts';
import { predict } from './prediction.ts';
import { summariseRecipe } from './recipe-summary.ts';
import { type Locate, buildNetwork } from './run-network.ts';
import { planStages } from './run-stages.ts';
import type { Stage } from './stage.ts';
import type { Storage } from './storage.ts';
import type { RecordReader, TileReader } from './tile-reader.ts';
import { TrainControl } from './train-control.ts';
import type { TrainListener } from './train-options.ts';
import { train } from './trainer.ts';

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
  /** Opens features beside a tile pack. */
  readonly openFeatures: (pack: TilePack, name: string, shape: readonly number[]) => Promise<FeatureFile>;
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

/** A training whose learning rate is sought, with its images unpacked. */
export type LearningRateJob = Pick<TrainRequest, 'recipe' | 'classes' | 'settings' | 'backbone' | 'tiles'> & {
  readonly train: LabelledSlots;
};

/** Whose layer table is wanted. */
export type SummaryRequest = Pick<TrainRequest, 'recipe' | 'settings' | 'backbone'> & {
  readonly classes: number;
};

/** A model file with what the user says about it. */
export interface ModelReference {
  readonly model: string;
  readonly preprocessing?: Preprocessing | undefined;
}

/** The work that trains now. */
interface LivingTraining {
  readonly run: string;
  readonly control: TrainControl;
  /** It was cancelled or stopped. */
  readonly isEnding: () => boolean;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>;
}

export class Engine {
  /** Looking inside models. */
  readonly inside: Inside;
  readonly #around: EngineSurroundings;
  readonly #models: ModelCache;
  readonly #locate: Locate;
  /** The run being trained. */
  #living: LivingTraining | null = null;

  constructor(around: EngineSurroundings) {
    this.#around = around;
    this.#locate = (path) => {
      const { folder, name } = around.split(path);
      return { storage: around.storage(folder), name };
    };
    this.#models = new ModelCache({
      backend: around.backend,
      imagenetNames: around.imagenetNames,
      locate: this.#locate,
    });
    this.inside = new Inside({ ...around, models: this.#models });
  }

  get backend(): Backend {
    return this.#around.backend;
  }

  /**
   * The layer table of a recipe, with what trains in its first stage and the counts of each.
   * @throws AppError TRAINING_RECIPE_UNKNOWN, TRAINING_LAYER_UNKNOWN, MODEL_TOO_SMALL_INPUT, BACKBONE_NONE
   */
  async summary(request: SummaryRequest): Promise<ModelSummary> {
    const { classes, settings, backbone } = request;
    const recipe = findRecipe(request.recipe);
    const network = await buildNetwork(
      this.backend.tf,
      { recipe, classes, settings, backbone },
      this.#locate,
    );
    try {
      return summariseRecipe(network, recipe, settings);
    } finally {
      network.model.dispose();
    }
  }

  /** The layer table of a network by itself. @throws AppError BACKBONE_UNKNOWN, MODEL_… */
  networkSummary(network: NetworkToSummarise): Promise<ModelSummary> {
    return summariseNetwork(this.backend.tf, network, this.#locate);
  }

  /** What a model file holds. @throws AppError MODEL_… */
  async describeModel({ model, preprocessing }: ModelReference): Promise<ModelDescription> {
    return this.#models.use(model, preprocessing, (open) => {
      requireClassifier(open);
      return open.description;
    });
  }

  /**
   * Trains a run, telling what happens. One at a time.
   * @throws AppError BACKEND_BUSY, BACKEND_OUT_OF_MEMORY and what `train` of the trainer throws
   */
  async train(request: TrainingJob, tell: (event: TrainEvent) => void, signal?: AbortSignal): Promise<void> {
    await this.#alone(request.run, signal, (control) => this.#train(request, control, tell, signal));
  }

  /**
   * Does work that trains, of which there may be one at a time. One that was cancelled or stopped is waited for: it is
   * about to end. @throws AppError BACKEND_BUSY, CANCELLED and what the work throws
   */
  async #alone(
    run: string,
    signal: AbortSignal | undefined,
    work: (control: TrainControl) => Promise<void>,
  ): Promise<void> {
    while (this.#living !== null) {
      if (!this.#living.isEnding()) throw new AppError('BACKEND_BUSY', { task: 'training' });
      await this.#living.ended;
      throwIfCancelled(signal);
    }
    const control = new TrainControl();
    const isEnding = (): boolean =>
      signal?.aborted === true || control.state === 'stop' || control.state === 'interrupt';
    const working = work(control).finally(() => (this.#living = null));
    const ended = working.catch(() => undefined);
    this.#living = { run, control, isEnding, ended };
    await working;
  }

  async #train(
    request: TrainingJob,
    control: TrainControl,
    tell: (event: TrainEvent) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { backend, storage, openTiles, openFeatures, yieldToOthers, residentBytes, freeBytes } =
      this.#around;
    const { settings, classes, tiles, backbone } = request;
    const recipe = findRecipe(request.recipe);
    const network = await buildNetwork(
      backend.tf,
      { recipe, classes: classes.length, settings, backbone },
      this.#locate,
    );
    const { model, preprocessing } = network;
    const bytesPerImage = trainingBytesPerImage(summarise(model));
    const folder = storage(request.folder);
    const stages = recipe.stages(settings);
    const metadata = {
      classes,
      preprocessing,
      imageSize: settings.imageSize,
      channels: tiles.channels,
      recipe: recipe.id,
      run: request.run,
      backbone: network.transfer && {
        id: network.transfer.id,
        hash: network.transfer.hash,
        frozen: stages.every(({ trains }) => trains === 'head'),
      },
    };
    const reader = await openTiles(tiles, true);
    const isEnding = (): boolean => control.state === 'stop' || control.state === 'interrupt';
    try {
      const outcome = await train({
        run: request.run,
        backend,
        stages: planStages(
          {
            backend,
            network,
            settings,
            tiles: reader,
            train: request.train,
            validation: request.validation,
            openFeatures: (name, shape) => openFeatures(tiles, name, shape),
            yieldToOthers,
            isEnding,
          },
          stages,
        ),
        settings,
        classWeights: settings.classWeights === 'balanced' ? balanced(request.train, classes.length) : null,
        storage: folder,
        saveModel: async (epochs) => {
          await saveModel(backend.tf, folder, 'model', model, { ...metadata, epochs });
          if (!isKeptEpoch(epochs, model.countParams())) return;
          await saveModel(backend.tf, folder, epochFolder(epochs), model, { ...metadata, epochs });
        },
        resume: request.resume,
        control,
        listener: toListener(tell, () => ({ summary: summarise(model), bytesPerImage })),
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

  /** Makes sure that features are in the cache. @throws AppError MODEL_…, CANCELLED, DISK_FULL */
  async computeFeatures(
    {
      path,
      tiles,
      slots,
    }: { readonly path: string; readonly tiles: TilePack; readonly slots: readonly number[] },
    tell: (event: FeaturesEvent) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { backend, openTiles, openFeatures, yieldToOthers } = this.#around;
    const reader = await openTiles(tiles, false);
    try {
      const found = await computeFeatures({
        backend,
        path,
        locate: this.#locate,
        tiles: reader,
        slots,
        openFeatures: (name, shape) => openFeatures(tiles, name, shape),
        yieldToOthers,
        signal,
        onProgress: (done, total) => tell({ type: 'progress', done, total }),
      });
      tell({ type: 'done', name: found.name, shape: [...found.shape] });
    } finally {
      await reader.close();
    }
  }

  /**
   * Tries learning rates on a network that is thrown away afterwards.
   * @throws AppError BACKEND_BUSY while something trains, BACKEND_OUT_OF_MEMORY, CANCELLED, MODEL_…
   */
  async findLearningRate(
    request: LearningRateJob,
    tell: (event: LearningRateEvent) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#alone('learning-rate', signal, () => this.#findLearningRate(request, tell, signal));
  }

  async #findLearningRate(
    request: LearningRateJob,
    tell: (event: LearningRateEvent) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { backend, openTiles, openFeatures, yieldToOthers } = this.#around;
    const { settings, classes, tiles, train, backbone } = request;
    const recipe = findRecipe(request.recipe);
    const reader = await openTiles(tiles, true);
    let model: tfjs.LayersModel | null = null;
    let stage: Stage | null = null;
    try {
      const network = await buildNetwork(
        backend.tf,
        { recipe, classes: classes.length, settings, backbone },
        this.#locate,
      );
      model = network.model;
      const around = {
        backend,
        network,
        settings,
        tiles: reader,
        train,
        validation: null,
        openFeatures: (name: string, shape: readonly number[]) => openFeatures(tiles, name, shape),
        yieldToOthers,
        isEnding: () => false,
      };
      const onProgress = (phase: string, done: number, total: number): void =>
        tell({ type: 'progress', phase, done, total });
      // The last stage: of fine-tuning, the one whose rate matters most.
      const plan = planStages(around, recipe.stages(settings)).at(-1)!;
      stage = await plan.open(onProgress, signal);
      const classWeights = settings.classWeights === 'balanced' ? balanced(train, classes.length) : null;
      const onPoint = (point: RatePoint): void => tell({ type: 'point', ...point });
      const points = await tryLearningRates({
        backend,
        stage,
        settings,
        classWeights,
        yieldToOthers,
        signal,
        onPoint,
      });
      tell({ type: 'done', suggestion: suggestRate(points) });
    } catch (error) {
      const bytes = model === null ? 0 : trainingBytesPerImage(summarise(model));
      throw explainMemory(error, settings.batchSize, bytes, this.#around.freeBytes());
    } finally {
      await stage?.close();
      model?.dispose();
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
  ): Promise<Answered> {
    return this.#models.use(reference.model, reference.preprocessing, async (open) => {
      requireClassifier(open);
      const tiles = await this.#around.openTiles(pack, false);
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

  /** Through the cache: what the frozen network says of an image is computed once. */
  async #evaluateFeatures(
    open: OpenModel,
    frozen: FrozenModel,
    pack: TilePack,
    tiles: TileReader,
    data: LabelledSlots,
    onProgress: (done: number) => void,
    signal?: AbortSignal,
  ): Promise<Answered> {
    const { openFeatures, yieldToOthers } = this.#around;
    const { parts, features } = frozen;
    const file = await openFeatures(pack, features, parts.featureShape);
    try {
      const { preprocessing } = open.description;
      const work = { backend: this.backend, parts, preprocessing, tiles, yieldToOthers, signal };
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
      backend: this.backend,
      programs,
      reader,
      data,
      classes: classifier.classes,
      batchSize: evaluationBatchSize,
      yieldToOthers: this.#around.yieldToOthers,
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
    });
  }

  #explain(error: unknown, summary: ModelSummary, batchSize: number): unknown {
    return explainMemory(error, batchSize, trainingBytesPerImage(summary), this.#around.freeBytes());
  }
}

/** Milliseconds between two progress messages: five a second are as many as one can see. */
const progressInterval = 200;

function toListener(
  tell: (event: TrainEvent) => void,
  about: () => Pick<Extract<TrainEvent, { type: 'stage' }>, 'summary' | 'bytesPerImage'>,
): TrainListener {
  let last = -Infinity;
  return {
    stage: ({ history, ...stage }) => tell({ type: 'stage', ...stage, history: [...history], ...about() }),
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
