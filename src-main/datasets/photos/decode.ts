/**
 * The one decoder: whatever shows, trains on or predicts an image gets its pixels from here, so that all see the
 * same. A file is decoded once, to an upright sRGB working image a little larger than anything made from it. Runs in
 * the photo threads (photo-threads.ts).
 */
import sharp, { type Sharp } from 'sharp';
import { AppError } from '../../contract/shared/errors.ts';
import { type RgbPixels, decodeBmp, readBmpSize } from './formats/bmp.ts';
import { explainFailure, isHarmless } from './formats/decode-failure.ts';
import { TooMuchAtOnce, requireImage } from './image-file.ts';
import type { ImageFormat } from './formats/image-format.ts';
import { readJpegFrame } from './formats/jpeg-frame.ts';
import { asTiff, withColours } from './formats/heif-colours.ts';
import { decodeHeic } from './formats/heic.ts';
import { type TiffSamples, decodeTiffSamples, inspectTiff } from './formats/tiff-samples.ts';

// Images come by the thousand, each once: a cache only holds memory, and one thread an image scales best.
sharp.cache(false);
sharp.concurrency(1);

/** Above this a picture is refused before a pixel is decoded. */
export const maxMegapixels = 120;
/** A JPEG of one scan is shrunk while it is decoded, so that even the largest of phones (200 megapixels) take little. */
const maxJpegMegapixels = 260;
/** The least width and height. */
export const minimumSide = 8;
/** Decoded one at a time: a few of these at once would fill the memory of a small machine. */
const largeMegapixels = 25;

/** Upright pixels, 8-bit sRGB, row by row. */
export interface WorkingImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 3;
  readonly data: Uint8Array;
}

/** A decoded file. */
export interface DecodedImage {
  readonly format: ImageFormat;
  /** Upright size of the original. */
  readonly width: number;
  readonly height: number;
  readonly working: WorkingImage;
}

interface Header {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1–8. */
  readonly orientation: number;
  /** True for a JPEG of one scan, whose end shows whether all of the picture is there. */
  readonly singleScan: boolean;
  /** Of a TIFF that libvips would read otherwise than it is meant. */
  readonly samples?: TiffSamples | undefined;
}

/** How a file is decoded. */
export interface DecodePass {
  /** What is unusual but harmless is let through, and what fails is explained; only true while nothing else runs. */
  readonly forgiving: boolean;
  /** It may take much memory: no other large picture is decoded meanwhile. */
  readonly largeAllowed: boolean;
}

/**
 * Decodes a file's bytes to an upright working image: orientation applied, transparency on white, any colour space
 * as sRGB.
 * @param longSide the most pixels on the long side; smaller pictures stay as they are
 * @throws AppError IMAGE_EMPTY, IMAGE_NOT_AN_IMAGE, IMAGE_FORMAT_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL,
 *   IMAGE_TRUNCATED, IMAGE_CORRUPT; TooMuchAtOnce when not largeAllowed; when not forgiving, what libvips says
 */
export async function decodeImage(
  bytes: Uint8Array,
  longSide: number,
  { forgiving, largeAllowed }: DecodePass,
): Promise<DecodedImage> {
  const { format } = requireImage(bytes);
  try {
    const header = await readHeader(format, bytes);
    checkSize(header);
    if (!largeAllowed && needsRoom(header)) throw new TooMuchAtOnce();
    const working = await decodeWorking(bytes, header, longSide, forgiving);
    const swapped = header.orientation >= 5;
    return {
      format: header.format,
      width: swapped ? header.height : header.width,
      height: swapped ? header.width : header.height,
      working,
    };
  } catch (error) {
    if (error instanceof AppError || error instanceof TooMuchAtOnce || !forgiving) throw error;
    throw explainFailure(format, bytes, messageOf(error));
  }
}

/** libheif always decodes in full size, in memory that is not given back before its thread ends. */
function needsRoom({ format, width, height }: Header): boolean {
  return format === 'heic' || width * height > largeMegapixels * 1e6;
}

async function readHeader(format: ImageFormat, bytes: Uint8Array): Promise<Header> {
  if (format === 'bmp') return { format, ...readBmpSize(bytes), orientation: 1, singleScan: false };
  const frame = format === 'jpeg' ? readJpegFrame(bytes) : null;
  if (frame !== null) {
    return {
      format,
      width: frame.width,
      height: frame.height,
      orientation: 1,
      singleScan: !frame.progressive,
    };
  }
  const samples = (format === 'tiff' ? inspectTiff(bytes) : null) ?? undefined;
  const metadata = await sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata();
  const { width, height, compression } = metadata;
  if (format !== 'heic' && format !== 'avif') {
    const singleScan = format === 'jpeg' && !metadata.isProgressive;
    return { format, width, height, orientation: metadata.orientation ?? 1, singleScan, samples };
  }
  // `mif1` files may hold either; the codec is known now. libheif has already turned the picture as its own boxes
  // say, which go before EXIF.
  return {
    format: compression === 'av1' ? 'avif' : 'heic',
    width,
    height,
    orientation: 1,
    singleScan: false,
  };
}

