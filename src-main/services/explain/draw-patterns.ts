/** The pictures of filter patterns: the grid, and each by itself. */
import type { Grid } from '../../contract/app/explain/network.ts';
import type { PatternSettings } from '../../contract/app/explain/patterns.ts';
import { type Drawing, titledPicture } from './drawing.ts';
import { type Raster, resizeRaster } from './raster.ts';
import type { Result } from './results.ts';
import { drawGrid, gridOf } from './tile-grid.ts';

/** Patterns, ready to be drawn. */
export interface DrawnPatterns {
  readonly layer: string;
  readonly filters: readonly number[];
  /** One picture after another, `size · size · channels` bytes each. */
  readonly pictures: Uint8Array;
  readonly channels: 1 | 3;
  readonly pattern: PatternSettings;
  readonly software: string;
  readonly model: string;
}

/** As in the lesson. */
const columns = 8;
const margin = 5;
/** Side of one pattern shown by itself. */
const singleSide = 450;

/** The grid: 8 a row, 5 pixels apart. */
export function patternGrid(count: number, size: number): Grid {
  return gridOf(count, Math.min(columns, count), size, size, margin);
}

/** The pictures of patterns by address: `pattern/<place>`, and the grid. */
export function patternPictures(found: DrawnPatterns): Result {
  return {
    bytes: found.pictures.length,
    find([what, place]) {
      if (what === undefined) return wholeGrid(found);
      const index = Number(place);
      const isThere =
        what === 'pattern' && Number.isInteger(index) && index >= 0 && index < found.filters.length;
      return isThere ? onePattern(found, index) : null;
    },
  };
}

function colours({ pictures, channels, pattern }: DrawnPatterns, place: number): Uint8Array {
  const length = pattern.size ** 2 * channels;
  const pixels = pictures.subarray(place * length, (place + 1) * length);
  if (channels === 3) return pixels;
  const grey = new Uint8Array(3 * length);
  pixels.forEach((value, i) => grey.fill(value, 3 * i, 3 * i + 3));
  return grey;
}

function notesOf(
  { software, model, layer, pattern }: DrawnPatterns,
  title: string,
  filters: readonly number[],
) {
  return () => ({
    title,
    software,
    settings: { picture: 'filter patterns', model, layer, filters, ...pattern },
  });
}

function line({ model, pattern: { steps, stepSize, jitter, blur, octaves } }: DrawnPatterns): string {
  const extras = [
    ...(jitter > 0 ? [`jitter ${jitter}`] : []),
    ...(blur > 0 ? [`blur ${blur}`] : []),
    ...(octaves > 1 ? [`${octaves} octaves`] : []),
  ];
  return [`${model}: gradient ascent, ${steps} steps of size ${stepSize}`, ...extras].join(', ');
}

function wholeGrid(found: DrawnPatterns): Drawing {
  const { filters, pattern, layer } = found;
  const grid = patternGrid(filters.length, pattern.size);
  const raster = (): Raster => drawGrid(grid, filters.length, (place) => colours(found, place), [0, 0, 0]);
  const title = `Filter patterns of ${layer}`;
  return {
    notes: notesOf(found, title, filters),
    raster: async () => raster(),
    svg: () => titledPicture(raster(), title, line(found), false),
  };
}

function onePattern(found: DrawnPatterns, place: number): Drawing {
  const { size } = found.pattern;
  const whole: Raster = { width: size, height: size, channels: 3, data: colours(found, place) };
  const title = `${found.layer}, filter ${found.filters[place]}`;
  return {
    notes: notesOf(found, title, [found.filters[place]]),
    raster: async () => {
      const side = size * Math.max(1, Math.round(singleSide / size));
      return resizeRaster(whole, side, side, true);
    },
    svg: () => titledPicture(whole, title, line(found), false),
  };
}
