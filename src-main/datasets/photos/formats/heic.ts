/** HEIC, in WebAssembly, as libvips is built without its codec. In a photo thread only: it blocks. */
import type { RgbPixels } from './bmp.ts';
import { asCorrupt } from './decode-failure.ts';
import { type HeifColours, readHeifFacts } from './heif-boxes.ts';

/** A decoded picture and what its colours are. */
export interface HeicPicture {
  readonly pixels: RgbPixels;
  readonly colours: HeifColours;
}

/**
 * Decodes the primary picture of a HEIC file.
 * @returns upright pixels at full size, in the colours of the file
 * @throws AppError IMAGE_CORRUPT
 */
export async function decodeHeic(bytes: Uint8Array): Promise<HeicPicture> {
  // A megabyte of WebAssembly, which few photos need.
  const { default: decode } = await import('heic-decode');
  const { colours, otherItems } = readHeifFacts(bytes);
  const heic = Uint8Array.from(bytes);
  // The package knows fewer major brands than libheif beneath it does; the rest of the file decides.
  heic.set([0x68, 0x65, 0x69, 0x63], 8);
  // It takes the first picture that is not hidden.
  for (const at of otherItems) heic[at] |= 1;
  try {
    const { width, height, data } = await decode({ buffer: heic });
    return { pixels: { width, height, channels: 4, data: new Uint8Array(data.buffer) }, colours };
  } catch (error) {
    throw asCorrupt(error);
  }
}
