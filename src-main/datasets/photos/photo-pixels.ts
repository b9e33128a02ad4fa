/** What is made of a working image: the square training tile and the thumbnail. */
import sharp, { type Sharp } from 'sharp';
import type { Resize } from '../../contract/shared/training-settings.ts';
import type { WorkingImage } from './decode.ts';
import {
  type Pixels,
  type ShrunkPixels,
  nearestPixels,
  resizeByTriangle,
  shrinkByBlocks,
  toColour,
  toGrey,
  wholeSteps,
} from './resample.ts';

/** Shape of the records of a tile pack: `size · size · channels` bytes, row by row, channels interleaved. */
export interface TileSpec {
  readonly size: number;
  readonly channels: 1 | 3;
  /** How photos are made smaller; with a filter unless the nearest pixels are wanted. */
  readonly resize?: Resize | undefined;
}

/** Bytes of one record. */
export function tileBytes(spec: TileSpec): number {
  return spec.size * spec.size * spec.channels;
}

/** Long side of a thumbnail, at most. */
export const thumbnailSide = 256;
/** A thumbnail may be this small when that spares it the resizing. */
const smallestThumbnailSide = 192;
/** Long side of the working image that thumbnails and tiles are made from, at least. */
export const workingSide = 512;

/** Longer than any photo is. */
const anySide = 1e6;

/** The long side to decode to for a tile. The same size always gives the same pixels, in training and in use. */
export function workingSideFor(spec: TileSpec): number {
  // Which pixel is the nearest shows in the whole picture only.
  if (spec.resize === 'nearest') return anySide;
  return Math.max(workingSide, 2 * spec.size);
}

/** A training tile. */
export interface Tile {
  readonly spec: TileSpec;
  readonly pixels: Uint8Array;
}

/**
 * The tiles that are made of a photo at its import: the first, and the others where it is large enough. What is to be
 * blown up to more than twice its size is no photo for that network.
 */
export function fittingTiles(
  [first, ...more]: readonly TileSpec[],
  { width, height }: { readonly width: number; readonly height: number },
): TileSpec[] {
  return [first, ...more.filter(({ size }) => size <= 2 * Math.max(width, height))];
}

/** Tiles and thumbnail of a photo. */
export interface PhotoPixels {
  /** JPEG, upright. */
  readonly thumbnail: Uint8Array;
  readonly tiles: readonly Tile[];
}

/** Makes all from one working image, sharing what they can. */
export async function makePhotoPixels(
  working: WorkingImage,
  specs: readonly TileSpec[],
): Promise<PhotoPixels> {
  const shrunk = shrinkForThumbnail(working);
  // The thumbnail is made by a thread of libvips meanwhile.
  const thumbnail = encodeThumbnail(working, shrunk);
  const tiles = specs.map((spec) => ({ spec, pixels: makeTile(working, spec, shrunk) }));
  return { tiles, thumbnail: await thumbnail };
}

/**
 * Squashes a picture of any shape to a square, as the lesson's `target_size` does.
 * @param shrunk the same picture made smaller already; used when it is what the tile needs
 */
export function makeTile(image: Pixels, spec: TileSpec, shrunk?: ShrunkPixels): Uint8Array {
  const { size, channels } = spec;
  if (spec.resize === 'nearest') return inChannels(nearestPixels(image, size), image.channels, channels);
  const [across, down] = stepsToSquare(image, size);
  const fits = shrunk?.across === across && shrunk.down === down;
  const square = resizeByTriangle(fits ? shrunk : shrinkByBlocks(image, across, down), size, size);
  return inChannels(square, image.channels, channels);
}

function inChannels(pixels: Uint8Array, from: 1 | 3, to: 1 | 3): Uint8Array {
  if (from === to) return pixels;
  return to === 1 ? toGrey(pixels) : toColour(pixels);
}

/** Pixels to average on the way to a square: as many one way as the other, unless that leaves twice the size or more. */
function stepsToSquare({ width, height }: Pixels, size: number): [across: number, down: number] {
  const across = wholeSteps(width, size);
  const down = wholeSteps(height, size);
  const both = Math.min(across, down);
  const enough = (from: number): boolean => from / both < 2 * size;
  return [enough(width) ? both : across, enough(height) ? both : down];
}

/** The thumbnail of a working image. */
export function makeThumbnail(working: WorkingImage): Promise<Buffer> {
  return encodeThumbnail(working, shrinkForThumbnail(working));
}

/** The picture in a size fit for a thumbnail, as far as that goes without more than averaging. */
function shrinkForThumbnail(working: WorkingImage): ShrunkPixels {
  const longSide = Math.max(working.width, working.height);
  const steps = Math.ceil(longSide / thumbnailSide);
  const sharpEnough = longSide / steps >= smallestThumbnailSide;
  return shrinkByBlocks(working, sharpEnough ? steps : 1, sharpEnough ? steps : 1);
}

function encodeThumbnail(working: WorkingImage, shrunk: ShrunkPixels): Promise<Buffer> {
  const isSmall = Math.max(shrunk.width, shrunk.height) <= thumbnailSide;
  const thumbnail = rawImage(isSmall ? shrunk : working);
  // Every step costs, for small pictures more than the pixels do.
  if (!isSmall) thumbnail.resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside' });
  // Optimised coding saves a tenth of the bytes and costs a tenth of the whole import.
  return thumbnail.jpeg({ quality: 82, optimiseCoding: false }).toBuffer();
}

/** Raw pixels as an image of sharp's. */
export function rawImage({ width, height, channels, data }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}
