/**
 * Makes pictures smaller: first whole squares of pixels are averaged, then what is left of the way is gone with a
 * triangle filter. The same two steps as Pillow's `resize(…, BILINEAR, reducing_gap=1)`, and as antialiased bilinear
 * resizing elsewhere. libvips does it as well, but setting up one of its pipelines takes longer than all of this
 * does for a photo.
 * @see https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.Image.resize
 */

/** Eight bits a channel, row by row, channels interleaved. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** A picture whose pixels stand for squares of another's. */
export interface ShrunkPixels extends Pixels {
  /** Pixels of the original per pixel, across and down. The last ones may stand for fewer. */
  readonly across: number;
  readonly down: number;
  /** Size of the original. */
  readonly from: { readonly width: number; readonly height: number };
}

/** Weights are whole numbers of this many parts. */
const unitBits = 15;
const unit = 1 << unitBits;
const half = unit >> 1;

/** Averages blocks of `across × down` pixels; those at the right and at the bottom may be smaller. */
export function shrinkByBlocks(image: Pixels, across: number, down: number): ShrunkPixels {
  const { channels } = image;
  const width = Math.ceil(image.width / across);
  const height = Math.ceil(image.height / down);
  const about = { width, height, channels, across, down, from: image };
  if (across === 1 && down === 1) return { ...about, data: image.data };
  const shrunk = { ...about, data: new Uint8Array(width * height * channels) };
  const average = channels === 3 ? averageColours : averageGreys;
  // What is whole is most of it, and quickly done.
  const [columns, rows] = [Math.floor(image.width / across), Math.floor(image.height / down)];
  if (across === 2 && down === 2 && channels === 3) averagePairs(shrunk, image, columns, rows);
  else average(shrunk, image, [0, columns], [0, rows]);
  average(shrunk, image, [columns, width], [0, rows]);
  average(shrunk, image, [0, width], [rows, height]);
  return shrunk;
}

type Range = readonly [from: number, to: number];

function averageGreys(shrunk: ShrunkPixels, image: Pixels, [left, right]: Range, [top, bottom]: Range): void {
  const { across, down } = shrunk;
  const from = image.data;
  for (let y = top; y < bottom; y++) {
    const rows = Math.min(down, image.height - y * down);
    for (let x = left; x < right; x++) {
      const columns = Math.min(across, image.width - x * across);
      const pixels = columns * rows;
      let sum = pixels >> 1;
      for (let row = 0; row < rows; row++) {
        const start = (y * down + row) * image.width + x * across;
        for (let at = start; at < start + columns; at++) sum += from[at];
      }
      shrunk.data[y * shrunk.width + x] = (sum / pixels) | 0;
    }
  }
}

/** As for greys; the three sums side by side take half the time that one after the other does. */
function averageColours(
  shrunk: ShrunkPixels,
  image: Pixels,
  [left, right]: Range,
  [top, bottom]: Range,
): void {
  const { across, down } = shrunk;
  const from = image.data;
  const line = image.width * 3;
  for (let y = top; y < bottom; y++) {
    const rows = Math.min(down, image.height - y * down);
    let into = (y * shrunk.width + left) * 3;
    for (let x = left; x < right; x++, into += 3) {
      const columns = Math.min(across, image.width - x * across);
      const pixels = columns * rows;
      let red = pixels >> 1;
      let green = red;
      let blue = red;
      let start = y * down * line + x * across * 3;
      for (let row = 0; row < rows; row++, start += line) {
        for (let at = start; at < start + columns * 3; at += 3) {
          red += from[at];
          green += from[at + 1];
          blue += from[at + 2];
        }
      }
      shrunk.data[into] = (red / pixels) | 0;
      shrunk.data[into + 1] = (green / pixels) | 0;
      shrunk.data[into + 2] = (blue / pixels) | 0;
    }
  }
}

/** Blocks of 2 × 2 colours: photos of everyday sizes. In a third of the time. */
function averagePairs(shrunk: ShrunkPixels, image: Pixels, columns: number, rows: number): void {
  const from = image.data;
  const to = shrunk.data;
  const line = image.width * 3;
  for (let y = 0; y < rows; y++) {
    let at = 2 * y * line;
    let below = at + line;
    let into = y * shrunk.width * 3;
    for (let x = 0; x < columns; x++, at += 6, below += 6, into += 3) {
      to[into] = (from[at] + from[at + 3] + from[below] + from[below + 3] + 2) >> 2;
      to[into + 1] = (from[at + 1] + from[at + 4] + from[below + 1] + from[below + 4] + 2) >> 2;
      to[into + 2] = (from[at + 2] + from[at + 5] + from[below + 2] + from[below + 5] + 2) >> 2;
    }
  }
}

/**
 * Pixels that one of the result is made of, along one direction. Where blocks were averaged first, less than two of
 * the source come to one of the result, so that a triangle never covers more than four.
 */
const tapCount = 4;

/** For each pixel along one direction, the first it is made of and the weights of that and the next three. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: Int32Array;
}

/**
 * Triangle filter, as wide as two pixels of the result and never narrower than two of the source; its ends are cut
 * at the edges and the weights made whole again.
 * @param from pixels there are
 * @param extent what they stand for, in their own unit; less than `from` when the last one is not whole
 */
