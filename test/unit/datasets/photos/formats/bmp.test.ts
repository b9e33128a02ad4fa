import { encode } from 'fast-bmp';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../../../src-main/contract/shared/errors.ts';
import { decodeBmp, readBmpSize } from '../../../../../src-main/datasets/photos/formats/bmp.ts';
import { cornerPixels } from '../../../../fixtures/photos/photos.ts';

interface Parts {
  width: number;
  height: number;
  bits: number;
  compression?: number;
  masks?: number[];
  palette?: [number, number, number][];
  pixels: number[];
}

/** A bitmap with the classic 40-byte header. */
function bitmap({
  width,
  height,
  bits,
  compression = 0,
  masks = [],
  palette = [],
  pixels,
}: Parts): Uint8Array {
  const offset = 54 + masks.length * 4 + palette.length * 4;
  const bytes = Buffer.alloc(offset + pixels.length);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(offset, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(bits, 28);
  bytes.writeUInt32LE(compression, 30);
  bytes.writeUInt32LE(palette.length, 46);
  masks.forEach((mask, i) => bytes.writeUInt32LE(mask >>> 0, 54 + i * 4));
  palette.forEach(([r, g, b], i) => bytes.set([b, g, r, 0], 54 + masks.length * 4 + i * 4));
  bytes.set(pixels, offset);
  return bytes;
}

const R: [number, number, number] = [255, 0, 0];
const G: [number, number, number] = [0, 255, 0];
const B: [number, number, number] = [0, 0, 255];
const K: [number, number, number] = [0, 0, 0];
const palette = [K, R, G, B];
const shown = (bytes: Uint8Array): number[] => Array.from(decodeBmp(bytes).data);

describe('decodeBmp', () => {
  test('24 bits, bottom-up with padded rows, as another program writes it', () => {
    const [width, height] = [7, 5];
    const data = cornerPixels(width, height);
    const bytes = encode({ width, height, channels: 3, bitsPerPixel: 24, data });
    expect(readBmpSize(bytes)).toEqual({ width, height });
    expect(shown(bytes)).toEqual([...data]);
  });

  test('rows from the top', () => {
    const pixels = [...[0, 0, 255, 0], ...[255, 0, 0, 0]];
    expect(shown(bitmap({ width: 1, height: -2, bits: 24, pixels }))).toEqual([...R, ...B]);
  });

  test('palettes of 1, 4 and 8 bits, odd widths included', () => {
    const rows = [...R, ...G, ...B, ...K, ...R, ...G];
    const eight = bitmap({ width: 3, height: 2, bits: 8, palette, pixels: [0, 1, 2, 0, 1, 2, 3, 0] });
    expect(shown(eight)).toEqual(rows);
    const four = bitmap({
      width: 3,
      height: 2,
      bits: 4,
      palette,
      pixels: [0x01, 0x20, 0, 0, 0x12, 0x30, 0, 0],
    });
    expect(shown(four)).toEqual(rows);
    const one = bitmap({ width: 3, height: 1, bits: 1, palette: [K, R], pixels: [0b10100000, 0, 0, 0] });
    expect(shown(one)).toEqual([...R, ...K, ...R]);
  });

  test('32 bits without masks, whatever the fourth byte says', () => {
    const pixels = [0, 0, 255, 0, 255, 0, 0, 255];
    expect(shown(bitmap({ width: 2, height: 1, bits: 32, pixels }))).toEqual([...R, ...B]);
  });

  test('16 bits, five each, and with masks for 5-6-5', () => {
    const plain = bitmap({ width: 2, height: 1, bits: 16, pixels: [0x00, 0x7c, 0xe0, 0x03] });
    expect(shown(plain)).toEqual([...R, ...G]);
    const masks = [0xf800, 0x07e0, 0x001f];
    const masked = bitmap({
      width: 2,
      height: 1,
      bits: 16,
      compression: 3,
      masks,
      pixels: [0x00, 0xf8, 0xe0, 0x07],
    });
    expect(shown(masked)).toEqual([...R, ...G]);
  });

  test('32 bits with the masks of another order', () => {
    const masks = [0xff000000, 0x00ff0000, 0x0000ff00];
    const pixels = [9, 0, 0, 255, 9, 255, 0, 0];
    expect(shown(bitmap({ width: 2, height: 1, bits: 32, compression: 3, masks, pixels }))).toEqual([
      ...R,
      ...B,
    ]);
  });

  test('run-length encoding of 8 bits: runs, literals with padding, end of line, jump', () => {
    const pixels = [...[2, 1, 0, 3, 2, 3, 1, 0], ...[0, 0], ...[0, 2, 4, 0], ...[1, 3], ...[0, 1]];
    const bytes = bitmap({ width: 5, height: 2, bits: 8, compression: 1, palette, pixels });
    expect(shown(bytes)).toEqual([...K, ...K, ...K, ...K, ...B, ...R, ...R, ...G, ...B, ...R]);
  });

  test('run-length encoding of 4 bits', () => {
    const pixels = [...[3, 0x12], ...[0, 3, 0x23, 0x10], ...[0, 1]];
    const bytes = bitmap({ width: 6, height: 1, bits: 4, compression: 2, palette, pixels });
    expect(shown(bytes)).toEqual([...R, ...G, ...R, ...G, ...B, ...R]);
  });

  test('the 12-byte header of OS/2', () => {
    const bytes = Buffer.alloc(26 + 6 + 4);
    bytes.write('BM', 0, 'latin1');
    bytes.writeUInt32LE(32, 10);
    bytes.writeUInt32LE(12, 14);
    bytes.writeUInt16LE(2, 18);
    bytes.writeUInt16LE(1, 20);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt16LE(1, 24);
    bytes.set([0, 0, 255, 255, 0, 0], 26);
    bytes.set([0b01000000], 32);
    expect(shown(bytes)).toEqual([...R, ...B]);
  });

  test.each([
    [
      'pixels that end early',
      bitmap({ width: 4, height: 4, bits: 24, pixels: [1, 2, 3] }),
      'IMAGE_TRUNCATED',
    ],
    [
      'runs that end early',
      bitmap({ width: 4, height: 4, bits: 8, compression: 1, palette, pixels: [2, 1] }),
      'IMAGE_TRUNCATED',
    ],
    ['a header that ends early', new Uint8Array(20), 'IMAGE_TRUNCATED'],
    [
      'JPEG inside',
      bitmap({ width: 4, height: 4, bits: 24, compression: 4, pixels: [] }),
      'IMAGE_FORMAT_UNSUPPORTED',
    ],
    ['a size of nothing', bitmap({ width: 0, height: 4, bits: 24, pixels: [] }), 'IMAGE_CORRUPT'],
  ])('%s', (_, bytes, code) => {
    expect(() => decodeBmp(bytes)).toThrowError(AppError);
    expect(() => decodeBmp(bytes)).toThrowError(expect.objectContaining({ code }) as Error);
  });
});
