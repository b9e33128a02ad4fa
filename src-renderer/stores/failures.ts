/** Turns thrown values into something a screen can show. */
import { AppError } from '../../src-main/contract/errors.ts';
import type { ErrorData } from '../../src-main/contract/index.ts';

/** The failure as data; null for a cancelled action, which nobody needs to be told of. */
export function failureOf(thrown: unknown): ErrorData | null {
  const error = AppError.from(thrown);
  return error.kind === 'cancelled' ? null : error.toData();
}
