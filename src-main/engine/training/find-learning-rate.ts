/** The search for a learning rate, as it is requested of the engine. */
import type { LearningRateEvent } from '../../contract/app/training.ts';
import { explainMemory } from '../base/out-of-memory.ts';
import { suggestRate, tryLearningRates } from './learning-rate-finder.ts';
import { type TrainingRequest, type TrainingResources, openTraining } from './open-training.ts';

/** A training whose learning rate is sought, with its images unpacked. */
export type LearningRateJob = Omit<TrainingRequest, 'validation'>;

/**
 * Tries learning rates on a network that is thrown away afterwards.
 * @throws AppError BACKEND_OUT_OF_MEMORY, CANCELLED, and what `openTraining` throws
 */
export async function findLearningRate(
  resources: TrainingResources,
  job: LearningRateJob,
  emit: (event: LearningRateEvent) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { backend, yieldToOthers, freeBytes } = resources.platform;
  const { settings } = job;
  const training = await openTraining(resources, { ...job, validation: null }, () => false);
  const { stages, classWeights, bytesPerImage } = training;
  try {
    // The last stage: of fine-tuning, the one whose rate matters most.
    const stage = await stages
      .at(-1)!
      .open((phase, done, total) => emit({ type: 'progress', phase, done, total }), signal);
    try {
      const points = await tryLearningRates({
        backend,
        stage,
        settings,
        classWeights,
        yieldToOthers,
        signal,
        onPoint: (point) => emit({ type: 'point', ...point }),
      });
      emit({ type: 'done', suggestion: suggestRate(points) });
    } finally {
      await stage.close();
    }
  } catch (error) {
    throw explainMemory(error, settings.batchSize, bytesPerImage, freeBytes());
  } finally {
    await training.close();
  }
}
