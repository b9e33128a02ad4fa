/** How curves over epochs are drawn: datasets and options for Chart.js, and what is written into the picture. */
import type { Chart, ChartData, ChartOptions, Plugin } from 'chart.js';
import type { ChartTheme } from './chart-theme.ts';
import { percent } from '../text/format.ts';
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

function paint(colour: CurveColour, theme: ChartTheme): string {
  return typeof colour === 'number' ? theme.runs[colour % theme.runs.length] : theme[colour];
}

/** Signs along a line: about so many, however many epochs there are. */
const markersPerLine = 7;

function markers(count: number): number[] {
  const every = Math.max(1, Math.round(count / markersPerLine));
  return Array.from({ length: count }, (_, i) => ((count - 1 - i) % every === 0 ? 3.5 : 0));
}

/** Per curve: the line, the unsmoothed line where they differ, and the epoch under way as a hollow point. */
export function curveData({ curves, theme }: Drawing): ChartData<'line'> {
  const datasets = curves.flatMap((curve) => {
    const colour = paint(curve.look.colour, theme);
    const borderDash = [...curve.look.dash];
    const style = { borderColor: colour, borderWidth: 2, pointRadius: 0, borderDash };
    const lone = curve.points.length === 1 ? { pointRadius: 3, pointBackgroundColor: colour } : {};
    const { marker } = curve.look;
    const signs =
      marker === 'none'
        ? {}
        : {
            pointStyle: marker,
            pointRadius: markers(curve.points.length),
            pointBackgroundColor: theme.background,
            pointBorderColor: colour,
            pointBorderWidth: 1.5,
          };
    const faint = {
      ...style,
      borderWidth: 1,
      borderColor: `color-mix(in oklab, ${colour} 35%, transparent)`,
    };
    const hollow = {
      pointRadius: 3,
      pointBackgroundColor: theme.background,
      pointBorderColor: colour,
      pointBorderWidth: 1.5,
    };
    const smoothed = curve.smoothed.some(({ y }, i) => y !== curve.points[i].y);
    return [
      { ...style, ...lone, ...signs, label: curve.name, data: [...curve.smoothed] },
      ...(smoothed ? [{ ...faint, label: `${curve.name}, as measured`, data: [...curve.points] }] : []),
      {
        ...style,
        ...hollow,
        label: `${curve.name}, epoch under way`,
        data: curve.provisional ? [curve.provisional] : [],
      },
    ];
  });
  return { datasets };
}

/** An accuracy axis begins well below the curves, so that 97% and 98% can be told apart. */
function accuracyFloor(curves: readonly DrawnCurve[]): number {
  const values = curves.flatMap((curve) => [
    ...curve.points,
    ...(curve.provisional ? [curve.provisional] : []),
  ]);
  const least = Math.min(1, ...values.map(({ y }) => y));
  if (least > 0.92) return 0.9;
  return least > 0.82 ? 0.8 : 0.5;
}

/**
 * Axes and behaviour.
 * @param onRead called with the epoch under the pointer, null when it leaves
 */
export function curveOptions(drawing: Drawing, onRead: (epoch: number | null) => void): ChartOptions<'line'> {
  const { theme, quantity, epochs, lastEpoch, curves } = drawing;
  const ticks = { color: theme.text, font: { size: 11 } };
  const accuracy = quantity === 'accuracy';
  const longest = Math.max(0, ...curves.map(({ name, short = name }) => short.length));
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    parsing: false,
    normalized: true,
    events: ['mousemove', 'mouseout', 'touchmove'],
    font: { family: theme.font },
    // Room for the names at the ends of the curves, once they come near the edge.
    layout: {
      padding: {
        right: lastEpoch > epochs * 0.7 ? 12 + Math.ceil(longest * 5.6) : 8,
        top: drawing.stages.length > 0 ? 20 : 8,
      },
    },
    scales: {
      x: {
        type: 'linear',
        min: 0,
        max: epochs,
        title: { display: true, text: 'Epoch', color: theme.text, font: { size: 11 } },
        grid: { display: false },
        border: { color: theme.line },
        ticks: { ...ticks, precision: 0, maxRotation: 0, autoSkipPadding: 16 },
      },
      y: {
        type: 'linear',
        ...(accuracy
          ? { max: 1, suggestedMin: accuracyFloor(curves) }
          : {
              suggestedMin: 0,
              suggestedMax: curves.some(({ points }) => points.length > 0) ? undefined : 0.8,
            }),
        grid: { color: theme.line },
        border: { display: false },
        ticks: {
          ...ticks,
          maxTicksLimit: 6,
          callback: (value) => (accuracy ? percent(Number(value), 0) : Number(value).toFixed(2)),
        },
      },
    },
    onHover: (event, _, chart) => {
      const x =
        event.type === 'mouseout' || event.x === null ? undefined : chart.scales.x.getValueForPixel(event.x);
      onRead(x === undefined ? null : Math.min(lastEpoch, Math.max(1, Math.round(x))));
    },
  };
}

