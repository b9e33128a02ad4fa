/** Progress of a run outside its epochs: while photos are prepared or tested. */
import type { RunProgress } from '../../contract/app/runs.ts';
import { Throttle } from '../../core/jobs/throttle.ts';

/**
 * Follows work on so many photos.
 * @returns the progress to show, in which `step` of `stepsPerEpoch` are photos; null while it was shown a moment ago
 */
export function progressOfWork(phase: string): (done: number, total: number) => RunProgress | null {
  const begun = performance.now();
  const throttle = new Throttle();
  return (done, total) => {
    if (!throttle.isDue()) return null;
    const imagesPerSecond = (done * 1000) / Math.max(1, performance.now() - begun);
    const secondsLeft = done === 0 ? null : (total - done) / imagesPerSecond;
    const none = { epoch: 0, loss: null, accuracy: null };
    return { ...none, step: done, stepsPerEpoch: total, imagesPerSecond, secondsLeft, phase };
  };
}
