/** Histories of runs, to be compared. */
import type { Epoch } from '../../src-main/contract/app/runs.ts';

/** What two runs with the same seed have in common, by epoch; times differ. */
export function historyByEpoch(history: readonly Partial<Epoch>[]): Map<number, string> {
  return new Map(
    history.map(({ epoch, loss, accuracy, valLoss, valAccuracy }) => [
      Number(epoch),
      JSON.stringify([loss, accuracy, valLoss, valAccuracy]),
    ]),
  );
}

/** How many epochs of one history are missing or different in another. */
export function lostEpochs(told: ReadonlyMap<number, string>, kept: ReadonlyMap<number, string>): number {
  return [...told].filter(([epoch, figures]) => kept.get(epoch) !== figures).length;
}
