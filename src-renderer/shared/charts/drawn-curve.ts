/** Curves ready to be drawn, and all that their drawing depends on. */
import type { ChartTheme } from './chart-theme.ts';
import { type Curve, type CurveColour, type CurvePoint, type Quantity, smooth } from './history-series.ts';
import type { StageMark } from './run-marks.ts';

/** A curve with its smoothed form. */
export interface DrawnCurve extends Curve {
  readonly smoothed: readonly CurvePoint[];
}

/** Everything the drawing depends on. */
export interface Drawing {
  readonly curves: readonly DrawnCurve[];
  readonly quantity: Quantity;
  readonly epochs: number;
  readonly lastEpoch: number;
  /** Where stages begin; empty for runs of one stage. */
  readonly stages: readonly StageMark[];
  /** The epoch whose weights are kept; null: none is marked. */
  readonly best: number | null;
  readonly theme: ChartTheme;
}

/** Smooths curves for the eye. @param factor see `smooth` */
export function drawnCurves(curves: readonly Curve[], factor: number): DrawnCurve[] {
  return curves.map((curve) => ({ ...curve, smoothed: smooth(curve.points, factor) }));
}

/** The colour of a curve in a theme, as CSS. */
export function paint(colour: CurveColour, theme: ChartTheme): string {
  return typeof colour === 'number' ? theme.runs[colour % theme.runs.length] : theme[colour];
}
