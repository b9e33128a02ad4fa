/**
 * Makes pictures smaller: first whole squares of pixels are averaged, then what is left of the way is gone with a
 * triangle filter. The same two steps as Pillow's `resize(…, BILINEAR, reducing_gap=1)`, and as antialiased bilinear
 * resizing elsewhere. libvips does it as well, but setting up one of its pipelines takes longer than all of this
 * does for a photo. The inner loops are WebAssembly: `resample/`.
 * @see https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.Image.resize
 */

import { kernelModule } from './resample/generated/kernel.ts';

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

/** Weights are whole numbers of this many parts, as in the kernel. */
const unit = 1 << 14;

/** The inner loops; `resample/assembly/kernel.ts` says what their numbers are. */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  averagePairs(...numbers: number[]): void;
  averageBlocks(...numbers: number[]): void;
  resize(...numbers: number[]): void;
}

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(kernelModule, 'base64')));
const kernel = exports as unknown as Kernel;

/** The kernel reads and writes up to this many bytes behind the end of a buffer. */
const spareBytes = 16;
const pageBytes = 65_536;

/** Lays out the kernel's memory, which grows when it has to. @returns where each buffer of these many bytes begins */
function places(...lengths: readonly number[]): number[] {
  let end = 0;
  const starts = lengths.map((length) => {
    const start = end;
    end += Math.ceil((length + spareBytes) / spareBytes) * spareBytes;
    return start;
  });
  const lacking = end - kernel.memory.buffer.byteLength;
  if (lacking > 0) kernel.memory.grow(Math.ceil(lacking / pageBytes));
  return starts;
}

/** The kernel's memory as it is now: growing replaces it. */
function memory(): Uint8Array {
  return new Uint8Array(kernel.memory.buffer);
}

function put(at: number, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
  memory().set(new Uint8Array(buffer, byteOffset, byteLength), at);
}

/** Averages blocks of `across × down` pixels; those at the right and at the bottom may be smaller. */
export function shrinkByBlocks(image: Pixels, across: number, down: number): ShrunkPixels {
  const { channels } = image;
  const width = Math.ceil(image.width / across);
  const height = Math.ceil(image.height / down);
  const about = { width, height, channels, across, down, from: image };
  if (across === 1 && down === 1) return { ...about, data: image.data };
  const bytes = width * height * channels;
  const [from, to] = places(image.data.length, bytes);
  put(from, image.data);
  const average = (columns: Range, rows: Range): void =>
    kernel.averageBlocks(
      ...[from, image.width, image.height, channels, to, width, across, down],
      ...[...columns, ...rows],
    );
  // What is whole is most of it, and quickly done.
  const [columns, rows] = [Math.floor(image.width / across), Math.floor(image.height / down)];
  if (across === 2 && down === 2 && channels === 3)
    kernel.averagePairs(from, image.width, to, width, columns, rows);
  else average([0, columns], [0, rows]);
  average([columns, width], [0, rows]);
  average([0, width], [rows, height]);
  return { ...about, data: memory().slice(to, to + bytes) };
}

type Range = readonly [from: number, to: number];

/**
 * Pixels that one of the result is made of, along one direction. Where blocks were averaged first, less than two of
 * the source come to one of the result, so that a triangle never covers more than four.
 */
const tapCount = 4;

/** For each pixel along one direction, the first it is made of and the weights of that and the next three. */
interface Taps {
  readonly first: Int32Array;
  readonly weights: Int16Array;
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
  const weights = new Int16Array(to * tapCount);
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
const maxKept = 1024;

function tapsFor(from: number, extent: number, to: number): Taps {
  const key = `${from}/${extent}/${to}`;
  const known = keptTaps.get(key);
  if (known !== undefined) return known;
  const taps = triangleTaps(from, extent, to);
  if (keptTaps.size >= maxKept) keptTaps.clear();
  keptTaps.set(key, taps);
  return taps;
}

/**
 * Resizes to exactly this size, whatever the shape; enlarges where it has to.
 * @param image less than twice as large as wanted
 * @returns `width · height · channels` bytes
 */
export function resizeByTriangle(image: ShrunkPixels, width: number, height: number): Uint8Array {
  const { channels, across, down, from: original } = image;
  const rows = tapsFor(image.height, original.height / down, height);
  const columns = tapsFor(image.width, original.width / across, width);
  const padded = padToTaps(image);
  const [from, row, to, ...tables] = places(
    ...[padded.data.length, padded.width * channels, width * height * channels],
    ...[rows.first, rows.weights, columns.first, columns.weights].map(({ byteLength }) => byteLength),
  );
  put(from, padded.data);
  [rows.first, rows.weights, columns.first, columns.weights].forEach((table, i) => put(tables[i], table));
  kernel.resize(from, padded.width, channels, row, to, width, height, ...tables);
  return memory().slice(to, to + width * height * channels);
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

/**
 * Takes the nearest pixel for each of a square, as Pillow's `resize(…, NEAREST)` does, and with it Keras' `load_img` and
 * its generators. Places are added up in the same order as there, so that rounding falls the same way.
 * @see https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Geometry.c (ImagingScaleAffine)
 */
export function nearestPixels({ width, height, channels, data }: Pixels, size: number): Uint8Array {
  const [columns, rows] = [nearestPlaces(width, size), nearestPlaces(height, size)];
  const square = new Uint8Array(size * size * channels);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel++) square[at++] = data[from + channel];
    }
  }
  return square;
}

function nearestPlaces(from: number, to: number): Int32Array {
  const step = from / to;
  const places = new Int32Array(to);
  let place = step * 0.5;
  for (let i = 0; i < to; i++) {
    places[i] = Math.min(from - 1, Math.trunc(place));
    place += step;
  }
  return places;
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
