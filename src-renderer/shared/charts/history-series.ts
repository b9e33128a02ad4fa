/** From a run's history to curves. */
import type { Epoch, Run } from '../../../src-main/contract/app/index.ts';

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** Which colour of the theme a curve has: one of the two splits, or a place among compared runs. */
export type CurveColour = 'training' | 'validation' | number;

/** How a curve is drawn, so that it differs without colour. */
export interface CurveLook {
  readonly colour: CurveColour;
  /** Lengths of dashes and gaps in pixels; empty: solid. */
  readonly dash: readonly number[];
  /** A sign along the line. */
  readonly marker: 'none' | 'circle' | 'triangle' | 'rect' | 'rectRot' | 'cross' | 'star';
}

/** One curve. Training is dashed and validation solid. */
export interface Curve {
  readonly name: string;
  /** What stands at its end; missing: the name. */
  readonly short?: string;
  readonly points: readonly CurvePoint[];
  /** Inside the epoch that is being trained: not final yet. */
  readonly provisional: CurvePoint | null;
  readonly look: CurveLook;
}

export type Quantity = 'accuracy' | 'loss';

/** The colour of a curve for style sheets. */
export function curveColour(colour: CurveColour): string {
  return typeof colour === 'number' ? `var(--run-${colour})` : `var(--curve-${colour})`;
}

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

/** One quantity over the epochs, where there is a number. */
export function pointsOf(
  history: readonly Epoch[],
  quantity: Quantity,
  split: 'training' | 'validation',
): CurvePoint[] {
  if (split === 'training') return pick(history, (epoch) => epoch[quantity]);
  return pick(history, (epoch) => (quantity === 'loss' ? epoch.valLoss : epoch.valAccuracy));
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
    {
      name: 'Training',
      points: pointsOf(history, quantity, 'training'),
      provisional,
      look: { colour: 'training', dash: [5, 4], marker: 'none' },
    },
    {
      name: 'Validation',
      points: pointsOf(history, quantity, 'validation'),
      provisional: null,
      look: { colour: 'validation', dash: [], marker: 'none' },
    },
  ];
}
