/** The turns of others between two steps of a training: messages, predictions, a pause, an end. */
import type { Stopwatch } from '../base/stopwatch.ts';
import type { TrainOptions } from './train-options.ts';

type TurnOptions = Pick<TrainOptions, 'control' | 'signal' | 'yieldToOthers' | 'listener'>;

/** The run was cancelled, stopped or interrupted. */
export function isEnding({ control, signal }: Pick<TurnOptions, 'control' | 'signal'>): boolean {
  return signal?.aborted === true || control.isEnding;
}

/**
 * Messages and predictions have their turn, and a pause is waited out.
 * @param watches stand still during a pause
 * @param beforePause saves what a kill would lose meanwhile
 * @throws AppError CANCELLED
 */
export async function letOthers(
  options: TurnOptions,
  watches: readonly Stopwatch[],
  beforePause: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { control, signal, yieldToOthers, listener } = options;
  await yieldToOthers();
  if (control.state !== 'pause') return;
  for (const watch of watches) watch.stop();
  await beforePause();
  listener.paused();
  await control.whilePaused(signal);
  if (!isEnding(options)) listener.resumed();
  for (const watch of watches) watch.start();
}
