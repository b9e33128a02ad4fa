/**
 * Windows bitmaps. libvips reads none, and the packages tried read too few of them: fast-bmp knows no palette, no
 * top-down rows and takes pixels for colour masks; bmp-ts ignores where the pixels begin and stops at the first row
 * of a 4-bit picture of odd width.
 * @see https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
 */
import { AppError } from '../../../contract/shared/errors.ts';

/** Eight bits each of red, green, blue, row by row from the top. */
export interface RgbPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the colour masks or the palette begin. */
  readonly tableOffset: number;
  readonly paletteEntryBytes: 3 | 4;
  readonly paletteSize: number;
  readonly pixelOffset: number;
}

const compressions = { none: 0, rle8: 1, rle4: 2, bitFields: 3, alphaBitFields: 6 } as const;

/**
 * Size of a bitmap, without looking at its pixels.
 * @throws AppError IMAGE_TRUNCATED, IMAGE_CORRUPT
 */
export function readBmpSize(bytes: Uint8Array): { width: number; height: number } {
  const { width, height } = readHeader(bytes);
  return { width, height };
}

function readHeader(bytes: Uint8Array): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw new AppError('IMAGE_TRUNCATED');
  const headerSize = view.getUint32(14, true);
  const old = headerSize === 12;
  if (bytes.length < 14 + Math.max(headerSize, old ? 12 : 40)) throw new AppError('IMAGE_TRUNCATED');
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = headerSize < 20 ? 0 : view.getUint32(30, true);
  const masksAfterHeader =
    headerSize === 40
      ? ({ [compressions.bitFields]: 12, [compressions.alphaBitFields]: 16 }[compression] ?? 0)
      : 0;
  const listed = headerSize < 36 ? 0 : view.getUint32(46, true);
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bits,
    compression,
    tableOffset: 14 + headerSize + masksAfterHeader,
    paletteEntryBytes: old ? 3 : 4,
    paletteSize: bits <= 8 ? Math.min(listed || 1 << bits, 1 << bits) : 0,
    pixelOffset: view.getUint32(10, true),
  };
}

/**
 * Decodes a bitmap of 1, 2, 4, 8, 16, 24 or 32 bits, run-length encoded or not. Transparency is left out: hardly
 * any program writes it, and the fourth byte is mostly zero.
 * @throws AppError IMAGE_TRUNCATED, IMAGE_CORRUPT, IMAGE_FORMAT_UNSUPPORTED
 */
export function decodeBmp(bytes: Uint8Array): RgbPixels {
  const header = readHeader(bytes);
  const { width, height } = header;
  if (width <= 0 || height <= 0) throw new AppError('IMAGE_CORRUPT', { reason: 'the size is not positive' });
  const decode = decoders[header.compression];
  if (!decode)
    throw new AppError('IMAGE_FORMAT_UNSUPPORTED', { format: `BMP with compression ${header.compression}` });
  return { width, height, channels: 3, data: decode(bytes, header) };
}

type Decoder = (bytes: Uint8Array, header: BmpHeader) => Uint8Array;

const decoders: Partial<Record<number, Decoder>> = {
  [compressions.none]: decodePlain,
  [compressions.rle8]: (bytes, header) =>
    paint(header, unpackRuns(bytes, header), readPalette(bytes, header)),
  [compressions.rle4]: (bytes, header) =>
    paint(header, unpackRuns(bytes, header), readPalette(bytes, header)),
  [compressions.bitFields]: decodePlain,
  [compressions.alphaBitFields]: decodePlain,
};

function decodePlain(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const rowBytes = Math.ceil((header.width * header.bits) / 32) * 4;
  // Some writers leave out the padding of the last row.
  const needed = rowBytes * (header.height - 1) + Math.ceil((header.width * header.bits) / 8);
  if (header.pixelOffset + needed > bytes.length) throw new AppError('IMAGE_TRUNCATED');
  if ([1, 2, 4, 8].includes(header.bits)) {
    return paint(header, unpackIndices(bytes, header, rowBytes), readPalette(bytes, header));
  }
  if (header.bits === 24) return copyBytes(bytes, header, rowBytes);
  if (header.bits === 16 || header.bits === 32) return applyMasks(bytes, header, rowBytes);
  throw new AppError('IMAGE_FORMAT_UNSUPPORTED', { format: `BMP of ${header.bits} bits` });
}

/** Where the row that is shown as `y` (from the top) lies in the file, counted in rows. */
function storedRow(header: BmpHeader, y: number): number {
  return header.topDown ? y : header.height - 1 - y;
}

