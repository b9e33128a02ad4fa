/** Pictures as plain bytes, and as PNG with what they show written into them. */
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/** Pixels row by row, 8 bits a channel, RGB or RGB with opacity. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

/** What a picture says of itself. */
export interface PictureNotes {
  readonly title: string;
  /** Lenslet with its version. */
  readonly software: string;
  /** Everything that the picture was made with. */
  readonly settings: object;
}

/** An uncompressed text chunk of UTF-8. @see https://www.w3.org/TR/png-3/#11iTXt */
function textChunk(keyword: string, text: string): Buffer {
  const body = Buffer.concat([Buffer.from(`iTXt${keyword}`, 'latin1'), Buffer.alloc(5), Buffer.from(text)]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** Signature and header chunk, which must stay first. */
const headBytes = 8 + 25;

/** Writes notes into a PNG, where any program that shows metadata finds them. */
export function annotatePng(png: Buffer, { title, software, settings }: PictureNotes): Buffer {
  const chunks = [
    textChunk('Title', title),
    textChunk('Software', software),
    textChunk('Comment', JSON.stringify(settings)),
  ];
  return Buffer.concat([png.subarray(0, headBytes), ...chunks, png.subarray(headBytes)]);
}

/** A raster as PNG. @param longSide makes it smaller (never larger) when given */
export async function encodePng(
  raster: Raster,
  notes: PictureNotes | null,
  longSide?: number,
): Promise<Buffer> {
  const { width, height, channels, data } = raster;
  const image = sharp(data, { raw: { width, height, channels } });
  if (longSide !== undefined && Math.max(width, height) > longSide) {
    image.resize({ width: longSide, height: longSide, fit: 'inside' });
  }
  const png = await image.png({ compressionLevel: 4 }).toBuffer();
  return notes === null ? png : annotatePng(png, notes);
}

/** A raster at another size. @param smooth false: squares stay squares */
export async function resizeRaster(
  raster: Raster,
  width: number,
  height: number,
  smooth: boolean,
): Promise<Raster> {
  const { channels, data } = raster;
  const resized = await sharp(data, { raw: { width: raster.width, height: raster.height, channels } })
    .resize(width, height, { fit: 'fill', kernel: smooth ? 'lanczos3' : 'nearest' })
    .raw()
    .toBuffer();
  return { width, height, channels, data: resized };
}
