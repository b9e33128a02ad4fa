/** A run as it is requested of the engine: what it is trained with, what it saves, what it reports. */
import type { TrainEvent, TrainRequest } from '../../contract/engine/engine.ts';
import { Throttle } from '../../core/jobs/throttle.ts';
import { explainMemory } from '../base/out-of-memory.ts';
import { saveModel } from '../models/model-file.ts';
import { summarise } from '../network/layer-table.ts';
import { epochFolder, isKeptEpoch } from './kept-epochs.ts';
import {
  type OpenTraining,
  type TrainingRequest,
  type TrainingResources,
  openTraining,
} from './open-training.ts';
import type { TrainControl } from './train-control.ts';
import type { TrainListener, TrainOptions } from './train-options.ts';
import { train } from './train.ts';

/** A run to train. */
export type TrainingJob = TrainingRequest & Pick<TrainRequest, 'run' | 'folder' | 'resume'>;

/**
 * Trains a run and emits what happens.
 * @throws AppError BACKEND_OUT_OF_MEMORY, and what `openTraining` and `train` throw
 */
export async function trainRun(
  resources: TrainingResources,
  job: TrainingJob,
  control: TrainControl,
  emit: (event: TrainEvent) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { backend, storage, yieldToOthers, residentBytes, freeBytes } = resources.platform;
  const { run, settings, resume } = job;
  const training = await openTraining(resources, job, () => control.isEnding);
  const { network, stages, classWeights, bytesPerImage } = training;
  const folder = storage(job.folder);
  const describe = () => ({ summary: summarise(network.model), bytesPerImage });
  try {
    const outcome = await train({
      run,
      backend,
      stages,
      settings,
      classWeights,
      storage: folder,
      saveModel: modelSaver(backend, folder, job, training),
      resume,
      control,
      listener: toListener(emit, describe),
      yieldToOthers,
      residentBytes,
      signal,
    });
    emit({ type: 'done', ...outcome });
  } catch (error) {
    throw explainMemory(error, settings.batchSize, bytesPerImage, freeBytes());
  } finally {
    await training.close();
  }
}

/** Saves the model as it is, and keeps a copy of those of some epochs. */
function modelSaver(
  { tf }: TrainOptions['backend'],
  folder: TrainOptions['storage'],
  { classes, settings, tiles, run }: TrainingJob,
  { network, recipe, recipeStages }: OpenTraining,
): TrainOptions['saveModel'] {
  const { model, preprocessing, transfer } = network;
  const metadata = {
    classes,
    preprocessing,
    imageSize: settings.imageSize,
    resize: settings.resize,
    channels: tiles.channels,
    recipe: recipe.id,
    run,
    backbone: transfer && {
      id: transfer.id,
      hash: transfer.hash,
      frozen: recipeStages.every(({ trains }) => trains === 'head'),
    },
  };
  return async (epochs) => {
    await saveModel(tf, folder, 'model', model, { ...metadata, epochs });
    if (!isKeptEpoch(epochs, model.countParams())) return;
    await saveModel(tf, folder, epochFolder(epochs), model, { ...metadata, epochs });
  };
}

function toListener(
  emit: (event: TrainEvent) => void,
  describe: () => Pick<Extract<TrainEvent, { type: 'stage' }>, 'summary' | 'bytesPerImage'>,
): TrainListener {
  const throttle = new Throttle();
  return {
    stage: ({ history, ...stage }) => emit({ type: 'stage', ...stage, history: [...history], ...describe() }),
    progress: (progress) => {
      if (throttle.isDue()) emit({ type: 'progress', progress });
    },
    paused: () => emit({ type: 'paused' }),
    resumed: () => emit({ type: 'resumed' }),
    epoch: (epoch, memory, seconds) => emit({ type: 'epoch', epoch, memory, seconds }),
    checkpoint: (epoch, step) => emit({ type: 'checkpoint', epoch, step }),
  };
}