function drawReadingLine(
  { ctx, chartArea, scales }: Chart,
  { curves, theme }: Drawing,
  cursor: number,
): void {
  const x = scales.x.getPixelForValue(cursor);
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 1;
  ctx.globalAlpha = 0.5;
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
  ctx.globalAlpha = 1;
  for (const curve of curves) {
    const point = curve.smoothed.find((candidate) => candidate.x === cursor);
    if (point === undefined) continue;
    ctx.fillStyle = paint(curve.look.colour, theme);
    ctx.beginPath();
    ctx.arc(x, scales.y.getPixelForValue(point.y), 3.5, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** A thin line where a stage begins, and the stage's name above its part of the picture. */
function drawStages({ ctx, chartArea, scales }: Chart, { stages, theme, lastEpoch }: Drawing): void {
  ctx.font = `500 11px ${theme.font}`;
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'left';
  stages.forEach(({ name, x }, i) => {
    const left = scales.x.getPixelForValue(x);
    const end = scales.x.getPixelForValue(stages[i + 1]?.x ?? Math.max(lastEpoch, x + 1));
    if (i > 0) {
      ctx.strokeStyle = theme.text;
      ctx.lineWidth = 1;
      ctx.setLineDash([1, 3]);
      ctx.beginPath();
      ctx.moveTo(left, chartArea.top - 16);
      ctx.lineTo(left, chartArea.bottom);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.fillStyle = theme.text;
    const narrow = end - left < ctx.measureText(name).width + 8 && i < stages.length - 1;
    if (!narrow) ctx.fillText(name, left + 5, chartArea.top - 4);
  });
}

/** A ring around the values of the epoch that is kept. */
function drawBest({ ctx, chartArea, scales }: Chart, { curves, best, theme }: Drawing): void {
  const curve = curves.find(({ look }) => look.colour === 'validation');
  const point = curve?.points.find(({ x }) => x === best);
  if (curve === undefined || point === undefined) return;
  const x = scales.x.getPixelForValue(point.x);
  const y = scales.y.getPixelForValue(point.y);
  ctx.strokeStyle = paint(curve.look.colour, theme);
  ctx.fillStyle = theme.background;
  ctx.lineWidth = 2;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(x, y, 5, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = paint(curve.look.colour, theme);
  ctx.beginPath();
  ctx.arc(x, y, 2, 0, 2 * Math.PI);
  ctx.fill();
  ctx.font = `500 11px ${theme.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
  const below = y + 16 < chartArea.bottom - 4;
  ctx.fillText('best', x, below ? y + 15 : y - 15);
}

/** Pixels between two names, and between a name and the upper edge. */
const nameHeight = 14;

/** Moves names apart that would lie over each other, downwards, then back up where they leave the picture. */
export function spreadNames(places: readonly number[], least: number, greatest: number): number[] {
  const spread = [...places];
  for (let i = 0; i < spread.length; i++) {
    spread[i] = Math.max(spread[i], i === 0 ? least : spread[i - 1] + nameHeight);
  }
  for (let i = spread.length - 1; i >= 0; i--) {
    spread[i] = Math.min(spread[i], i === spread.length - 1 ? greatest : spread[i + 1] - nameHeight);
  }
  return spread;
}

/** Ends so close to each other, in pixels across, that their names could meet. */
const nameWidth = 60;

function drawNames({ ctx, scales, chartArea }: Chart, { curves, theme }: Drawing): void {
  const ends = curves.flatMap((curve) => {
    const end = curve.smoothed.at(-1);
    if (end === undefined) return [];
    return [{ curve, x: scales.x.getPixelForValue(end.x), y: scales.y.getPixelForValue(end.y) }];
  });
  ctx.font = `500 11px ${theme.font}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const near of clusters(ends)) {
    near.sort((a, b) => a.y - b.y);
    const places = spreadNames(
      near.map(({ y }) => y),
      chartArea.top,
      chartArea.bottom,
    );
    near.forEach(({ curve, x }, i) => {
      ctx.fillStyle = paint(curve.look.colour, theme);
      ctx.fillText(curve.short ?? curve.name, x + 10, places[i]);
    });
  }
}

function clusters<T extends { readonly x: number }>(ends: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const end of [...ends].sort((a, b) => a.x - b.x)) {
    const last = groups.at(-1);
    if (last !== undefined && end.x - last[0].x < nameWidth) last.push(end);
    else groups.push([end]);
  }
  return groups;
}

/**
 * Writes stages, the kept epoch and each curve's name into the picture, and a line at the epoch being read.
 * @param cursor that epoch; null: no line
 */
export function curveAnnotations(drawing: () => Drawing, cursor: () => number | null): Plugin<'line'> {
  return {
    id: 'annotations',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      drawStages(chart, drawing());
      const epoch = cursor();
      if (epoch !== null) drawReadingLine(chart, drawing(), epoch);
      drawBest(chart, drawing());
      drawNames(chart, drawing());
      ctx.restore();
    },
  };
}

/** The chart as a PNG on its own background. */
export function chartPng(canvas: HTMLCanvasElement, background: string): Promise<Blob | null> {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d')!;
  context.fillStyle = background;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  return new Promise((resolve) => copy.toBlob(resolve));
}
