/** How failures cross the boundary: every one arrives as `ErrorData`, with its code. */
import { ORPCError, ValidationError } from '@orpc/server';
import { AppError, type ErrorData, isErrorData } from '../../contract/shared/errors.ts';
import { explainFailure } from '../../project/database/database-error.ts';

/** Any thrown value as what oRPC transports. Bugs are logged with their stack, which does not cross. */
export function toWireError(
  thrown: unknown,
  log: (message: string, detail?: unknown) => void,
): ORPCError<string, ErrorData> {
  const error =
    thrown instanceof ORPCError ? fromOrpc(thrown as ORPCError<string, unknown>) : explainFailure(thrown);
  if (error.kind === 'bug') log('bug', thrown);
  const status = error.kind === 'bug' ? 500 : error.code === 'NOT_FOUND' ? 404 : 400;
  return new ORPCError(error.code, { status, message: error.message, data: error.toData() });
}

/** An error of ours that came over a boundary, or null for anything else. */
export function fromWire(error: unknown): AppError | null {
  if (typeof error !== 'object' || error === null || !('data' in error)) return null;
  return isErrorData(error.data) ? AppError.fromData(error.data) : null;
}

function fromOrpc(error: ORPCError<string, unknown>): AppError {
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const detail = error.cause.issues
      .map((issue) => `${(issue.path ?? []).map(String).join('.') || 'input'}: ${issue.message}`)
      .join('; ');
    return new AppError('INPUT_INVALID', { detail }, { cause: error });
  }
  // One that has crossed a boundary already, e.g. from the engine.
  return fromWire(error) ?? AppError.from(error);
}
