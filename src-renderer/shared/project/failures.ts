/** Turns thrown values into something a screen can show. */
import type { ErrorData } from '../../../src-main/contract/app/index.ts';
import { toAppError } from '../../client/index.ts';

/** The failure as data; null for a cancelled action, which needs no message. */
export function failureOf(thrown: unknown): ErrorData | null {
  const error = toAppError(thrown);
  return error.kind === 'cancelled' ? null : error.toData();
}
