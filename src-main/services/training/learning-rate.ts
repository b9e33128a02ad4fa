/** The learning-rate finder as a request. */
import { AppError } from '../../contract/shared/errors.ts';
import type { LearningRateEvent } from '../../contract/app/training.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import type { ServiceContext } from '../base/context.ts';
import { findWeights } from '../runs/run-backbone.ts';
import { prepareData } from '../runs/run-data.ts';
import { collectDataset } from '../runs/run-files.ts';
import { explainRunFailure } from './run-failure.ts';
import { requireSteps } from '../runs/run-states.ts';
import { type TrainingDraft, completeDraft, requireTrainable } from './training-draft.ts';
import { runTile } from '../runs/run-tiles.ts';

/**
 * Tries learning rates for a training that is only planned. The stream ends with what keeps the training from starting, BACKEND_BUSY while
 * a run trains, CANCELLED, …
 */
export function findLearningRate(
  context: ServiceContext,
  draft: TrainingDraft,
  signal: AbortSignal | undefined,
): AsyncGenerator<LearningRateEvent, void> {
  return streamEvents<LearningRateEvent>((emit, ending) => find(context, draft, emit, ending), signal);
}

async function find(
  context: ServiceContext,
  draft: TrainingDraft,
  emit: (event: LearningRateEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const project = context.project();
  const completed = await completeDraft(context.settingsFolder, project, draft);
  await requireTrainable(context.settingsFolder, completed);
  requireSteps(completed.recipe, completed.settings);
  const { recipe, settings, classes } = completed;
  const dataset = await collectDataset(project, classes);
  if (!dataset.images.some((image) => image[4] === 'train')) {
    throw new AppError('DATASET_EMPTY_SPLIT', { split: 'train' });
  }
  const onProgress = (done: number, total: number): void =>
    emit({ type: 'progress', phase: 'preparing images', done, total });
  const spec = runTile(recipe, settings);
  const { tiles, train } = await prepareData(project, dataset, spec, { signal, onProgress });
  const backbone = await findWeights(context.settingsFolder, recipe, settings);
  const request = { recipe: recipe.id, classes: [...classes], settings, backbone, tiles, train };
  try {
    await context.engine.use(async (engine) => {
      for await (const event of await engine.findLearningRate(request, { signal })) emit(event);
    }, signal);
  } catch (error) {
    const { batchSize } = settings;
    throw explainRunFailure(error, project, { isWanted: signal.aborted, batchSize, bytesPerImage: 0 });
  }
}
