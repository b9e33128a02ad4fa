import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import { maxMegapixels } from '../../../../src-main/datasets/photos/decode.ts';
import { TooMuchAtOnce, hashBytes, readImageFile } from '../../../../src-main/datasets/photos/image-file.ts';
import {
  type TileSpec,
  decodePhoto,
  decodePicture,
  decodeTile,
  prepareFile,
  prepareImage,
} from '../../../../src-main/datasets/photos/tiles.ts';
import {
  cornerBmp,
  cornerColours,
  cornerPicture,
  cornerPixels,
  writeFiles,
} from '../../../fixtures/photos/photos.ts';
import { asOrdinaryUser } from '../../../fixtures/ordinary-user.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';

const spec = { size: 40, channels: 3 } as const;

/** Largest difference between two images' bytes. */
function distance(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** Colours a quarter in from each corner of a square RGB tile, clockwise from the top left. */
function corners(tile: Uint8Array, size: number): number[][] {
  const [near, far] = [Math.floor(size / 4), Math.floor((size * 3) / 4)];
  const at = (x: number, y: number): number[] =>
    Array.from(tile.subarray((y * size + x) * 3, (y * size + x) * 3 + 3));
  return [at(near, near), at(far, near), at(far, far), at(near, far)];
}

function expectCorners(tile: Uint8Array, tolerance: number): void {
  corners(tile, spec.size).forEach((colour, i) => {
    colour.forEach((value, channel) => {
      expect(Math.abs(value - cornerColours[i][channel])).toBeLessThanOrEqual(tolerance);
    });
  });
}

async function sixteenBits(): Promise<Buffer> {
  const bytes = await cornerPicture().toColourspace('rgb16').png().toBuffer();
  expect((await sharp(bytes).metadata()).depth).toBe('ushort');
  return bytes;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof AppError ? error.code : `no AppError: ${String(error)}`),
  );
}

