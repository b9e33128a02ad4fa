/** The learning-rate finder as a request. */
import { AppError } from '../../contract/shared/errors.ts';
import type { LearningRateEvent } from '../../contract/app/training.ts';
import { streamEvents } from '../../core/jobs/async-queue.ts';
import type { ServiceContext } from '../base/context.ts';
import { findWeights } from '../runs/run-backbone.ts';
import { prepareData } from '../runs/run-data.ts';
import { collectDataset } from '../runs/run-files.ts';
import { type PlanRequest, makePlan } from './training-plan.ts';

/**
 * Tries learning rates for a training that is only planned. The stream ends with the plan's blocker, BACKEND_BUSY while
 * a run trains, CANCELLED, …
 */
export function findLearningRate(
  context: ServiceContext,
  request: PlanRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<LearningRateEvent, void> {
  return streamEvents<LearningRateEvent>((tell, ending) => find(context, request, tell, ending), signal);
}

async function find(
  context: ServiceContext,
  request: PlanRequest,
  tell: (event: LearningRateEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const project = context.project();
  const { plan, recipe, classes } = await makePlan(context, project, request);
  if (plan.blocker !== null) throw AppError.fromData(plan.blocker);
  const { settings } = plan;
  const dataset = await collectDataset(project, classes);
  if (!dataset.images.some((image) => image[4] === 'train')) {
    throw new AppError('DATASET_EMPTY_SPLIT', { split: 'train' });
  }
  const onProgress = (done: number, total: number): void =>
    tell({ type: 'progress', phase: 'preparing images', done, total });
  const spec = { size: settings.imageSize, channels: recipe.defaults.channels };
  const { tiles, train } = await prepareData(project, dataset, spec, { signal, onProgress });
  const backbone = await findWeights(context.settingsFolder, recipe, settings);
  const wanted = { recipe: recipe.id, classes, settings, backbone, tiles, train };
  await context.engine.ask(async (engine) => {
    for await (const event of await engine.findLearningRate(wanted, { signal })) tell(event);
  }, signal);
}
