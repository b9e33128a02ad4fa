/** How curves over epochs are drawn: datasets and options for Chart.js, and the names at the curves' ends. */
import type { Chart, ChartData, ChartOptions, Plugin } from 'chart.js';
import type { ChartTheme } from './chart-theme.ts';
import { percent } from './format.ts';
import { type Curve, type CurvePoint, type Quantity, smooth } from './history-series.ts';

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
  readonly theme: ChartTheme;
}

/** Smooths curves for the eye. @param factor see `smooth` */
export function drawnCurves(curves: readonly Curve[], factor: number): DrawnCurve[] {
  return curves.map((curve) => ({ ...curve, smoothed: smooth(curve.points, factor) }));
}

function colourOf(curve: Curve, theme: ChartTheme): string {
  return curve.name === 'Training' ? theme.training : theme.validation;
}

/** Per curve: the line, the unsmoothed line where they differ, and the epoch under way as a hollow point. */
export function curveData({ curves, theme }: Drawing): ChartData<'line'> {
  const datasets = curves.flatMap((curve) => {
    const colour = colourOf(curve, theme);
    const borderDash = curve.name === 'Training' ? [5, 4] : [];
    const style = { borderColor: colour, borderWidth: 2, pointRadius: 0, borderDash };
    const lone = curve.points.length === 1 ? { pointRadius: 3, pointBackgroundColor: colour } : {};
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
      { ...style, ...lone, label: curve.name, data: [...curve.smoothed] },
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

/**
 * Axes and behaviour.
 * @param onRead called with the epoch under the pointer, null when it leaves
 */
export function curveOptions(drawing: Drawing, onRead: (epoch: number | null) => void): ChartOptions<'line'> {
  const { theme, quantity, epochs, lastEpoch } = drawing;
  const ticks = { color: theme.text, font: { size: 11 } };
  const accuracy = quantity === 'accuracy';
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    parsing: false,
    normalized: true,
    events: ['mousemove', 'mouseout', 'touchmove'],
    font: { family: theme.font },
    // Room for the names at the ends of the curves, once they come near the edge.
    layout: { padding: { right: lastEpoch > epochs * 0.7 ? 68 : 8, top: 8 } },
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
        ...(accuracy ? { max: 1, suggestedMin: 0.5 } : { suggestedMin: 0, suggestedMax: 0.8 }),
        grid: { color: theme.line },
        border: { display: false },
        ticks: {
          ...ticks,
          maxTicksLimit: 6,
          callback: (value) => (accuracy ? percent(Number(value), 0) : Number(value).toFixed(1)),
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
  ctx.globalAlpha = 0.5;
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
  ctx.globalAlpha = 1;
  for (const curve of curves) {
    const point = curve.smoothed.find((candidate) => candidate.x === cursor);
    if (point === undefined) continue;
    ctx.fillStyle = colourOf(curve, theme);
    ctx.beginPath();
    ctx.arc(x, scales.y.getPixelForValue(point.y), 3.5, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** Pixels between two names, and between a name and the upper edge. */
const nameHeight = 14;

function drawNames({ ctx, scales }: Chart, { curves, theme }: Drawing): void {
  const ends = curves.flatMap((curve) => {
    const end = curve.smoothed.at(-1);
    if (end === undefined) return [];
    return [{ curve, x: scales.x.getPixelForValue(end.x), y: scales.y.getPixelForValue(end.y) }];
  });
  ends.sort((a, b) => a.y - b.y);
  // Names that would lie over each other are moved apart, and none leaves the picture.
  if (ends.length === 2 && ends[1].y - ends[0].y < nameHeight) {
    const middle = (ends[0].y + ends[1].y) / 2;
    ends[0].y = middle - nameHeight / 2;
    ends[1].y = middle + nameHeight / 2;
  }
  const overflow = Math.max(0, nameHeight / 2 - (ends[0]?.y ?? nameHeight));
  ctx.font = `500 11px ${theme.font}`;
  ctx.textBaseline = 'middle';
  for (const { curve, x, y } of ends) {
    ctx.fillStyle = colourOf(curve, theme);
    ctx.fillText(curve.name, x + 10, y + overflow);
  }
}

/**
 * Writes each curve's name at its end, and a line at the epoch being read.
 * @param cursor that epoch; null: no line
 */
export function curveAnnotations(drawing: () => Drawing, cursor: () => number | null): Plugin<'line'> {
  return {
    id: 'annotations',
    afterDatasetsDraw(chart) {
      chart.ctx.save();
      const epoch = cursor();
      if (epoch !== null) drawReadingLine(chart, drawing(), epoch);
      drawNames(chart, drawing());
      chart.ctx.restore();
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
