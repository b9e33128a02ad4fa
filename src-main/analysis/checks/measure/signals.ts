/** What the checks know of one picture, measured once from its training tile. */
import { greySide, hashGrey } from './perceptual-hash.ts';

/** A tile: `size · size · channels` bytes, row by row. */
export interface Tile {
  readonly size: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** The measurements. */
export interface Signals {
  /** Variance of the Laplacian of the luminance (Pech-Pacheco et al., 2000); small is blurred. */
  readonly sharpness: number;
  /** Mean luminance, 0–1. */
  readonly brightness: number;
  /** Standard deviation of the luminance, 0–1. */
  readonly contrast: number;
  /** Mean distance of the colour from grey, 0–1. */
  readonly saturation: number;
  /** Share of pixels that are almost black. */
  readonly dark: number;
  /** Share of pixels that are almost white. */
  readonly bright: number;
  /** Perceptual hashes, see `hashGrey`. */
  readonly hashes: Int32Array;
  /** The picture in 32×32 grey values. */
  readonly grey: Uint8Array;
  /** Colour of the picture in 8×8 fields, without its brightness: two signed bytes each, red and blue against grey. */
  readonly colour: Int8Array;
  /** What the border looks like: mean and deviation of three colours along each side, as bytes. */
  readonly border: Uint8Array;
}

/** Changes when a measurement does, so that stored ones are measured again. */
export const signalsVersion = 3;

/** Side of the field of colours. */
export const colourSide = 8;

const almostBlack = 24;
const almostWhite = 244;
/** Width of the border, as a share of the side. */
const borderShare = 0.1;

/** Measures a tile. */
export function measureTile(tile: Tile): Signals {
  const luminance = luminanceOf(tile);
  const grey = shrink(luminance, tile.size);
  const { mean, deviation, dark, bright } = statistics(luminance);
  return {
    sharpness: laplacianVariance(luminance, tile.size),
    brightness: mean / 255,
    contrast: deviation / 255,
    saturation: colourfulness(tile),
    dark,
    bright,
    hashes: hashGrey(grey),
    grey,
    colour: coloursOf(tile),
    border: borderOf(tile),
  };
}

function coloursOf({ pixels, channels, size }: Tile): Int8Array {
  const colours = new Int8Array(2 * colourSide * colourSide);
  if (channels === 1) return colours;
  for (let row = 0; row < colourSide; row++) {
    const [top, bottom] = span(row, size, colourSide);
    for (let column = 0; column < colourSide; column++) {
      const [left, right] = span(column, size, colourSide);
      let [red, green, blue] = [0, 0, 0];
      for (let y = top; y < bottom; y++) {
        for (let p = 3 * (y * size + left), end = 3 * (y * size + right); p < end; p += 3) {
          red += pixels[p];
          green += pixels[p + 1];
          blue += pixels[p + 2];
        }
      }
      const count = (bottom - top) * (right - left);
      const grey = (red + green + blue) / 3;
      const at = 2 * (row * colourSide + column);
      colours[at] = Math.max(-127, Math.min(127, Math.round((red - grey) / count)));
      colours[at + 1] = Math.max(-127, Math.min(127, Math.round((blue - grey) / count)));
    }
  }
  return colours;
}

/** ITU-R BT.601 luma. */
function luminanceOf({ pixels, channels, size }: Tile): Uint8Array {
  if (channels === 1) return pixels;
  const luminance = new Uint8Array(size * size);
  for (let i = 0, p = 0; i < luminance.length; i++, p += 3) {
    luminance[i] = (pixels[p] * 77 + pixels[p + 1] * 150 + pixels[p + 2] * 29) >> 8;
  }
  return luminance;
}

function statistics(values: Uint8Array) {
  let [sum, squares, dark, bright] = [0, 0, 0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
    if (value < almostBlack) dark++;
    else if (value > almostWhite) bright++;
  }
  const mean = sum / values.length;
  const deviation = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
  return { mean, deviation, dark: dark / values.length, bright: bright / values.length };
}

function laplacianVariance(values: Uint8Array, size: number): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let y = 1; y < size - 1; y++) {
    for (let at = y * size + 1, end = at + size - 2; at < end; at++) {
      const value = values[at - 1] + values[at + 1] + values[at - size] + values[at + size] - 4 * values[at];
      sum += value;
      squares += value * value;
      count++;
    }
  }
  const mean = sum / count;
  return squares / count - mean * mean;
}

function colourfulness({ pixels, channels }: Tile): number {
  if (channels === 1) return 0;
  let sum = 0;
  for (let p = 0; p < pixels.length; p += 3) {
    const [red, green, blue] = [pixels[p], pixels[p + 1], pixels[p + 2]];
    sum += Math.max(red, green, blue) - Math.min(red, green, blue);
  }
  return sum / (pixels.length / 3) / 255;
}

/** Averages over areas, so that nothing between the samples is missed. */
function shrink(values: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(greySide * greySide);
  for (let y = 0; y < greySide; y++) {
    const [top, bottom] = span(y, size, greySide);
    for (let x = 0; x < greySide; x++) {
      const [left, right] = span(x, size, greySide);
      let sum = 0;
      for (let row = top; row < bottom; row++)
        for (let at = row * size + left, end = row * size + right; at < end; at++) sum += values[at];
      result[y * greySide + x] = Math.round(sum / ((bottom - top) * (right - left)));
    }
  }
  return result;
}

/** Which of `size` pixels make up one of `parts` fields. */
function span(at: number, size: number, parts: number): [number, number] {
  const start = Math.floor((at * size) / parts);
  return [start, Math.max(start + 1, Math.floor(((at + 1) * size) / parts))];
}

function borderOf({ pixels, channels, size }: Tile): Uint8Array {
  const width = Math.max(1, Math.round(size * borderShare));
  const result = new Uint8Array(24);
  const sides: readonly (readonly [number, number, number, number])[] = [
    [0, 0, size, width],
    [0, size - width, size, size],
    [0, 0, width, size],
    [size - width, 0, size, size],
  ];
  sides.forEach(([left, top, right, bottom], side) => {
    for (let channel = 0; channel < 3; channel++) {
      let [sum, squares] = [0, 0];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const value = pixels[(y * size + x) * channels + (channels === 1 ? 0 : channel)];
          sum += value;
          squares += value * value;
        }
      }
      const count = (bottom - top) * (right - left);
      const mean = sum / count;
      result[side * 6 + channel] = Math.round(mean);
      result[side * 6 + 3 + channel] = Math.round(Math.sqrt(Math.max(0, squares / count - mean * mean)));
    }
  });
  return result;
}
