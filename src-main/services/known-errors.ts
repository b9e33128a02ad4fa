import { toWireError } from './wire-errors.ts';

/**
 * A stream whose failures can cross a boundary: they happen after its request was answered, past where the failures of
 * requests are seen to.
 */
export async function* knownErrors<T>(
  stream: AsyncGenerator<T, void>,
  log: (message: string, detail?: unknown) => void,
): AsyncGenerator<T, void> {
  try {
    yield* stream;
  } catch (error) {
    throw toWireError(error, log);
  }
}
