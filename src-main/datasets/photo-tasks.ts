/** What can be made of the bytes of a photo; done in a photo thread. */
import { AppError } from '../contract/errors.ts';
import { type DecodedImage, type DecodePass, type WorkingImage, decodeImage } from './decode.ts';
import type { ImageFormat } from './image-format.ts';
import {
  type PhotoPixels,
  type TileSpec,
  fittingTiles,
  makePhotoPixels,
  makeThumbnail,
  makeTile,
  rawImage,
  workingSide,
  workingSideFor,
} from './photo-pixels.ts';

/** Long side of a picture to look at, at most. */
export const pictureSide = 2048;

/** Everything an import keeps of one photo. */
export interface PreparedImage extends PhotoPixels {
  readonly format: ImageFormat;
  /** Upright size of the original. */
  readonly width: number;
  readonly height: number;
}

/** What is wanted of a photo. */
export type PhotoTask =
  /** Those of the tiles that `fittingTiles` says. */
  | { readonly make: 'import'; readonly specs: readonly TileSpec[] }
  | { readonly make: 'tile'; readonly spec: TileSpec }
  | { readonly make: 'working'; readonly longSide: number }
  | { readonly make: 'thumbnail' | 'picture' };

/** What comes of it. */
export interface PhotoResults {
  readonly import: PreparedImage;
  readonly tile: Uint8Array;
  readonly working: DecodedImage;
  /** JPEG, upright. */
  readonly thumbnail: Uint8Array;
  /** JPEG, upright, of at most `pictureSide` pixels. */
  readonly picture: Uint8Array;
}

/**
 * Does one task.
 * @throws as `decodeImage`
 */
export async function doPhotoTask(
  task: PhotoTask,
  bytes: Uint8Array,
  pass: DecodePass,
): Promise<PhotoResults[keyof PhotoResults]> {
  const decode = (longSide: number): Promise<DecodedImage> => decodeImage(bytes, longSide, pass);
  switch (task.make) {
    case 'import':
      return prepare(await decode(sideForAll(task.specs)), task.specs);
    case 'tile':
      return makeTile((await decode(workingSideFor(task.spec))).working, task.spec);
    case 'working':
      return decode(task.longSide);
    case 'thumbnail':
      return makeThumbnail((await decode(workingSide)).working);
    case 'picture':
      return asPicture((await decode(pictureSide)).working);
  }
}

async function prepare(
  { format, width, height, working }: DecodedImage,
  specs: readonly TileSpec[],
): Promise<PreparedImage> {
  const pixels = await makePhotoPixels(working, fittingTiles(specs, { width, height }));
  return { format, width, height, ...pixels };
}

/** A tile has the same pixels, whatever was made beside it. @throws AppError INTERNAL_BUG */
function sideForAll(specs: readonly TileSpec[]): number {
  const [side, ...others] = new Set(specs.map(workingSideFor));
  if (others.length > 0)
    throw new AppError('INTERNAL_BUG', { detail: 'tiles from different working images' });
  return side;
}

function asPicture(working: WorkingImage): Promise<Buffer> {
  return rawImage(working).jpeg({ quality: 88 }).toBuffer();
}
