/** What is made of a working image: the square training tile, the thumbnail, the picture to look at. */
import sharp, { type Sharp } from 'sharp';
import { imageWork } from './decode-gate.ts';
import { type DecodedImage, type WorkingImage, decodeImage } from './decode.ts';
import type { ImageFormat } from './image-format.ts';
import {
  type Pixels,
  type ShrunkPixels,
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
}

/** Long side of a thumbnail, at most. */
export const thumbnailSide = 256;
/** A thumbnail may be this small when that spares it the resizing. */
const smallestThumbnailSide = 192;
/** Long side of a picture to look at, at most. */
export const pictureSide = 2048;
/** Long side of the working image that thumbnails and tiles are made from, at least. */
const workingSide = 512;

/** Everything an import keeps of one photo. */
export interface PreparedImage {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  /** JPEG, upright. */
  readonly thumbnail: Buffer;
  readonly tile: Uint8Array;
}

/** Bytes of one record. */
export function tileBytes(spec: TileSpec): number {
  return spec.size * spec.size * spec.channels;
}

/** Decodes for tiles of one size. The same size always gives the same pixels, in training and in use. */
function decodeForTile(bytes: Uint8Array, spec: TileSpec): Promise<DecodedImage> {
  return decodeImage(bytes, Math.max(workingSide, 2 * spec.size));
}

/**
 * Decodes a photo once and makes all that an import needs of it.
 * @throws AppError as `decodeImage`
 */
export async function prepareImage(bytes: Uint8Array, spec: TileSpec): Promise<PreparedImage> {
  const { format, width, height, working } = await decodeForTile(bytes, spec);
  const shrunk = shrinkForThumbnail(working);
  const thumbnail = makeThumbnail(working, shrunk);
  const tile = makeTile(working, spec, shrunk);
  return { format, width, height, thumbnail: await thumbnail, tile };
}

/**
 * The training tile of a photo: squashed to a square, as the lesson's `target_size` does.
 * @throws AppError as `decodeImage`
 */
export async function decodeTile(bytes: Uint8Array, spec: TileSpec): Promise<Uint8Array> {
  return makeTile((await decodeForTile(bytes, spec)).working, spec);
}

/** The thumbnail of a photo. @throws AppError as `decodeImage` */
export async function decodeThumbnail(bytes: Uint8Array): Promise<Buffer> {
  const { working } = await decodeImage(bytes, workingSide);
  return makeThumbnail(working, shrinkForThumbnail(working));
}

/** The upright photo as a JPEG of at most `pictureSide` pixels. @throws AppError as `decodeImage` */
export async function decodePicture(bytes: Uint8Array): Promise<Buffer> {
  const { working } = await decodeImage(bytes, pictureSide);
  return finish(rawImage(working).jpeg({ quality: 88 }));
}

/** Raw pixels of any kind as a tile; for pictures that were never files of their own (idx). */
export function tileFromPixels(pixels: Pixels, spec: TileSpec): Uint8Array {
  return makeTile(pixels, spec);
}

/** A small picture shown large enough to see its pixels, as PNG. */
export function enlargePixels(pixels: Pixels, longSide: number): Promise<Buffer> {
  const factor = Math.max(1, Math.floor(longSide / Math.max(pixels.width, pixels.height)));
  const enlarged = rawImage(pixels).resize(pixels.width * factor, pixels.height * factor, {
    kernel: 'nearest',
  });
  return finish(enlarged.png());
}

/** A thumbnail from a tile, stretched back to the shape of the original: the last resort when that is gone. */
export function thumbnailFromTile(
  tile: Uint8Array,
  spec: TileSpec,
  original: { width: number; height: number },
): Promise<Buffer> {
  const scale = thumbnailSide / Math.max(original.width, original.height);
  const side = (length: number): number => Math.max(1, Math.round(length * Math.min(1, scale)));
  const { size, channels } = spec;
  const square = rawImage({ width: size, height: size, channels, data: tile });
  const stretched = square.resize(side(original.width), side(original.height), { fit: 'fill' });
  return finish(stretched.jpeg({ quality: 82 }));
}

function finish(image: Sharp): Promise<Buffer> {
  return imageWork.together(() => image.toBuffer());
}

function rawImage({ width, height, channels, data }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/** @param shrunk the same picture made smaller already; used when it is what the tile needs */
function makeTile(image: Pixels, { size, channels }: TileSpec, shrunk?: ShrunkPixels): Uint8Array {
  const [across, down] = stepsToSquare(image, size);
  const fits = shrunk?.across === across && shrunk.down === down;
  const square = resizeByTriangle(fits ? shrunk : shrinkByBlocks(image, across, down), size, size);
  if (image.channels === channels) return square;
  return channels === 1 ? toGrey(square) : toColour(square);
}

/** Pixels to average on the way to a square: as many one way as the other, unless that leaves twice the size or more. */
function stepsToSquare({ width, height }: Pixels, size: number): [across: number, down: number] {
  const across = wholeSteps(width, size);
  const down = wholeSteps(height, size);
  const both = Math.min(across, down);
  const enough = (from: number): boolean => from / both < 2 * size;
  return [enough(width) ? both : across, enough(height) ? both : down];
}

/** The picture in a size fit for a thumbnail, as far as that goes without more than averaging. */
function shrinkForThumbnail(working: WorkingImage): ShrunkPixels {
  const longSide = Math.max(working.width, working.height);
  const steps = Math.ceil(longSide / thumbnailSide);
  const sharpEnough = longSide / steps >= smallestThumbnailSide;
  return shrinkByBlocks(working, sharpEnough ? steps : 1, sharpEnough ? steps : 1);
}

function makeThumbnail(working: WorkingImage, shrunk: ShrunkPixels): Promise<Buffer> {
  const isSmall = Math.max(shrunk.width, shrunk.height) <= thumbnailSide;
  const thumbnail = rawImage(isSmall ? shrunk : working);
  // Every step costs, for small pictures more than the pixels do.
  if (!isSmall) thumbnail.resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside' });
  // Optimised coding saves a tenth of the bytes and costs a tenth of the whole import.
  return finish(thumbnail.jpeg({ quality: 82, optimiseCoding: false }));
}
