/** Bodies of requests, as fast as they are read and no slower than allowed. */
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../contract/shared/errors.ts';
import type { Pace } from './limits.ts';

const tooSlow = Symbol('too slow');

/**
 * The chunks of a body. Only the time spent waiting for the sender counts, not the time the reader takes.
 * @throws AppError UPLOAD_INVALID when they come too slowly; the connection stays for the answer
 */
export async function* pacedBody(request: IncomingMessage, pace: Pace): AsyncGenerator<Buffer, void> {
  const chunks = request.iterator({ destroyOnReturn: false });
  let waited = 0;
  let bytes = 0;
  try {
    for (;;) {
      const began = performance.now();
      const chunk = await withDeadline(chunks.next(), pace.milliseconds - waited);
      if (chunk === tooSlow) throw new AppError('UPLOAD_INVALID', { reason: 'it arrives too slowly' });
      if (chunk.done === true) return;
      waited += performance.now() - began;
      bytes += (chunk.value as Buffer).length;
      if (bytes >= pace.bytes) waited = bytes = 0;
      yield chunk.value as Buffer;
    }
  } finally {
    // Not awaited: it comes back only when the chunk that is waited for has come.
    void chunks.return?.();
  }
}

async function withDeadline<T>(result: Promise<T>, milliseconds: number): Promise<T | typeof tooSlow> {
  const timer = new AbortController();
  const late = wait(Math.max(0, milliseconds), tooSlow, { signal: timer.signal });
  late.catch(() => undefined);
  try {
    return await Promise.race([result, late]);
  } finally {
    timer.abort();
  }
}

/**
 * Lets the rest of a body, whose answer is sent already, pass by unread; ends the connection when that comes slower
 * than the pace. Without this a refused sender could keep its connection for ever.
 */
export function passRest(request: IncomingMessage, pace: Pace): void {
  if (request.complete || request.destroyed) return;
  const { socket } = request;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    if (socket.bytesRead - before < pace.bytes) socket.destroy();
    before = socket.bytesRead;
  }, pace.milliseconds);
  for (const event of ['end', 'close']) request.once(event, () => clearInterval(timer));
}
