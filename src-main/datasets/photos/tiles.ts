/** What is made of a photo: the square training tile, the thumbnail, the picture to look at. */
import type { Sharp } from 'sharp';
import { imageWork } from './decode-gate.ts';
import type { DecodedImage } from './decode.ts';
import { type TileSpec, makeTile, rawImage, thumbnailSide } from './photo-pixels.ts';
import type { Box } from './crops.ts';
import type { Photo, PhotoFile, PreparedImage, SortedPhoto } from './photo-tasks.ts';
import { inPhotoThread } from './photo-threads.ts';
import type { Pixels } from './resample.ts';

export { type Tile, type TileSpec, fittingTiles, tileBytes, workingSideFor } from './photo-pixels.ts';
export type { Box } from './crops.ts';
export type { PhotoFile, PreparedImage, SortedPhoto } from './photo-tasks.ts';

/**
 * Decodes a photo once and makes all that an import needs of it.
 * @param specs tiles to make; all from a working image of the same size (`workingSideFor`)
 * @throws AppError as `inPhotoThread`
 */
export function prepareImage(photo: Photo, specs: readonly TileSpec[]): Promise<PreparedImage> {
  return inPhotoThread(photo, { make: 'import', specs });
}

/** What `prepareImage` and `lookAtFile` give, from one reading. @throws AppError as `inPhotoThread` */
export function prepareFile(path: string, specs: readonly TileSpec[]): Promise<PhotoFile & PreparedImage> {
  return inPhotoThread(path, { make: 'file', specs });
}

/** Reads a photo's file without decoding it. @throws AppError as `inPhotoThread` */
export function lookAtFile(path: string): Promise<PhotoFile> {
  return inPhotoThread(path, { make: 'look' });
}

/**
 * Reads a photo once for sorting: hash, EXIF data, and the tiles of its parts, or of all of it.
 * @throws AppError as `inPhotoThread`
 */
export function readForSorting(
  path: string,
  spec: TileSpec,
  parts: readonly Box[] | 'whole',
): Promise<SortedPhoto> {
  return inPhotoThread(path, { make: 'sort', spec, parts });
}

/**
 * The training tile of a photo: squashed to a square, as the lesson's `target_size` does.
 * @param hash of the content that is meant
 * @throws AppError as `inPhotoThread`; IMAGE_MISSING when the content is another by now
 */
export function decodeTile(photo: Photo, spec: TileSpec, hash?: string): Promise<Uint8Array> {
  return inPhotoThread(photo, { make: 'tile', spec, ...(hash === undefined ? {} : { hash }) });
}

/**
 * The photo itself, upright.
 * @param longSide the most pixels on the long side; smaller pictures stay as they are
 * @throws AppError as `inPhotoThread`
 */
export function decodePhoto(photo: Photo, longSide: number): Promise<DecodedImage> {
  return inPhotoThread(photo, { make: 'working', longSide });
}

/** The thumbnail of a photo, as JPEG. @throws AppError as `inPhotoThread` */
export function decodeThumbnail(photo: Photo): Promise<Uint8Array> {
  return inPhotoThread(photo, { make: 'thumbnail' });
}

/** The upright photo as a JPEG of at most `pictureSide` pixels. @throws AppError as `inPhotoThread` */
export function decodePicture(photo: Photo): Promise<Uint8Array> {
  return inPhotoThread(photo, { make: 'picture' });
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
