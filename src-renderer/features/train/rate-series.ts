/** The learning-rate finder's picture: loss over rate, on a logarithmic axis. */
import type { ChartData, ChartOptions, Plugin } from 'chart.js';
import type { ChartTheme } from '../../shared/charts/chart-theme.ts';
import { rateSeriesText } from './text.ts';

export interface RatePoint {
  readonly learningRate: number;
  /** Smoothed. */
  readonly loss: number;
}

/** `3e-4`: a rate to one place, as people note it. */
export function shortRate(rate: number): string {
  return rate.toExponential(0).replace('e+0', '').replace('e+', 'e');
}

/** A rate rounded to what `shortRate` says, so that what is used is what was read. */
export function roundedRate(rate: number): number {
  return Number(rate.toExponential(0));
}

/** A tick only at powers of ten. */
export function decadeLabel(rate: number): string {
  const exponent = Math.log10(rate);
  return Math.abs(exponent - Math.round(exponent)) < 1e-6 ? shortRate(rate) : '';
}

/** The line through the points so far. */
export function rateData(points: readonly RatePoint[], theme: ChartTheme): ChartData<'line'> {
  return {
    datasets: [
      {
        label: rateSeriesText.loss,
        data: points.map(({ learningRate: x, loss: y }) => ({ x, y })),
        borderColor: theme.validation,
        borderWidth: 2,
        pointRadius: points.length === 1 ? 3 : 0,
        pointBackgroundColor: theme.validation,
      },
    ],
  };
}

/** Axes: rates from 1e-7 to 1; losses only up to where training begins to diverge. */
export function rateOptions(
  points: readonly RatePoint[],
  theme: ChartTheme,
  onRead: (rate: number | null) => void,
): ChartOptions<'line'> {
  const ticks = { color: theme.text, font: { size: 11 } };
  const first = points.slice(0, 10).map(({ loss }) => loss);
  const ceiling = first.length === 0 ? 1 : Math.max(...first) * 1.6;
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    parsing: false,
    events: ['mousemove', 'mouseout', 'touchmove'],
    font: { family: theme.font },
    layout: { padding: { top: 18, right: 8 } },
    scales: {
      x: {
        type: 'logarithmic',
        min: 1e-7,
        max: 1,
        title: { display: true, text: rateSeriesText.learningRate, color: theme.text, font: { size: 11 } },
        grid: { display: false },
        border: { color: theme.line },
        ticks: { ...ticks, maxRotation: 0, autoSkip: false, callback: (value) => decadeLabel(Number(value)) },
      },
      y: {
        type: 'linear',
        min: 0,
        max: ceiling,
        title: { display: true, text: rateSeriesText.lossSmoothed, color: theme.text, font: { size: 11 } },
        grid: { color: theme.line },
        border: { display: false },
        ticks: { ...ticks, maxTicksLimit: 5, callback: (value) => Number(value).toFixed(2) },
      },
    },
    onHover: (event, _, chart) => {
      const x =
        event.type === 'mouseout' || event.x === null ? undefined : chart.scales.x.getValueForPixel(event.x);
      onRead(x ?? null);
    },
  };
}

/** Lines at the suggested rate and at the one that is used now. */
export function rateAnnotations(
  theme: () => ChartTheme,
  lines: () => readonly { rate: number; label: string; strong: boolean }[],
): Plugin<'line'> {
  return {
    id: 'rates',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      ctx.save();
      ctx.font = `500 11px ${theme().font}`;
      ctx.textBaseline = 'bottom';
      for (const { rate, label, strong } of lines()) {
        const x = scales.x.getPixelForValue(rate);
        ctx.strokeStyle = strong ? theme().validation : theme().text;
        ctx.fillStyle = ctx.strokeStyle;
        ctx.lineWidth = strong ? 2 : 1;
        ctx.setLineDash(strong ? [] : [2, 3]);
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        ctx.textAlign = x > (chartArea.left + chartArea.right) / 2 ? 'right' : 'left';
        ctx.fillText(label, x + (ctx.textAlign === 'right' ? 4 : -4), chartArea.top - 3);
      }
      ctx.restore();
    },
  };
}
