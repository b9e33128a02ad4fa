/** The end of a command: a clean stop for whatever is under way, but not for ever once the user has pressed Ctrl-C. */
import type { Output } from './output.ts';

/** Enough for a run to end its step and write its checkpoint on a slow disk. */
const usualLimit = 60_000;

/**
 * Waits for `work`. From the moment the signal is aborted it has `limit` milliseconds; then the process ends with 130.
 * @param work closes what the command used
 * @throws whatever the work throws
 */
export async function closeInTime(
  output: Output,
  signal: AbortSignal,
  work: () => Promise<void>,
  limit = usualLimit,
  exit: (code: number) => void = (code) => process.exit(code),
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let begin = (): void => undefined;
  const late = new Promise<'late'>((resolve) => {
    begin = () => void (timer = setTimeout(() => resolve('late'), limit));
  });
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  try {
    if ((await Promise.race([work(), late])) !== 'late') return;
    output.say(
      `Something did not end within ${Math.round(limit / 1000)} s and was cut off. What was saved is kept; resume an interrupted run.`,
    );
    exit(130);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', begin);
  }
}
