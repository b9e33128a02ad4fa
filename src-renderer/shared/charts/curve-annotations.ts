/** What is written into a chart of curves: stages, the best epoch, names, and the line at the epoch being read. */
import type { Chart, Plugin } from 'chart.js';
import { type Drawing, paint } from './drawn-curve.ts';

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

/** A thin line where a stage begins, and the stage's name above its part of the chart. */
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

/** Ends so close to each other, in pixels across, that their names could meet. */
const nameWidth = 60;

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
  const below = y + 16 < chartArea.bottom - 4;
  // Names stand right of the ends of the curves.
  const nearEnd = x + nameWidth / 2 > scales.x.getPixelForValue(curve.points.at(-1)!.x);
  ctx.textAlign = nearEnd ? 'right' : 'center';
  ctx.fillText('best', nearEnd ? x - 6 : x, below ? y + 15 : y - 15);
}

/** Pixels between two names, and between a name and the upper edge. */
const nameHeight = 14;

/** Moves names apart that would lie over each other, downwards, then back up where they leave the chart. */
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
 * Writes stages, the best epoch and the name of each curve into the chart, and a line at the epoch being read.
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
