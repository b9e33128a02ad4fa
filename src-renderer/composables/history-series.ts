/** From a run's history to curves. */
import type { Epoch, Run } from '../../src-main/contract/index.ts';

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** One curve. Training is dashed and validation solid, so that they differ without colour. */
export interface Curve {
  readonly name: 'Training' | 'Validation';
  readonly points: readonly CurvePoint[];
  /** Inside the epoch that is being trained: not final yet. */
  readonly provisional: CurvePoint | null;
}

export type Quantity = 'accuracy' | 'loss';

/**
 * Exponential moving average: each value keeps `factor` of the smoothed one before it.
 * @param factor 0 (as it is) to below 1
 */
export function smooth(points: readonly CurvePoint[], factor: number): CurvePoint[] {
  let kept: number | null = null;
  return points.map(({ x, y }) => {
    kept = kept === null ? y : kept * factor + y * (1 - factor);
    return { x, y: kept };
  });
}

function pick(history: readonly Epoch[], value: (epoch: Epoch) => number | null): CurvePoint[] {
  return history.flatMap((epoch) => {
    const y = value(epoch);
    return y === null || !Number.isFinite(y) ? [] : [{ x: epoch.epoch, y }];
  });
}

/** Training and validation curves of one quantity, with the running mean of the epoch under way. */
export function curvesOf(run: Pick<Run, 'history' | 'progress'>, quantity: Quantity): Curve[] {
  const { history, progress } = run;
  const running = progress === null ? null : progress[quantity];
  const inEpoch =
    progress === null || progress.stepsPerEpoch === 0 ? 0 : progress.step / progress.stepsPerEpoch;
  const provisional =
    progress !== null && running !== null && Number.isFinite(running) && progress.epoch > history.length
      ? { x: progress.epoch - 1 + inEpoch, y: running }
      : null;
  return [
    { name: 'Training', points: pick(history, (epoch) => epoch[quantity]), provisional },
    {
      name: 'Validation',
      points: pick(history, (epoch) => (quantity === 'loss' ? epoch.valLoss : epoch.valAccuracy)),
      provisional: null,
    },
  ];
}
