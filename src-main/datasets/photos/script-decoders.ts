/** Decoders that run in JavaScript or WebAssembly: for what libvips does not read. In a photo thread only, they block. */
import { type RgbPixels, decodeBmp } from './bmp.ts';
import { asCorrupt } from './decode-failure.ts';

/**
 * Decodes a BMP or HEIC picture; holds up its thread until it is done.
 * @returns upright pixels at full size
 * @throws AppError IMAGE_CORRUPT, IMAGE_TRUNCATED, IMAGE_FORMAT_UNSUPPORTED
 */
export async function decodeInScript(format: 'bmp' | 'heic', bytes: Uint8Array): Promise<RgbPixels> {
  if (format === 'bmp') return decodeBmp(bytes);
  // A megabyte of WebAssembly, which few photos need.
  const { default: decodeHeic } = await import('heic-decode');
  // The package knows fewer major brands than libheif beneath it does; the rest of the file decides.
  const heic = Uint8Array.from(bytes);
  heic.set([0x68, 0x65, 0x69, 0x63], 8);
  try {
    const { width, height, data } = await decodeHeic({ buffer: heic });
    return { width, height, channels: 4, data: new Uint8Array(data.buffer) };
  } catch (error) {
    throw asCorrupt(error);
  }
}