function readPalette(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let i = 0; i < header.paletteSize; i++) {
    const at = header.tableOffset + i * header.paletteEntryBytes;
    palette.set([bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0], i * 3);
  }
  return palette;
}

/** One palette index a pixel, rows in the order of the file. */
function unpackIndices(bytes: Uint8Array, header: BmpHeader, rowBytes: number): Uint8Array {
  const { width, height, bits } = header;
  const indices = new Uint8Array(width * height);
  const mask = (1 << bits) - 1;
  const perByte = 8 / bits;
  for (let row = 0; row < height; row++) {
    const start = header.pixelOffset + row * rowBytes;
    for (let x = 0; x < width; x++) {
      const shift = 8 - bits * ((x % perByte) + 1);
      indices[row * width + x] = (bytes[start + Math.floor(x / perByte)] >> shift) & mask;
    }
  }
  return indices;
}

/** Run-length encoding of 4 or 8 bits; pixels that are skipped keep index 0. */
function unpackRuns(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height } = header;
  const nibbles = header.compression === compressions.rle4;
  const indices = new Uint8Array(width * height);
  let [at, x, row] = [header.pixelOffset, 0, 0];
  const put = (index: number): void => {
    if (x < width && row < height) indices[row * width + x] = index;
    x++;
  };
  const pick = (byte: number, i: number): number => (nibbles ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte);
  for (;;) {
    if (at + 2 > bytes.length) throw new AppError('IMAGE_TRUNCATED');
    const [count, value] = [bytes[at], bytes[at + 1]];
    at += 2;
    if (count > 0) for (let i = 0; i < count; i++) put(pick(value, i));
    else if (value === 0) [x, row] = [0, row + 1];
    else if (value === 1) return indices;
    else if (value === 2) [x, row, at] = [x + (bytes[at] ?? 0), row + (bytes[at + 1] ?? 0), at + 2];
    else {
      for (let i = 0; i < value; i++) put(pick(bytes[at + (nibbles ? i >> 1 : i)] ?? 0, i));
      // Literal runs are padded to 16 bits.
      at += Math.ceil((nibbles ? Math.ceil(value / 2) : value) / 2) * 2;
    }
    // The mark at the very end is often missing; all rows are there then.
    if (row >= height && at >= bytes.length) return indices;
  }
}

function paint(header: BmpHeader, indices: Uint8Array, palette: Uint8Array): Uint8Array {
  const { width, height } = header;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = storedRow(header, y) * width;
    for (let x = 0; x < width; x++) {
      const entry = indices[from + x] * 3;
      const to = (y * width + x) * 3;
      pixels[to] = palette[entry];
      pixels[to + 1] = palette[entry + 1];
      pixels[to + 2] = palette[entry + 2];
    }
  }
  return pixels;
}

function copyBytes(bytes: Uint8Array, header: BmpHeader, rowBytes: number): Uint8Array {
  const { width, height } = header;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    let from = header.pixelOffset + storedRow(header, y) * rowBytes;
    let to = y * width * 3;
    for (let x = 0; x < width; x++, from += 3, to += 3) {
      pixels[to] = bytes[from + 2];
      pixels[to + 1] = bytes[from + 1];
      pixels[to + 2] = bytes[from];
    }
  }
  return pixels;
}

/** Colour masks of a 16- or 32-bit bitmap: red, green, blue. */
function readMasks(bytes: Uint8Array, header: BmpHeader): [number, number, number] {
  if (header.compression === compressions.none) {
    return header.bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0x00ff00, 0x0000ff];
  }
  // Right after the 40 bytes of the classic header, whether or not a longer one counts them as its own.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 66) throw new AppError('IMAGE_TRUNCATED');
  return [view.getUint32(54, true), view.getUint32(58, true), view.getUint32(62, true)];
}

function applyMasks(bytes: Uint8Array, header: BmpHeader, rowBytes: number): Uint8Array {
  const { width, height, bits } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pixels = new Uint8Array(width * height * 3);
  const parts = readMasks(bytes, header).map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, most: mask >>> shift || 1 };
  });
  for (let y = 0; y < height; y++) {
    let from = header.pixelOffset + storedRow(header, y) * rowBytes;
    let to = y * width * 3;
    for (let x = 0; x < width; x++, from += bits / 8) {
      const pixel = bits === 16 ? view.getUint16(from, true) : view.getUint32(from, true);
      for (const part of parts) {
        pixels[to++] = Math.round((((pixel & part.mask) >>> part.shift) * 255) / part.most);
      }
    }
  }
  return pixels;
}
