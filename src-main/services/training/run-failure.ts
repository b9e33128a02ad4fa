/** Why a run failed, and whether it can continue. */
import { AppError } from '../../contract/shared/errors.ts';
import { fittingBatchSize } from '../../engine/base/out-of-memory.ts';
import { explainFailure } from '../../project/database/database-error.ts';
import type { Project } from '../../project/project.ts';
import { EngineDied } from '../base/engine-exit.ts';

/** What is known of a run that failed. */
interface FailedRun {
  /** The user ended it, and it was ended by force because it did not react. */
  readonly isWanted: boolean;
  readonly batchSize: number;
  /** Memory of a step for each image of its batch; 0 while unknown. */
  readonly bytesPerImage: number;
}

/** What a run failed with. */
export function explainRunFailure(thrown: unknown, project: Project, run: FailedRun): AppError {
  if (!(thrown instanceof EngineDied)) return explainDisk(thrown, project);
  if (run.isWanted) return new AppError('CANCELLED');
  const { batchSize, bytesPerImage } = run;
  const free = process.availableMemory();
  const suggestedBatchSize = fittingBatchSize(batchSize, bytesPerImage, free);
  return thrown.toAppError({ batchSize, suggestedBatchSize }, batchSize * bytesPerImage > free);
}

/** Files that cannot be written because the folder they belong in is gone are not the disk's fault. */
function explainDisk(thrown: unknown, project: Project): AppError {
  const error = explainFailure(thrown, project.folder);
  if (error.kind === 'cancelled' || project.identity.isThere()) return error;
  return new AppError('PROJECT_GONE', { path: project.folder }, { cause: thrown });
}

/** Failures after which the same run would only fail again. */
const finalFailures = /^(TRAINING_|BACKEND_OUT_OF_MEMORY|BACKEND_CANNOT_TRAIN|MODEL_|DATASET_)/;

/** True when a run that failed with this cannot continue. */
export function isFinal(error: AppError): boolean {
  return finalFailures.test(error.code) || error.kind === 'bug';
}