function triangleTaps(from: number, extent: number, to: number): Taps {
  const scale = extent / to;
  const reach = Math.max(1, scale);
  const first = new Int32Array(to);
  const weights = new Int32Array(to * tapCount);
  const parts = new Float64Array(tapCount);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale - 0.5;
    first[i] = Math.max(0, Math.min(Math.ceil(centre - reach), from - tapCount));
    let sum = 0;
    for (let tap = 0; tap < tapCount; tap++) {
      const at = first[i] + tap;
      parts[tap] = at < from ? Math.max(0, 1 - Math.abs(at - centre) / reach) : 0;
      sum += parts[tap];
    }
    let [largest, missing] = [0, unit];
    for (let tap = 0; tap < tapCount; tap++) {
      if (parts[tap] > parts[largest]) largest = tap;
      const weight = Math.round((parts[tap] / sum) * unit);
      weights[i * tapCount + tap] = weight;
      missing -= weight;
    }
    // Rounding must not make a white picture grey.
    weights[i * tapCount + largest] += missing;
  }
  return { first, weights };
}

/** Photos come in some hundred sizes; the taps of one are a few kilobytes. */
const keptTaps = new Map<string, Taps>();
const mostKept = 1024;

function tapsFor(from: number, extent: number, to: number): Taps {
  const key = `${from}/${extent}/${to}`;
  const known = keptTaps.get(key);
  if (known !== undefined) return known;
  const taps = triangleTaps(from, extent, to);
  if (keptTaps.size >= mostKept) keptTaps.clear();
  keptTaps.set(key, taps);
  return taps;
}

/**
 * Resizes to exactly this size, whatever the shape; enlarges where it has to.
 * @param image less than twice as large as wanted
 * @returns `width · height · channels` bytes
 */
export function resizeByTriangle(image: ShrunkPixels, width: number, height: number): Uint8Array {
  const { channels, across, down, from } = image;
  const rowTaps = tapsFor(image.height, from.height / down, height);
  const columnTaps = tapsFor(image.width, from.width / across, width);
  const padded = padToTaps(image);
  const row = new Uint8Array(padded.width * channels);
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    blendRows(row, padded.data, rowTaps, y);
    if (channels === 3) blendColours(data, y * width * 3, row, columnTaps);
    else blendGreys(data, y * width, row, columnTaps);
  }
  return data;
}

/** Adds black pixels that no weight falls on, so that there are as many as are read at a time. */
function padToTaps(image: Pixels): Pixels {
  const { channels } = image;
  const [width, height] = [Math.max(tapCount, image.width), Math.max(tapCount, image.height)];
  if (width === image.width && height === image.height) return image;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * channels, (y + 1) * image.width * channels);
    data.set(row, y * width * channels);
  }
  return { width, height, channels, data };
}

/** One row of the result's height, still as wide as the source. */
function blendRows(row: Uint8Array, from: Uint8Array, { first, weights }: Taps, y: number): void {
  const one = first[y] * row.length;
  const [two, three, four] = [one + row.length, one + 2 * row.length, one + 3 * row.length];
  const [a, b, c, d] = weights.subarray(y * tapCount, (y + 1) * tapCount);
  for (let x = 0; x < row.length; x++) {
    row[x] =
      (from[one + x] * a + from[two + x] * b + from[three + x] * c + from[four + x] * d + half) >> unitBits;
  }
}

function blendColours(to: Uint8Array, start: number, row: Uint8Array, { first, weights }: Taps): void {
  for (let x = 0, tap = 0, into = start; x < first.length; x++, tap += tapCount, into += 3) {
    const at = first[x] * 3;
    const a = weights[tap];
    const b = weights[tap + 1];
    const c = weights[tap + 2];
    const d = weights[tap + 3];
    to[into] = (row[at] * a + row[at + 3] * b + row[at + 6] * c + row[at + 9] * d + half) >> unitBits;
    to[into + 1] =
      (row[at + 1] * a + row[at + 4] * b + row[at + 7] * c + row[at + 10] * d + half) >> unitBits;
    to[into + 2] =
      (row[at + 2] * a + row[at + 5] * b + row[at + 8] * c + row[at + 11] * d + half) >> unitBits;
  }
}

function blendGreys(to: Uint8Array, start: number, row: Uint8Array, { first, weights }: Taps): void {
  for (let x = 0, tap = 0; x < first.length; x++, tap += tapCount) {
    const at = first[x];
    const sum = row[at] * weights[tap] + row[at + 1] * weights[tap + 1] + row[at + 2] * weights[tap + 2];
    to[start + x] = (sum + row[at + 3] * weights[tap + 3] + half) >> unitBits;
  }
}

/** How many pixels to average before resizing: as many as leave enough for the size wanted, at least 1. */
export function wholeSteps(from: number, to: number): number {
  return Math.max(1, Math.floor(from / to));
}

/** Brightness of red, green, blue as Pillow's `L` has it (ITU-R BT.601). @returns one byte a pixel */
export function toGrey(colours: Uint8Array): Uint8Array {
  const greys = new Uint8Array(colours.length / 3);
  for (let i = 0, at = 0; i < greys.length; i++, at += 3) {
    greys[i] = (colours[at] * 19_595 + colours[at + 1] * 38_470 + colours[at + 2] * 7_471 + 0x8000) >> 16;
  }
  return greys;
}

/** The same brightness in red, green and blue. */
export function toColour(greys: Uint8Array): Uint8Array {
  const colours = new Uint8Array(greys.length * 3);
  for (let i = 0; i < colours.length; i++) colours[i] = greys[(i / 3) | 0];
  return colours;
}
