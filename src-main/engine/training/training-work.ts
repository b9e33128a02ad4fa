/** Whatever trains: runs, and the search for a learning rate. One at a time, as each wants the whole machine. */
import type { ModelFiles } from '../models/model-files.ts';
import type { Recipe } from '../network/recipe.ts';
import type { KnownBackbones } from '../network/backbone.ts';
import type { Augmentation } from '../augmentation/augmentation.ts';
import type * as tfjs from '@tensorflow/tfjs';
import type { TrainEvent, TrainRequest } from '../../contract/engine/engine.ts';
import { AppError, throwIfCancelled } from '../../contract/shared/errors.ts';
import type { LearningRateEvent } from '../../contract/app/training.ts';
import type { LabelledSlots } from '../step/batches.ts';
import { balanced } from '../step/class-weights.ts';
import { epochFolder, isKeptEpoch } from './kept-epochs.ts';
import { summarise, trainingBytesPerImage } from '../network/layer-table.ts';
import { type RatePoint, suggestRate, tryLearningRates } from './learning-rate-finder.ts';
import { saveModel } from '../models/model-file.ts';
import { explainMemory } from '../base/out-of-memory.ts';
import { buildNetwork } from '../transfer/run-network.ts';
import { planStages } from './run-stages.ts';
import type { Stage } from './stage.ts';
import type { EngineSurroundings } from '../base/surroundings.ts';
import { TrainControl } from './train-control.ts';
import type { TrainListener } from './train-options.ts';
import { train } from './trainer.ts';

/** What a run can be made of. */
export interface TrainingRegistries {
  /** A recipe by id. @throws AppError TRAINING_RECIPE_UNKNOWN */
  readonly findRecipe: (id: string) => Recipe;
  readonly backbones: KnownBackbones;
  /** In the order of application. */
  readonly augmentations: readonly Augmentation[];
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

/** The work that trains now. */
interface ActiveTraining {
  readonly run: string;
  readonly control: TrainControl;
  /** It was cancelled or stopped. */
  readonly isEnding: () => boolean;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>;
}

export class TrainingWork {
  readonly #around: EngineSurroundings;
  readonly #files: ModelFiles;
  readonly #registries: TrainingRegistries;
  /** What trains now. */
  #active: ActiveTraining | null = null;

  constructor(around: EngineSurroundings, files: ModelFiles, registries: TrainingRegistries) {
    this.#around = around;
    this.#files = files;
    this.#registries = registries;
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
    while (this.#active !== null) {
      if (!this.#active.isEnding()) throw new AppError('BACKEND_BUSY', { task: 'training' });
      await this.#active.ended;
      throwIfCancelled(signal);
    }
    const control = new TrainControl();
    const isEnding = (): boolean =>
      signal?.aborted === true || control.state === 'stop' || control.state === 'interrupt';
    const working = work(control).finally(() => (this.#active = null));
    const ended = working.catch(() => undefined);
    this.#active = { run, control, isEnding, ended };
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
    const recipe = this.#registries.findRecipe(request.recipe);
    const network = await buildNetwork(
      backend.tf,
      { recipe, classes: classes.length, settings, backbone },
      this.#files,
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
            augmentations: this.#registries.augmentations,
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
    const recipe = this.#registries.findRecipe(request.recipe);
    const reader = await openTiles(tiles, true);
    let model: tfjs.LayersModel | null = null;
    let stage: Stage | null = null;
    try {
      const network = await buildNetwork(
        backend.tf,
        { recipe, classes: classes.length, settings, backbone },
        this.#files,
      );
      model = network.model;
      const around = {
        backend,
        augmentations: this.#registries.augmentations,
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
    if (this.#active?.run === run) return this.#active.control;
    throw new AppError('TRAINING_NOT_RUNNING', { id: run });
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
