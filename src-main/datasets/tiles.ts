/** What is made of a photo: the square training tile, the thumbnail, the picture to look at. */
import type { Sharp } from 'sharp';
import { imageWork } from './decode-gate.ts';
import { decodeImage } from './decode.ts';
import type { ImageFormat } from './image-format.ts';
import {
  type TileSpec,
  makePhotoPixels,
  makeThumbnail,
  makeTile,
  rawImage,
  thumbnailSide,
  workingSide,
  workingSideFor,
} from './photo-pixels.ts';
import type { Pixels } from './resample.ts';

export { type TileSpec, thumbnailSide, tileBytes } from './photo-pixels.ts';

/** Long side of a picture to look at, at most. */
export const pictureSide = 2048;

/** Everything an import keeps of one photo. */
export interface PreparedImage {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  /** JPEG, upright. */
  readonly thumbnail: Buffer;
  readonly tile: Uint8Array;
}

/**
 * Decodes a photo once and makes all that an import needs of it.
 * @throws AppError as `decodeImage`
 */
export async function prepareImage(bytes: Uint8Array, spec: TileSpec): Promise<PreparedImage> {
  const { format, width, height, working } = await decodeImage(bytes, workingSideFor(spec));
  return { format, width, height, ...(await imageWork.together(() => makePhotoPixels(working, spec))) };
}

/**
 * The training tile of a photo: squashed to a square, as the lesson's `target_size` does.
 * @throws AppError as `decodeImage`
 */
export async function decodeTile(bytes: Uint8Array, spec: TileSpec): Promise<Uint8Array> {
  return makeTile((await decodeImage(bytes, workingSideFor(spec))).working, spec);
}

/** The thumbnail of a photo. @throws AppError as `decodeImage` */
export async function decodeThumbnail(bytes: Uint8Array): Promise<Buffer> {
  const { working } = await decodeImage(bytes, workingSide);
  return imageWork.together(() => makeThumbnail(working));
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
