/** Ctrl-C, once politely, twice at once. */
import { AppError } from '../../contract/shared/errors.ts';

/** Ctrl-C, a polite kill, a terminal that was closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Rejects with CANCELLED when the user interrupts; never resolves. */
  readonly cancelled: Promise<never>;
  /** Stops listening. */
  release(): void;
}

/**
 * Listens for SIGINT, SIGTERM, SIGHUP and for a reader of stdout that went away (`lenslet … | head`).
 * @param onFirst called at the first of them; the second ends the process with 130
 */
export function onInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const interrupted = (): void => {
    if (controller.signal.aborted) process.exit(130);
    onFirst();
    controller.abort();
  };
  const closedPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE' && !controller.signal.aborted) controller.abort();
  };
  for (const signal of signals) process.on(signal, interrupted);
  process.stdout.on('error', closedPipe);
  const cancelled = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(new AppError('CANCELLED')), { once: true });
  });
  cancelled.catch(() => undefined);
  return {
    signal: controller.signal,
    cancelled,
    release() {
      for (const signal of signals) process.off(signal, interrupted);
      process.stdout.off('error', closedPipe);
    },
  };
}
