/** What is made of a working image: the square training tile, the thumbnail, the picture to look at. */
import sharp, { type Sharp } from 'sharp';
import { imageWork } from './decode-gate.ts';
import { type DecodedImage, type WorkingImage, decodeImage } from './decode.ts';
import type { ImageFormat } from './image-format.ts';

/** Shape of the records of a tile pack: `size · size · channels` bytes, row by row, channels interleaved. */
export interface TileSpec {
  readonly size: number;
  readonly channels: 1 | 3;
}

/** Long side of a thumbnail, at most. */
export const thumbnailSide = 256;
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
  readonly tile: Buffer;
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
  const [tile, thumbnail] = await Promise.all([makeTile(working, spec), makeThumbnail(working)]);
  return { format, width, height, thumbnail, tile };
}

/**
 * The training tile of a photo: squashed to a square, as the lesson's `target_size` does.
 * @throws AppError as `decodeImage`
 */
export async function decodeTile(bytes: Uint8Array, spec: TileSpec): Promise<Buffer> {
  return makeTile((await decodeForTile(bytes, spec)).working, spec);
}

/** The thumbnail of a photo. @throws AppError as `decodeImage` */
export async function decodeThumbnail(bytes: Uint8Array): Promise<Buffer> {
  return makeThumbnail((await decodeImage(bytes, workingSide)).working);
}

/** The upright photo as a JPEG of at most `pictureSide` pixels. @throws AppError as `decodeImage` */
export async function decodePicture(bytes: Uint8Array): Promise<Buffer> {
  const { working } = await decodeImage(bytes, pictureSide);
  return finish(rawImage(working).jpeg({ quality: 88 }));
}

/** Raw pixels of any kind as a tile; for pictures that were never files of their own (idx). */
export function tileFromPixels(
  pixels: { width: number; height: number; channels: 1 | 3; data: Uint8Array },
  spec: TileSpec,
): Promise<Buffer> {
  return makeTile(pixels, spec);
}

/** A small picture shown large enough to see its pixels, as PNG. */
export function enlargePixels(
  pixels: { width: number; height: number; channels: 1 | 3; data: Uint8Array },
  longSide: number,
): Promise<Buffer> {
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

function rawImage(
  image: WorkingImage | { width: number; height: number; channels: 1 | 3; data: Uint8Array },
) {
  const { width, height, channels, data } = image;
  return sharp(data, { raw: { width, height, channels } });
}

function makeTile(
  image: WorkingImage | { width: number; height: number; channels: 1 | 3; data: Uint8Array },
  spec: TileSpec,
): Promise<Buffer> {
  const tile = rawImage(image)
    .resize(spec.size, spec.size, { fit: 'fill' })
    .toColourspace(spec.channels === 1 ? 'b-w' : 'srgb');
  return finish(tile.raw());
}

function makeThumbnail(working: WorkingImage): Promise<Buffer> {
  const thumbnail = rawImage(working);
  // Every step costs, for small pictures more than the pixels do.
  if (Math.max(working.width, working.height) > thumbnailSide) {
    thumbnail.resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside' });
  }
  // Optimised coding saves a tenth of the bytes and costs a tenth of the whole import.
  return finish(thumbnail.jpeg({ quality: 82, optimiseCoding: false }));
}