describe('formats', () => {
  const formats: [string, string, number, () => Promise<Buffer>][] = [
    ['jpeg', 'JPEG', 12, () => cornerPicture().jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()],
    [
      'jpeg',
      'progressive JPEG',
      12,
      () => cornerPicture().jpeg({ quality: 95, progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
    ],
    ['png', 'PNG', 1, () => cornerPicture().png().toBuffer()],
    ['png', 'interlaced PNG', 1, () => cornerPicture().png({ progressive: true }).toBuffer()],
    ['png', '16-bit PNG', 1, sixteenBits],
    ['png', 'palette PNG', 6, () => cornerPicture().png({ palette: true }).toBuffer()],
    ['webp', 'WebP', 12, () => cornerPicture().webp({ quality: 95 }).toBuffer()],
    ['webp', 'lossless WebP', 1, () => cornerPicture().webp({ lossless: true }).toBuffer()],
    ['gif', 'GIF', 8, () => cornerPicture().gif().toBuffer()],
    ['tiff', 'TIFF', 1, () => cornerPicture().tiff({ compression: 'lzw' }).toBuffer()],
    [
      'tiff',
      'tiled TIFF',
      1,
      () =>
        cornerPicture()
          .tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 })
          .toBuffer(),
    ],
    ['avif', 'AVIF', 14, () => cornerPicture().avif({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer()],
    ['bmp', 'BMP', 1, async () => cornerBmp(96, 64)],
  ];

  test.each(formats)('%s (%s): the same picture', async (format, _, tolerance, make) => {
    const prepared = await prepareImage(await make(), [spec]);
    expect(prepared).toMatchObject({ format, width: 96, height: 64 });
    expectCorners(prepared.tiles[0].pixels, tolerance);
    const thumbnail = await sharp(prepared.thumbnail).metadata();
    expect(thumbnail).toMatchObject({ format: 'jpeg', width: 96, height: 64 });
  });

  test('HEIC: the same picture as its JPEG, upright', async (context) => {
    const folder = sharedData('odd/generated');
    if (folder === null) return context.skip('no HEIC can be made here, and the test data is not there');
    const heic = await prepareImage(await readFile(join(folder, 'photo.heic')), [spec]);
    const jpeg = await prepareImage(await readFile(join(folder, 'subsampling444_q100.jpg')), [spec]);
    expect(heic).toMatchObject({ format: 'heic', width: 400, height: 300 });
    const [ours, theirs] = [heic.tiles[0].pixels, jpeg.tiles[0].pixels];
    const mean = ours.reduce((sum, value, i) => sum + Math.abs(value - theirs[i]), 0) / ours.length;
    expect(mean).toBeLessThan(4);
  });

  test('CMYK has the colours of the picture', async () => {
    const cmyk = await cornerPicture().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const [red, green, blue, yellow] = corners(await decodeTile(cmyk, spec), spec.size);
    expect(red[0]).toBeGreaterThan(red[1] + 60);
    expect(green[1]).toBeGreaterThan(green[0] + 60);
    expect(blue[2]).toBeGreaterThan(blue[0] + 40);
    expect(Math.min(yellow[0], yellow[1])).toBeGreaterThan(yellow[2] + 60);
  });

  test('grey pictures get three equal channels, and one channel when asked', async () => {
    const grey = await cornerPicture().greyscale().png().toBuffer();
    const three = await decodeTile(grey, spec);
    const one = await decodeTile(grey, { size: 40, channels: 1 });
    expect(three).toHaveLength(4800);
    expect(one).toHaveLength(1600);
    for (let i = 0; i < 1600; i++)
      expect([three[i * 3], three[i * 3 + 1], three[i * 3 + 2]]).toEqual(Array(3).fill(one[i]));
  });

  test('transparency lies on white', async () => {
    const clear = await sharp({ create: { width: 30, height: 30, channels: 4, background: '#ff000000' } })
      .png()
      .toBuffer();
    expect(new Set(await decodeTile(clear, spec))).toEqual(new Set([255]));
  });

  test('of an animation, the first frame', async () => {
    const frames = Buffer.concat([cornerPixels(32, 32), Buffer.alloc(32 * 32 * 3, 9)]);
    const animated = sharp(frames, { raw: { width: 32, height: 64, channels: 3, pageHeight: 32 } });
    for (const bytes of [
      await animated.clone().gif().toBuffer(),
      await animated.clone().webp({ lossless: true }).toBuffer(),
    ]) {
      const prepared = await prepareImage(bytes, [spec]);
      expect(prepared).toMatchObject({ width: 32, height: 32 });
      expectCorners(prepared.tiles[0].pixels, 8);
    }
  });

  test("bytes inside a larger buffer are decoded, and stay the caller's", async () => {
    const bytes = await cornerPicture(64, 48).png().toBuffer();
    const around = Buffer.concat([Buffer.alloc(500, 7), bytes, Buffer.alloc(900, 9)]);
    const inside = around.subarray(500, 500 + bytes.length);
    const [one, two] = [await decodeTile(inside, spec), await decodeTile(bytes, spec)];
    expect(Buffer.compare(one, two)).toBe(0);
    expect(inside.equals(bytes)).toBe(true);
  });

  test('the same bytes give the same tile, whatever is decoded beside them', async () => {
    const bytes = await cornerPicture(1500, 900).jpeg().toBuffer();
    const larger: TileSpec = { size: 224, channels: 3 };
    const prepared = await Promise.all(
      Array.from({ length: 12 }, (_, i) => prepareImage(bytes, i % 2 === 0 ? [spec] : [spec, larger])),
    );
    const first = prepared[0].tiles[0].pixels;
    for (const { tiles } of prepared) expect(Buffer.compare(tiles[0].pixels, first)).toBe(0);
    expect(Buffer.compare(await decodeTile(bytes, spec), first)).toBe(0);
    expect(prepared[1].tiles[1].spec).toEqual(larger);
    expect(Buffer.compare(await decodeTile(bytes, larger), prepared[1].tiles[1].pixels)).toBe(0);
  });

  test('of several tiles, those that a small picture would be blown up for are left out', async () => {
    const sizes = [40, 150, 200].map((size) => ({ size, channels: 3 }) as const);
    const { tiles } = await prepareImage(await cornerPicture(80, 60).png().toBuffer(), sizes);
    expect(tiles.map(({ spec: { size } }) => size)).toEqual([40, 150]);
  });
});

describe('EXIF orientation', () => {
  /** The picture as a camera would store it, so that the tag sets it upright. */
  async function stored(orientation: number, width: number, height: number): Promise<Sharp> {
    const upright = cornerPicture(width, height);
    const turned = { 1: 0, 2: 0, 3: 180, 4: 0, 5: 90, 6: 270, 7: 270, 8: 90 }[orientation] ?? 0;
    const first = await upright.rotate(turned).png().toBuffer();
    const mirrored = sharp(first)
      .flop([2, 5, 7].includes(orientation))
      .flip(orientation === 4);
    return sharp(await mirrored.png().toBuffer()).withMetadata({ orientation });
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('%i: the same pixels', async (orientation) => {
    for (const [width, height] of [
      [96, 64],
      [1400, 1000],
    ]) {
      const plain = await prepareImage(await cornerPicture(width, height).png().toBuffer(), [spec]);
      const png = await (await stored(orientation, width, height)).png().toBuffer();
      expect((await sharp(png).metadata()).orientation).toBe(orientation);
      const prepared = await prepareImage(png, [spec]);
      expect(prepared).toMatchObject({ width, height });
      expect(distance(prepared.tiles[0].pixels, plain.tiles[0].pixels)).toBeLessThanOrEqual(2);
      const jpeg = await (
        await stored(orientation, width, height)
      )
        .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
        .toBuffer();
      expectCorners((await prepareImage(jpeg, [spec])).tiles[0].pixels, 12);
      const shown = await sharp(await decodePicture(jpeg)).metadata();
      expect([shown.width, shown.height, shown.orientation]).toEqual([width, height, undefined]);
    }
  });

  test('cameras’ own files: all eight are the picture that lies upright', async (context) => {
    const folder = sharedData('odd/exif_orientation_recurser');
    if (folder === null) return context.skip('the test data is not there');
    for (const kind of ['Landscape', 'Portrait']) {
      const tiles: Uint8Array[] = [];
      for (let orientation = 1; orientation <= 8; orientation++) {
        tiles.push(await decodeTile(await readFile(join(folder, `${kind}_${orientation}.jpg`)), spec));
      }
      for (const tile of tiles) {
        const mean = tile.reduce((sum, value, i) => sum + Math.abs(value - tiles[0][i]), 0) / tile.length;
        // The number painted into each differs, nothing else.
        expect(mean).toBeLessThan(6);
      }
    }
  });
});

describe('files that cannot be used', () => {
  const photo = (): Promise<Buffer> => cornerPicture(400, 300).jpeg({ quality: 90 }).toBuffer();
  /** Noise, so that no encoder makes it small enough to survive being cut. */
  const noisy = (): Sharp =>
    sharp({
      create: {
        width: 200,
        height: 150,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    });
  const cut = async (bytes: Promise<Buffer>, keep = 0.5): Promise<Buffer> => {
    const whole = await bytes;
    return whole.subarray(0, Math.floor(whole.length * keep));
  };

  test.each<[string, string, () => Promise<Buffer>]>([
    ['IMAGE_EMPTY', 'nothing', async () => Buffer.alloc(0)],
    ['IMAGE_NOT_AN_IMAGE', 'a web page', async () => Buffer.from('<!doctype html><p>Not found')],
    ['IMAGE_NOT_AN_IMAGE', 'zero bytes', async () => Buffer.alloc(5000)],
    [
      'IMAGE_FORMAT_UNSUPPORTED',
      'SVG',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50"/>'),
    ],
    ['IMAGE_FORMAT_UNSUPPORTED', 'PPM', async () => Buffer.from(`P6 20 20 255\n${'x'.repeat(1200)}`)],
    ['IMAGE_TRUNCATED', 'half a JPEG', () => cut(noisy().jpeg().toBuffer())],
    ['IMAGE_TRUNCATED', 'a JPEG without its last bytes', () => cut(noisy().jpeg().toBuffer(), 0.97)],
    ['IMAGE_TRUNCATED', 'half a progressive JPEG', () => cut(noisy().jpeg({ progressive: true }).toBuffer())],
    ['IMAGE_TRUNCATED', 'the head of a JPEG', async () => (await photo()).subarray(0, 64)],
    ['IMAGE_TRUNCATED', 'half a PNG', () => cut(noisy().png().toBuffer())],
    ['IMAGE_TRUNCATED', 'half an interlaced PNG', () => cut(noisy().png({ progressive: true }).toBuffer())],
    ['IMAGE_TRUNCATED', 'half a WebP', () => cut(noisy().webp().toBuffer())],
    ['IMAGE_TRUNCATED', 'half a GIF', () => cut(noisy().gif().toBuffer())],
    ['IMAGE_TRUNCATED', 'half a TIFF', () => cut(noisy().tiff({ compression: 'lzw' }).toBuffer())],
    ['IMAGE_TRUNCATED', 'half an AVIF', () => cut(noisy().avif().toBuffer())],
    ['IMAGE_TRUNCATED', 'half a BMP', () => cut(Promise.resolve(cornerBmp(100, 100)))],
    [
      'IMAGE_CORRUPT',
      'a PNG with a wrong checksum',
      async () => damaged(await noisy().png().toBuffer(), 0xff),
    ],
    [
      'IMAGE_CORRUPT',
      'a JPEG overwritten in the middle',
      async () => damaged(await noisy().jpeg().toBuffer(), 0xff, 400),
    ],
    ['IMAGE_TOO_SMALL', 'one pixel', () => cornerPicture(1, 1).png().toBuffer()],
    ['IMAGE_TOO_SMALL', 'a hair', () => cornerPicture(2000, 3).jpeg().toBuffer()],
  ])('%s: %s', async (code, _, make) => {
    expect(await codeOf(prepareImage(await make(), [spec]))).toBe(code);
  });

  /** Overwrites bytes in the middle. */
  function damaged(bytes: Buffer, value: number, count = 4): Buffer {
    return Buffer.from(bytes).fill(value, bytes.length >> 1, (bytes.length >> 1) + count);
  }

  test.each<[string, () => Promise<Buffer>]>([
    ['a JPEG with garbage after its end', async () => Buffer.concat([await photo(), Buffer.alloc(5000, 7)])],
    ['a JPEG without the mark of its end', async () => (await photo()).subarray(0, -2)],
    [
      'a JPEG with extra bytes before the mark of its end',
      async () =>
        Buffer.concat([(await photo()).subarray(0, -2), Buffer.alloc(40, 7), Buffer.from([0xff, 0xd9])]),
    ],
    ['eight pixels', () => cornerPicture(8, 8).png().toBuffer()],
  ])('accepted: %s', async (_, make) => {
    expect(await codeOf(prepareImage(await make(), [spec]))).toBe('accepted');
  });

  test('broken HEIC files, and a good one after them', async (context) => {
    const folder = sharedData('odd/generated');
    if (folder === null) return context.skip('no HEIC can be made here, and the test data is not there');
    const good = await readFile(join(folder, 'photo.heic'));
    expect(await codeOf(prepareImage(good.subarray(0, good.length >> 1), [spec]))).toBe('IMAGE_TRUNCATED');
    expect(await codeOf(prepareImage(damaged(good, 0xa5, 12_000), [spec]))).toMatch(/accepted|IMAGE_CORRUPT/);
    expect(await codeOf(prepareImage(good, [spec]))).toBe('accepted');
  });

  test('many broken files at once: each is told its own reason', async () => {
    const good = await noisy().jpeg().toBuffer();
    const files: [string, Buffer][] = [
      ['IMAGE_TRUNCATED', good.subarray(0, -400)],
      ['IMAGE_CORRUPT', damaged(good, 0xff, 400)],
      ['IMAGE_CORRUPT', damaged(await noisy().png().toBuffer(), 0xff)],
      ['accepted', good.subarray(0, -2)],
      ['accepted', good],
      ['IMAGE_TRUNCATED', await cut(noisy().gif().toBuffer())],
    ];
    const many = Array.from({ length: 10 }, () => files).flat();
    const codes = await Promise.all(many.map(([, bytes]) => codeOf(prepareImage(bytes, [spec]))));
    expect(codes).toEqual(many.map(([code]) => code));
  });

  test('too many pixels are refused before they are decoded', async () => {
    const before = process.resourceUsage().maxRSS;
    const bomb = await hugePng(30_000);
    expect(bomb.length).toBeLessThan(400_000);
    await expect(decodePhoto(bomb, 512)).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      params: { megapixels: 900, limit: maxMegapixels },
    });
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(60);
  });

  test('a BMP that claims to be huge is refused', async () => {
    const bytes = cornerBmp(16, 16);
    bytes.writeInt32LE(100_000, 18);
    bytes.writeInt32LE(100_000, 22);
    expect(await codeOf(prepareImage(bytes, [spec]))).toBe('IMAGE_TOO_LARGE');
  });
});

/** A one-bit PNG of this width and height: an image of nothing, highly packed. */
async function hugePng(side: number): Promise<Buffer> {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * 100));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...Array.from({ length: 300 }, () => chunk('IDAT', rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('reading files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lenslet-read-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const reading = (path: string) => Promise.resolve(path).then((found) => readImageFile(found, true));

  test('content, not the name, decides; the hash is that of the bytes', async () => {
    const png = await cornerPicture(900, 900).png({ compressionLevel: 0 }).toBuffer();
    expect(png.length).toBeGreaterThan(2 * 1024 * 1024);
    await writeFiles(folder, { 'photo.jpg': png });
    const file = readImageFile(join(folder, 'photo.jpg'), true);
    expect(file.content).toEqual({ kind: 'image', format: 'png' });
    expect(file.bytes.equals(png)).toBe(true);
    expect(hashBytes(file.bytes)).toBe(createHash('sha256').update(png).digest('hex'));
  });

  test('what is missing or a folder says so', async () => {
    expect(await codeOf(reading(join(folder, 'missing.jpg')))).toBe('IMAGE_MISSING');
    expect(await codeOf(reading(folder))).toBe('IMAGE_UNREADABLE');
  });

  test('what may not be read says so', async (context) => {
    if (process.platform === 'win32') return context.skip('Windows has other permissions');
    await writeFiles(folder, { 'secret.jpg': 'x' });
    await chmod(join(folder, 'secret.jpg'), 0);
    await chmod(folder, 0o755);
    await asOrdinaryUser(async () => {
      await expect(reading(join(folder, 'secret.jpg'))).rejects.toMatchObject({
        code: 'IMAGE_UNREADABLE',
        params: { reason: 'permission denied' },
      });
    });
  });

  test('a large file of a picture is read when no other is', async () => {
    const path = join(folder, 'padded.jpg');
    await writeFiles(folder, { 'padded.jpg': await cornerPicture().jpeg({ quality: 95 }).toBuffer() });
    await truncate(path, 40 * 1024 * 1024);
    expect(() => readImageFile(path, false)).toThrow(TooMuchAtOnce);
    const all = await Promise.all(Array.from({ length: 6 }, () => prepareFile(path, [spec])));
    for (const { width, bytes, tiles } of all) {
      expect([width, bytes]).toEqual([96, 40 * 1024 * 1024]);
      expect(tiles).toHaveLength(1);
    }
  });

  test('a large file that is no picture is not read', async () => {
    await writeFiles(folder, {
      'video.jpg': '\0\0\0\x18ftypisom',
      'huge.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    });
    await truncate(join(folder, 'video.jpg'), 3_000_000_000);
    await truncate(join(folder, 'huge.jpg'), 3_000_000_000);
    const before = process.memoryUsage().rss;
    expect(await codeOf(reading(join(folder, 'video.jpg')))).toBe('IMAGE_FORMAT_UNSUPPORTED');
    expect(await codeOf(reading(join(folder, 'huge.jpg')))).toBe('IMAGE_FILE_TOO_LARGE');
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});
