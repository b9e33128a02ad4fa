/** Where the map is on the screen: pan and zoom, hits and lassos. Lengths are CSS pixels, places 0 to 1. */
import type { MapPoints } from './points.ts';
import { notDrawn } from './colouring.ts';

/** A place `p` of the map is drawn at `left + p · scale`. */
export interface MapView {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
  /** How much of the map's square the photos take up, each way; they are in its middle. */
  readonly spanX?: number;
  readonly spanY?: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** Around the whole map, so that points at its edge are whole. */
const margin = 28;
const deepest = 60;

/** The whole map in the middle. */
export function wholeMap({ width, height, spanX = 1, spanY = 1 }: Size): MapView {
  const fitting = Math.min((width - 2 * margin) / spanX, (height - 2 * margin) / spanY);
  const scale = Math.max(40, fitting);
  return { scale, left: (width - scale) / 2, top: (height - scale) / 2 };
}

/** How much of its square a map takes up. */
export function spansOf({ x, y }: MapPoints): { spanX: number; spanY: number } {
  const span = (values: Float32Array): number => {
    let [low, high] = [1, 0];
    for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
    return Math.max(0.1, high - low);
  };
  return { spanX: span(x), spanY: span(y) };
}

/** Zooms around a spot, which stays where it is. */
export function zoomAt(view: MapView, spot: Spot, factor: number, size: Size): MapView {
  const { scale: whole } = wholeMap(size);
  const scale = Math.min(deepest * whole, Math.max(0.5 * whole, view.scale * factor));
  const by = scale / view.scale;
  return { scale, left: spot.x - (spot.x - view.left) * by, top: spot.y - (spot.y - view.top) * by };
}

/** Moves the view; some of the map always stays in it. */
export function moveBy({ scale, left, top }: MapView, x: number, y: number, size: Size): MapView {
  const kept = 60;
  const within = (edge: number, length: number): number =>
    Math.min(length - kept, Math.max(kept - scale, edge));
  return { scale, left: within(left + x, size.width), top: within(top + y, size.height) };
}

/** The same part of the map after the screen changed its size. */
export function resized(view: MapView, before: Size, after: Size): MapView {
  const by = wholeMap(after).scale / wholeMap(before).scale;
  return {
    scale: view.scale * by,
    left: after.width / 2 - (before.width / 2 - view.left) * by,
    top: after.height / 2 - (before.height / 2 - view.top) * by,
  };
}

/** A view with a place in its middle, close enough to see what lies around it. */
export function closeTo({ x, y }: Spot, size: Size): MapView {
  const scale = wholeMap(size).scale * 3;
  return { scale, left: size.width / 2 - x * scale, top: size.height / 2 - y * scale };
}

/** How large points are, as a radius: fewer are larger, and closer ones too. */
export function pointRadius(count: number, { scale }: MapView, size: Size): number {
  const alone = 8.6 - 1.45 * Math.log10(Math.max(10, count));
  const closer = Math.min(2, Math.max(0.9, (scale / wholeMap(size).scale) ** 0.3));
  return Math.max(1.3, alone * closer);
}

/** The photo at a spot: the nearest drawn one within reach; −1 when there is none. */
export function pointAt(
  { x, y }: MapPoints,
  groups: Uint16Array,
  view: MapView,
  spot: Spot,
  reach: number,
): number {
  const [px, py] = [(spot.x - view.left) / view.scale, (spot.y - view.top) / view.scale];
  let nearest = -1;
  let least = (reach / view.scale) ** 2;
  for (let at = 0; at < x.length; at++) {
    const distance = (x[at] - px) ** 2 + (y[at] - py) ** 2;
    // The last of equal ones is the one on top.
    if (distance > least || groups[at] === notDrawn) continue;
    least = distance;
    nearest = at;
  }
  return nearest;
}

/** Places in the list of the drawn photos inside a loop drawn on the screen. */
export function pointsInside(
  { x, y }: MapPoints,
  groups: Uint16Array,
  { scale, left, top }: MapView,
  loop: readonly Spot[],
): number[] {
  if (loop.length < 3) return [];
  const corners = loop.map((spot) => ({ x: (spot.x - left) / scale, y: (spot.y - top) / scale }));
  const [lowX, highX] = rangeOf(corners.map((corner) => corner.x));
  const [lowY, highY] = rangeOf(corners.map((corner) => corner.y));
  const inside: number[] = [];
  for (let at = 0; at < x.length; at++) {
    const outside = x[at] < lowX || x[at] > highX || y[at] < lowY || y[at] > highY;
    if (!outside && groups[at] !== notDrawn && encloses(corners, x[at], y[at])) inside.push(at);
  }
  return inside;
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

/** Even–odd rule: a ray to the right crosses the loop an odd number of times. */
function encloses(corners: readonly Spot[], px: number, py: number): boolean {
  let inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const [a, b] = [corners[i], corners[j]];
    if (a.y > py !== b.y > py && px < ((b.x - a.x) * (py - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

/**
 * Photos that stand for their surroundings, at most one per cell of a grid that lies on the map, so that they stay the
 * same while it is moved.
 * @param cell least side of a cell on the screen
 */
export function standFor(
  { x, y }: MapPoints,
  groups: Uint16Array,
  view: MapView,
  size: Size,
  cell: number,
): number[] {
  // Cells halve with the zoom, so that the photos of a zoom are among those of the next.
  const cells = 2 ** Math.floor(Math.log2(view.scale / cell));
  const found = new Map<number, { at: number; distance: number }>();
  for (let at = 0; at < x.length; at++) {
    if (groups[at] === notDrawn) continue;
    const [px, py] = [view.left + x[at] * view.scale, view.top + y[at] * view.scale];
    if (px < 0 || py < 0 || px > size.width || py > size.height) continue;
    const [column, row] = [Math.floor(x[at] * cells), Math.floor(y[at] * cells)];
    const distance = (x[at] * cells - column - 0.5) ** 2 + (y[at] * cells - row - 0.5) ** 2;
    const key = row * 100_000 + column;
    const known = found.get(key);
    if (known === undefined || distance < known.distance) found.set(key, { at, distance });
  }
  // Neighbouring cells may have theirs side by side at their common edge.
  const kept: number[] = [];
  const least = (0.7 * cell) / view.scale;
  for (const { at } of found.values()) {
    if (kept.every((other) => Math.hypot(x[at] - x[other], y[at] - y[other]) > least)) kept.push(at);
  }
  return kept;
}
