import { AppError } from '../../contract/shared/errors.ts';

/** Weights that do not fit the network. @param reason what was found and what was expected */
export function weightsMismatch(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('MODEL_WEIGHTS_MISMATCH', { path, reason }, { cause });
}
