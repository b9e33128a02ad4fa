/** What a failed call becomes: an AppError with its code, whatever went wrong on the way. */
import { ORPCError } from '@orpc/client';
import { AppError, isErrorData } from '../../src-main/contract/shared/errors.ts';

/** Rebuilds the error that the services threw from what oRPC transported. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof ORPCError && isErrorData(thrown.data)) return AppError.fromData(thrown.data);
  return AppError.from(thrown);
}
