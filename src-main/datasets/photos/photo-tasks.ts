/** What can be made of a photo; done in a photo thread, which also reads its file. */
import { AppError } from '../../contract/shared/errors.ts';
import { type DecodedImage, type DecodePass, type WorkingImage, decodeImage } from './decode.ts';
import { type Box, cropTo, sideForCrops } from './crops.ts';
import { type Place, type Shot, findExif, readPlace, readShot } from './exif.ts';
import { type ImageFile, hashBytes, readImageFile } from './image-file.ts';
import type { ImageFormat } from './formats/image-format.ts';
import { type PhotoClock, enterStage } from './photo-clock.ts';
import {
  type PhotoPixels,
  type Tile,
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

/** A photo: the path of its file, or what was in it. */
export type Photo = string | Uint8Array;

/** What a file says about itself, before anything is decoded. */
export interface PhotoFile {
  /** SHA-256 of its content. */
  readonly hash: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly shot: Shot;
}

/** A photo to sort: its file, where it was taken, and the tiles of the parts asked for. */
export interface SortedPhoto extends PhotoFile {
  readonly place: Place | null;
  readonly tiles: readonly Tile[];
}

/** What is wanted of a photo. */
export type PhotoTask =
  | { readonly make: 'look' }
  /** Those of the tiles that `fittingTiles` says. */
  | { readonly make: 'import' | 'file'; readonly specs: readonly TileSpec[] }
  /** With a hash, only if that is still the content. */
  | { readonly make: 'tile'; readonly spec: TileSpec; readonly hash?: string }
  /** Tiles of parts of it, or of all of it; none where there are no parts. */
  | { readonly make: 'sort'; readonly spec: TileSpec; readonly parts: readonly Box[] | 'whole' }
  | { readonly make: 'working'; readonly longSide: number }
  | { readonly make: 'thumbnail' | 'picture' };

/** What comes of it. */
export interface PhotoResults {
  /** Of a path. */
  readonly look: PhotoFile;
  /** Of a path: what `look` and `import` give, from one reading. */
  readonly file: PhotoFile & PreparedImage;
  readonly import: PreparedImage;
  readonly tile: Uint8Array;
  /** Of a path, from one reading. */
  readonly sort: SortedPhoto;
  readonly working: DecodedImage;
  /** JPEG, upright. */
  readonly thumbnail: Uint8Array;
  /** JPEG, upright, of at most `pictureSide` pixels. */
  readonly picture: Uint8Array;
}

/**
 * Does one task.
 * @param clock is told when reading and when decoding begins
 * @throws as `readImageFile` and `decodeImage`; AppError IMAGE_MISSING where a tile's photo is another by now
 */
export async function doPhotoTask(
  task: PhotoTask,
  photo: Photo,
  pass: DecodePass,
  clock: PhotoClock,
): Promise<PhotoResults[keyof PhotoResults]> {
  const read = (path: string): ImageFile => {
    enterStage(clock, 'reading');
    const file = readImageFile(path, pass.largeAllowed);
    enterStage(clock, 'decoding');
    return file;
  };
  if (task.make === 'look') return describeFile(read(requirePath(photo)));
  if (task.make === 'file') {
    const file = read(requirePath(photo));
    const prepared = await prepare(file.bytes, task.specs, pass);
    // Not before: one that needs room comes once more.
    return { ...describeFile(file), ...prepared };
  }
  if (task.make === 'sort') {
    const file = read(requirePath(photo));
    const tiles = await tilesOfParts(file.bytes, task.spec, task.parts, pass);
    return { ...describeFile(file), place: readPlace(findExif(file.bytes)), tiles };
  }
  enterStage(clock, 'decoding');
  const bytes = typeof photo === 'string' ? read(photo).bytes : photo;
  const decode = (longSide: number): Promise<DecodedImage> => decodeImage(bytes, longSide, pass);
  switch (task.make) {
    case 'import':
      return prepare(bytes, task.specs, pass);
    case 'tile':
      if (task.hash !== undefined && hashBytes(bytes) !== task.hash) throw new AppError('IMAGE_MISSING');
      return makeTile((await decode(workingSideFor(task.spec))).working, task.spec);
    case 'working':
      return decode(task.longSide);
    case 'thumbnail':
      return makeThumbnail((await decode(workingSide)).working);
    case 'picture':
      return asPicture((await decode(pictureSide)).working);
  }
}

function requirePath(photo: Photo): string {
  if (typeof photo === 'string') return photo;
  throw new AppError('INTERNAL_BUG', { detail: 'bytes are no file' });
}

function describeFile({ bytes, modified }: ImageFile): PhotoFile {
  return { hash: hashBytes(bytes), bytes: bytes.length, modified, shot: readShot(findExif(bytes)) };
}

async function tilesOfParts(
  bytes: Uint8Array,
  spec: TileSpec,
  parts: readonly Box[] | 'whole',
  pass: DecodePass,
): Promise<Tile[]> {
  if (parts.length === 0) return [];
  const usual = workingSideFor(spec);
  const side = parts === 'whole' ? usual : sideForCrops(parts, usual);
  const { working } = await decodeImage(bytes, side, pass);
  const pictures = parts === 'whole' ? [working] : parts.map((box) => cropTo(working, box));
  return pictures.map((picture) => ({ spec, pixels: makeTile(picture, spec) }));
}

async function prepare(
  bytes: Uint8Array,
  specs: readonly TileSpec[],
  pass: DecodePass,
): Promise<PreparedImage> {
  const { format, width, height, working } = await decodeImage(bytes, sideForAll(specs), pass);
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
