/** From the colours of a HEIC file to sRGB. */
import { AppError } from '../../../contract/shared/errors.ts';
import type { RgbPixels } from './bmp.ts';
import type { HeifColours } from './heif-boxes.ts';

/** Perceptual quantizer and hybrid log-gamma: what is white depends on the screen. */
const highDynamicRange = new Set([16, 18]);

/** Linear light of other primaries (by their code point) in that of sRGB, white D65 throughout. Rows: R, G, B. */
const matrices: Readonly<Record<number, readonly (readonly number[])[]>> = {
  9: [
    [1.660491, -0.587641, -0.07285],
    [-0.12455, 1.1329, -0.00835],
    [-0.018151, -0.100579, 1.11873],
  ],
  12: [
    [1.22494, -0.22494, 0],
    [-0.042057, 1.042057, 0],
    [-0.019638, -0.078636, 1.098274],
  ],
};

/** A picture whose colours libvips converts: with the profile beside its pixels. */
export interface ProfiledPicture {
  readonly pixels: RgbPixels;
  /** An ICC profile; null where the pixels are sRGB. */
  readonly profile: Uint8Array | null;
}

/**
 * Prepares the colours of a decoded picture.
 * @throws AppError IMAGE_FORMAT_UNSUPPORTED for high dynamic range
 */
export function withColours(pixels: RgbPixels, colours: HeifColours): ProfiledPicture {
  if (colours === null) return { pixels, profile: null };
  if (colours.kind === 'profile') return { pixels, profile: colours.profile };
  if (highDynamicRange.has(colours.transfer))
    throw new AppError('IMAGE_FORMAT_UNSUPPORTED', { format: 'HEIC with high dynamic range (PQ or HLG)' });
  const matrix = matrices[colours.primaries];
  return { pixels: matrix === undefined ? pixels : converted(pixels, matrix), profile: null };
}

/** IEC 61966-2-1: light of a value, 0–1. */
function toLight(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function toValue(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}

const steps = 8192;

function converted(
  { width, height, channels, data }: RgbPixels,
  matrix: readonly (readonly number[])[],
): RgbPixels {
  const light = Float64Array.from({ length: 256 }, (_, value) => toLight(value / 255));
  const value = Uint8Array.from({ length: steps + 1 }, (_, step) => Math.round(255 * toValue(step / steps)));
  const made = Uint8Array.from(data);
  for (let at = 0; at < made.length; at += channels) {
    const [r, g, b] = [light[made[at]], light[made[at + 1]], light[made[at + 2]]];
    for (let colour = 0; colour < 3; colour++) {
      const [fromR, fromG, fromB] = matrix[colour];
      const sum = Math.min(1, Math.max(0, fromR * r + fromG * g + fromB * b));
      made[at + colour] = value[Math.round(sum * steps)];
    }
  }
  return { width, height, channels, data: made };
}

/**
 * A TIFF of pixels with a profile, as libvips takes a profile only from a file.
 * @param pixels of at most 4 GB
 */
export function asTiff({ width, height, channels, data }: RgbPixels, profile: Uint8Array): Uint8Array {
  const entries: [tag: number, type: 3 | 4 | 7, count: number, value: number][] = [];
  const bitsAt = 8;
  const profileAt = bitsAt + 2 * channels;
  const pixelsAt = profileAt + profile.length + (profile.length % 2);
  entries.push(
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, channels, bitsAt],
    [259, 3, 1, 1],
    [262, 3, 1, 2],
    [273, 4, 1, pixelsAt],
    [277, 3, 1, channels],
    [278, 4, 1, height],
    [279, 4, 1, data.length],
    [284, 3, 1, 1],
  );
  if (channels === 4) entries.push([338, 3, 1, 2]);
  entries.push([34675, 7, profile.length, profileAt]);
  const directoryAt = pixelsAt + data.length + (data.length % 2);
  const tiff = new Uint8Array(directoryAt + 2 + 12 * entries.length + 4);
  const view = new DataView(tiff.buffer);
  tiff.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directoryAt, true);
  for (let channel = 0; channel < channels; channel++) view.setUint16(bitsAt + 2 * channel, 8, true);
  tiff.set(profile, profileAt);
  tiff.set(data, pixelsAt);
  view.setUint16(directoryAt, entries.length, true);
  entries.forEach(([tag, type, count, value], index) => {
    const at = directoryAt + 2 + 12 * index;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  });
  return tiff;
}
