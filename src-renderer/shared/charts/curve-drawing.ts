/** How curves over epochs are drawn: datasets and options for Chart.js. */
import type { ChartData, ChartOptions } from 'chart.js';
import { percent } from '../text/format.ts';
import { type Drawing, type DrawnCurve, paint } from './drawn-curve.ts';

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

/** An accuracy axis begins well below the curves, so that 97% and 98% can be distinguished. */
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
