/**
 * How long the embedding map takes to compute and to draw: `node test/bench/embedding-map.ts [PHOTOS …]`. Features are
 * generated; what a network takes to compute them is not in these times.
 */
import { permutation, stream } from '../../src-main/core/random/random.ts';
import { layOut } from '../../src-main/analysis/map/layout.ts';
import { type Rows, learnReduction, normaliseRows, reduceRows } from '../../src-main/analysis/map/reduce.ts';
import { scalePositions } from '../../src-main/analysis/map/scale-positions.ts';
import { drawPoints } from '../../src-renderer/features/map/raster.ts';
import { pointAt, pointRadius, pointsInside, wholeMap } from '../../src-renderer/features/map/view.ts';
import { clusteredFeatures } from '../fixtures/clustered-features.ts';

const dimension = 1280;
const groups = 12;
const sizes = process.argv.slice(2).map(Number);

const seconds = (from: number): string => `${((performance.now() - from) / 1000).toFixed(2)} s`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Rows come a thousand at a time, as they do from the file. */
function reduced(count: number): Rows {
  const sample = clusteredFeatures({ count: Math.min(count, 2000), dimension, groups });
  normaliseRows(sample);
  let began = performance.now();
  const reduction = learnReduction(sample, 50, 1);
  say(`  principal components of ${sample.data.length / dimension} × ${dimension}: ${seconds(began)}`);
  const data = new Float32Array(count * reduction.target);
  let spent = 0;
  for (let start = 0; start < count; start += 1000) {
    const rows = clusteredFeatures({ count: Math.min(1000, count - start), dimension, groups }, 0.5, 1);
    // Other noise in each thousand: a little of the row's number.
    for (let at = 0; at < rows.data.length; at += 7) rows.data[at] += 0.01 * ((start + at) % 97);
    began = performance.now();
    normaliseRows(rows);
    data.set(reduceRows(rows, reduction), start * reduction.target);
    spent += performance.now() - began;
  }
  say(`  bringing ${count} rows down to ${reduction.target}: ${(spent / 1000).toFixed(2)} s`);
  return { data, dimension: reduction.target };
}

/** The middle and the 95th percentile of the times of a piece of work, in milliseconds. */
function times(work: () => void, repeats: number): string {
  const all = Array.from({ length: repeats }, () => {
    const began = performance.now();
    work();
    return performance.now() - began;
  }).sort((a, b) => a - b);
  return `median ${all[repeats >> 1].toFixed(1)} ms, p95 ${all[Math.floor(repeats * 0.95)].toFixed(1)} ms`;
}

function measureDrawing(positions: Uint16Array): void {
  const count = positions.length / 2;
  const points = {
    version: '',
    ids: Int32Array.from({ length: count }, (_, at) => at),
    x: Float32Array.from({ length: count }, (_, at) => positions[2 * at] / 65_535),
    y: Float32Array.from({ length: count }, (_, at) => positions[2 * at + 1] / 65_535),
  };
  const of = Uint16Array.from(points.ids, (at) => at % groups);
  const looks = Array.from({ length: groups }, (_, at) => ({
    colour: [20 * at, 120, 255 - 20 * at] as const,
    shape: 'disc' as const,
    quiet: false,
  }));
  const [width, height] = [1600, 900];
  const size = { width, height };
  const view = wholeMap(size);
  const pixels = new Uint32Array(width * height);
  const drawing = { pixels, width, height, points, groups: of, looks, chosen: null, ...view };
  const radius = pointRadius(count, view, size);
  const line = times(() => drawPoints({ ...drawing, radius, background: [240, 240, 240] }), 60);
  say(`  drawing on ${width} × ${height}, radius ${radius.toFixed(1)}: ${line}`);
  say(`  point under the pointer: ${times(() => pointAt(points, of, view, { x: 700, y: 400 }, 10), 60)}`);
  const loop = Array.from({ length: 200 }, (_, at) => ({
    x: 800 + 300 * Math.cos(at / 32),
    y: 450 + 300 * Math.sin(at / 32),
  }));
  say(`  photos inside a loop of 200 corners: ${times(() => pointsInside(points, of, view, loop), 20)}`);
}

for (const count of sizes.length > 0 ? sizes : [1000, 10_000, 100_000]) {
  say(`${count} photos`);
  const rows = reduced(count);
  const began = performance.now();
  const phases = new Map<string, number>();
  let [phase, since] = ['', began];
  const { positions, fitted } = layOut(rows, {
    seed: 1,
    onProgress(next) {
      if (next === phase) return;
      const now = performance.now();
      phases.set(phase, now - since);
      [phase, since] = [next, now];
    },
  });
  phases.set(phase, performance.now() - since);
  const parts = [...phases].map(([name, time]) => `${name || 'start'} ${(time / 1000).toFixed(2)} s`);
  say(`  layout, ${fitted} by UMAP: ${seconds(began)} (${parts.join(', ')})`);
  say(`  memory: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`);
  // In a real project neighbours have no order: neither do they here.
  const order = permutation(count, stream(1, 'bench'));
  const scaled = scalePositions(positions);
  measureDrawing(Uint16Array.from(scaled, (_, at) => scaled[2 * order[at >> 1] + (at & 1)]));
}
