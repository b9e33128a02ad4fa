/**
 * TIFF whose samples are not simply 8 bits a colour, as microscopes, satellites and scripts write it: floating point,
 * 32 bits, 12 bits in 16, more bands than colours. The format does not say which value is white, so it is told from the
 * values; where they do not tell, the picture is refused rather than read as black or white.
 */
import sharp from 'sharp';
import { AppError } from '../../../contract/shared/errors.ts';
import type { RgbPixels } from './bmp.ts';
import { type TiffDirectory, readTiffDirectories, tiffTags } from './tiff-header.ts';

const unsigned = 1;
const signed = 2;
const float = 3;
const whiteIsZero = 0;
const blackIsZero = 1;
const rgb = 2;
/** Colour filter array and linear raw: what a camera's sensor saw. */
const rawPhotometrics = new Set([32803, 34892]);
/** Compressions of cameras: Nikon, Sony, Pentax, Samsung, Kodak, Olympus. */
const rawCompressions = new Set([34713, 32767, 65535, 32770, 32769, 65000, 34316]);
/** What libtiff in libvips reads: none, CCITT, LZW, JPEG, Deflate, PackBits. */
const readCompressions = new Set([1, 2, 3, 4, 5, 6, 7, 8, 32771, 32773, 32946]);
const compressionNames: Readonly<Record<number, string>> = {
  33003: 'JPEG 2000',
  33004: 'JPEG 2000',
  33005: 'JPEG 2000',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

/** How the samples of a TIFF are to be read. */
export interface TiffSamples {
  /** Bits of one sample. */
  readonly bits: number;
  readonly format: number;
  readonly photometric: number;
  /** Bands that are colours; those behind them are left out. */
  readonly colours: 1 | 3;
  /** The band behind the colours is transparency. */
  readonly hasAlpha: boolean;
  /** The value that is white, where the file says it. */
  readonly white: number | null;
}

/**
 * Looks at a TIFF.
 * @returns null for one that libvips reads as it is meant
 * @throws AppError IMAGE_FORMAT_UNSUPPORTED for camera raw and compressions that are not read; IMAGE_SAMPLES_UNCLEAR
 */
export function inspectTiff(bytes: Uint8Array): TiffSamples | null {
  const directories = readTiffDirectories(bytes);
  if (directories.some(isCameraRaw) || isCanonRaw(bytes)) throw unsupported('camera raw');
  const [first] = directories;
  if (first === undefined) return null;
  const compression = one(first, tiffTags.compression, 1);
  if (!readCompressions.has(compression))
    throw unsupported(
      `TIFF with ${compressionNames[compression] ?? `an unknown (${compression})`} compression`,
    );
  const samples = one(first, tiffTags.samplesPerPixel, 1);
  const bits = one(first, tiffTags.bitsPerSample, 1);
  const format = one(first, tiffTags.sampleFormat, unsigned);
  const photometric = one(first, tiffTags.photometric, blackIsZero);
  if (isOrdinary(first, { samples, bits, format, photometric })) return null;
  const isGrey = photometric === whiteIsZero || photometric === blackIsZero;
  if (!isGrey && photometric !== rgb) return null;
  if (isGrey && samples > 2)
    throw unclear(`it has ${samples} bands, of which none is called red, green or blue`);
  const sizes: Readonly<Record<number, readonly number[]>> = {
    [unsigned]: [8, 16, 32],
    [signed]: [8, 16, 32],
    [float]: [32],
  };
  if (sizes[format]?.includes(bits) !== true)
    throw unclear(`it has ${kindOf(format)} samples of ${bits} bits`);
  const [extra] = first.get(tiffTags.extraSamples) ?? [];
  const white = one(first, tiffTags.largestValue, one(first, tiffTags.maxSampleValue, 0));
  return {
    bits,
    format,
    photometric,
    colours: isGrey ? 1 : 3,
    hasAlpha: samples > (isGrey ? 1 : 3) && (extra === 1 || extra === 2),
    // Some programs write the largest value of the picture there.
    white: Number.isInteger(Math.log2(white + 1)) && white > 0 ? white : null,
  };
}

function one(directory: TiffDirectory, tag: number, otherwise: number): number {
  return directory.get(tag)?.at(0) ?? otherwise;
}

function unsupported(format: string): AppError {
  return new AppError('IMAGE_FORMAT_UNSUPPORTED', { format });
}

function unclear(reason: string): AppError {
  return new AppError('IMAGE_SAMPLES_UNCLEAR', { reason });
}

function kindOf(format: number): string {
  const names: Readonly<Record<number, string>> = {
    [unsigned]: 'whole',
    [signed]: 'signed',
    [float]: 'floating-point',
    5: 'complex',
    6: 'complex',
  };
  return names[format] ?? 'undefined';
}

function isCameraRaw(directory: TiffDirectory): boolean {
  return (
    directory.has(tiffTags.dngVersion) ||
    rawPhotometrics.has(one(directory, tiffTags.photometric, -1)) ||
    rawCompressions.has(one(directory, tiffTags.compression, -1))
  );
}

/** CR2 has its own mark behind the header, as have the raw files of Phase One. */
function isCanonRaw(bytes: Uint8Array): boolean {
  const mark = String.fromCharCode(...bytes.subarray(8, 12));
  return mark.startsWith('CR\x02') || mark === 'IIII' || mark === 'MMMM';
}

function isOrdinary(
  directory: TiffDirectory,
  {
    samples,
    bits,
    format,
    photometric,
  }: { samples: number; bits: number; format: number; photometric: number },
): boolean {
  if (format !== unsigned && format !== 4) return false;
  // With a profile it is a photograph, whose 16 bits are all in use.
  const isFull = bits <= 8 || (bits === 16 && directory.has(tiffTags.profile));
  if (!isFull || ![1, 2, 4, 8, 16].includes(bits)) return false;
  const [extra = 1] = directory.get(tiffTags.extraSamples) ?? [];
  const spare = samples - (photometric === rgb ? 3 : 1);
  if (photometric === blackIsZero || photometric === whiteIsZero || photometric === rgb)
    return spare <= 0 || (spare === 1 && extra !== 0);
  return true;
}

/**
 * Decodes such a TIFF at full size: greys and colours of 8 bits, transparency where there is some.
 * @throws AppError IMAGE_SAMPLES_UNCLEAR; what libvips says
 */
export async function decodeTiffSamples(
  bytes: Uint8Array,
  tiff: TiffSamples,
  limitInputPixels: number,
): Promise<RgbPixels> {
  const { space } = await sharp(bytes, { limitInputPixels: false, failOn: 'none' }).metadata();
  const input = sharp(bytes, { failOn: 'error', limitInputPixels });
  // What comes out has no sign any more.
  const least = tiff.format === signed ? (await input.clone().stats()).channels[0].min : 0;
  if (least < 0)
    throw unclear(`it has values below 0 (${short(least)}), and nothing says which one is black`);
  const wide = tiff.bits === 32 && tiff.format !== float;
  // In its own colour space nothing is converted: the values come as they are stored.
  const { data, info } = await input
    .toColourspace(space)
    .raw({ depth: wide ? 'double' : 'float' })
    .toBuffer({ resolveWithObject: true });
  const whole = Uint8Array.from(data).buffer;
  const values = wide ? new Float64Array(whole) : new Float32Array(whole);
  const { width, height, channels } = info;
  const colours = Math.min(tiff.colours, channels);
  if (tiff.photometric === whiteIsZero && tiff.bits === 16) invert(values, 65_535);
  const white = tiff.white ?? whiteOf(values, channels, colours, tiff);
  const alpha = tiff.hasAlpha && channels > colours ? 1 : 0;
  const made = new Uint8Array(width * height * (3 + alpha));
  const at = (value: number): number => {
    const part = Math.min(1, Math.max(0, (Number.isNaN(value) ? 0 : value) / white));
    return Math.round(255 * (tiff.photometric === whiteIsZero && tiff.bits > 8 ? 1 - part : part));
  };
  for (let pixel = 0, from = 0, to = 0; pixel < width * height; pixel++, from += channels) {
    for (let colour = 0; colour < 3; colour++) made[to++] = at(values[from + Math.min(colour, colours - 1)]);
    if (alpha === 1) made[to++] = Math.round(255 * Math.min(1, values[from + colours] / white));
  }
  return { width, height, channels: alpha === 1 ? 4 : 3, data: made };
}

function invert(values: Float32Array | Float64Array, most: number): void {
  for (let i = 0; i < values.length; i++) values[i] = most - values[i];
}

/** The value that is white, by the range that the values are in. @throws AppError IMAGE_SAMPLES_UNCLEAR */
function whiteOf(
  values: Float32Array | Float64Array,
  channels: number,
  colours: number,
  { bits, format }: TiffSamples,
): number {
  let least = Infinity;
  let most = -Infinity;
  for (let from = 0; from < values.length; from += channels) {
    for (let colour = 0; colour < colours; colour++) {
      const value = values[from + colour];
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  const range = `its values go from ${short(least)} to ${short(most)}`;
  if (most === -Infinity) throw unclear('none of its values is a number');
  if (least < -1e-3) throw unclear(`${range}, and nothing says which of them is black`);
  // A little more than 1 are highlights.
  if (format === float && most < 8) return 1;
  if (bits === 8 && format === signed) return 127;
  if (format !== float && bits === 32 && most >= 2 ** 24)
    return format === signed ? 2 ** 31 - 1 : 2 ** 32 - 1;
  const white = bits === 16 && format === signed ? 32_767 : 65_535;
  if (most <= 255) return 255;
  // Between the ranges of 8, 12 and 16 bits: dark pictures of the one or bright ones of 10 or 14 bits.
  if (most > 1023 && most <= 4095) return 4095;
  if (most > 16_383 && most <= white) return white;
  throw unclear(`${range}, and nothing says which of them is white`);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
