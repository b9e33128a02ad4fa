/** What can be made of the bytes of a photo; done in a photo thread. */
import { type DecodedImage, type DecodePass, type WorkingImage, decodeImage } from './decode.ts';
import type { ImageFormat } from './image-format.ts';
import {
  type PhotoPixels,
  type TileSpec,
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
  | { readonly make: 'import'; readonly spec: TileSpec }
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
      return prepare(await decode(workingSideFor(task.spec)), task.spec);
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
  spec: TileSpec,
): Promise<PreparedImage> {
  return { format, width, height, ...(await makePhotoPixels(working, spec)) };
}

function asPicture(working: WorkingImage): Promise<Buffer> {
  return rawImage(working).jpeg({ quality: 88 }).toBuffer();
}
