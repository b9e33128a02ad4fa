/** How failures cross the boundary: every one arrives as `AppErrorData`, with its code. */
import { ORPCError, ValidationError } from '@orpc/server';
import { AppError, type AppErrorData } from '../contract/errors.ts';

/** Any thrown value as what oRPC transports. Bugs are logged with their stack, which does not cross. */
export function toWireError(
  thrown: unknown,
  log: (message: string, detail?: unknown) => void,
): ORPCError<string, AppErrorData> {
  const error =
    thrown instanceof ORPCError ? fromOrpc(thrown as ORPCError<string, unknown>) : AppError.from(thrown);
  if (error.kind === 'bug') log('bug', thrown);
  const status = error.kind === 'bug' ? 500 : error.code === 'NOT_FOUND' ? 404 : 400;
  return new ORPCError(error.code, { status, message: error.message, data: error.toData() });
}

function fromOrpc(error: ORPCError<string, unknown>): AppError {
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const detail = error.cause.issues
      .map((issue) => `${(issue.path ?? []).map(String).join('.') || 'input'}: ${issue.message}`)
      .join('; ');
    return new AppError('INPUT_INVALID', { detail }, { cause: error });
  }
  return AppError.from(error);
}
