/** Which epoch was the best so far, and whether waiting for a better one still pays. */
import type { Epoch } from '../../contract/app/runs.ts';

/** Index into `epochs` of the lowest validation loss, −1 when there is none. Of equals the first. */
export function bestEpoch(epochs: readonly Pick<Epoch, 'valLoss'>[]): number {
  let best = -1;
  epochs.forEach(({ valLoss }, index) => {
    if (valLoss === null || Number.isNaN(valLoss)) return;
    if (best < 0 || valLoss < (epochs[best].valLoss ?? Infinity)) best = index;
  });
  return best;
}

/** True when the last `patience` epochs brought no lower validation loss. @param patience null: never */
export function isOutOfPatience(epochs: readonly Pick<Epoch, 'valLoss'>[], patience: number | null): boolean {
  const best = bestEpoch(epochs);
  return patience !== null && best >= 0 && epochs.length - 1 - best >= patience;
}