function limitOf({ singleScan }: Header): number {
  return singleScan ? maxJpegMegapixels : maxMegapixels;
}

function checkSize(header: Header): void {
  const { width, height } = header;
  const megapixels = (width * height) / 1e6;
  const limit = limitOf(header);
  if (megapixels > limit)
    throw new AppError('IMAGE_TOO_LARGE', { megapixels: Math.round(megapixels), limit });
  if (Math.min(width, height) < minimumSide) {
    throw new AppError('IMAGE_TOO_SMALL', { width, height, minimum: minimumSide });
  }
}

async function decodeWorking(
  bytes: Uint8Array,
  header: Header,
  longSide: number,
  forgiving: boolean,
): Promise<WorkingImage> {
  const limitInputPixels = limitOf(header) * 1e6;
  if (header.format === 'bmp') return shrinkPixels(decodeBmp(bytes), longSide);
  if (header.format === 'heic') return decodeProfiled(bytes, longSide);
  if (header.samples !== undefined) {
    const pixels = await decodeTiffSamples(bytes, header.samples, limitInputPixels);
    return shrinkPixels(pixels, longSide, header.orientation);
  }
  const decode = (input: Uint8Array, failOn: 'warning' | 'error'): Promise<WorkingImage> =>
    toWorking(sharp(input, { failOn, limitInputPixels }), longSide, header.orientation);
  // Only JPEG and TIFF report lost data as warnings, which `failOn: 'warning'` makes errors.
  if (header.format !== 'jpeg' && header.format !== 'tiff') return decode(bytes, 'error');
  try {
    return await decode(bytes, 'warning');
  } catch (error) {
    if (!forgiving) throw error;
    return decodeLessStrictly(bytes, header, error, decode);
  }
}

/** A second chance for what is unusual but harms nothing. @throws the first error when there is none */
async function decodeLessStrictly(
  bytes: Uint8Array,
  { singleScan }: Header,
  error: unknown,
  decode: (input: Uint8Array, failOn: 'warning' | 'error') => Promise<WorkingImage>,
): Promise<WorkingImage> {
  // Some cameras leave out the end mark. With it added, only a picture that lacks more still fails.
  if (singleScan && /premature end of JPEG/.test(messageOf(error))) {
    return decode(Buffer.concat([bytes, Buffer.from([0xff, 0xd9])]), 'warning').catch(() => {
      throw error;
    });
  }
  if (!isHarmless(messageOf(error))) throw error;
  return decode(bytes, 'error');
}

function shrinkPixels(pixels: RgbPixels, longSide: number, orientation = 1): Promise<WorkingImage> {
  const { width, height, channels, data } = pixels;
  return toWorking(sharp(data, { raw: { width, height, channels } }), longSide, orientation);
}

async function decodeProfiled(bytes: Uint8Array, longSide: number): Promise<WorkingImage> {
  const { pixels, colours } = await decodeHeic(bytes);
  const picture = withColours(pixels, colours);
  if (picture.profile === null) return shrinkPixels(picture.pixels, longSide);
  return toWorking(sharp(asTiff(picture.pixels, picture.profile), { failOn: 'none' }), longSide, 1);
}

/** How to set a picture upright: mirror first, then turn. */
const uprights: Record<number, { flip?: boolean; flop?: boolean; angle?: number }> = {
  2: { flop: true },
  3: { angle: 180 },
  4: { flip: true },
  5: { flop: true, angle: 270 },
  6: { angle: 90 },
  7: { flop: true, angle: 90 },
  8: { angle: 270 },
};

async function toWorking(input: Sharp, longSide: number, orientation: number): Promise<WorkingImage> {
  const { flip = false, flop = false, angle = 0 } = uprights[orientation] ?? {};
  const { data, info } = await input
    .flatten({ background: '#ffffff' })
    .resize({ width: longSide, height: longSide, fit: 'inside', withoutEnlargement: true })
    // Shrunk first and turned afterwards: turning the full picture would need all of it in memory.
    .flip(flip)
    .flop(flop)
    .rotate(angle)
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3)
    throw new AppError('INTERNAL_BUG', { detail: `${info.channels} channels after decoding` });
  return { width: info.width, height: info.height, channels: 3, data };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
