import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '../../../../src-main/contract/shared/errors.ts';
import { inspectTiff } from '../../../../src-main/datasets/photos/formats/tiff-samples.ts';
import { asTiff, withColours } from '../../../../src-main/datasets/photos/formats/heif-colours.ts';
import { readHeifFacts } from '../../../../src-main/datasets/photos/formats/heif-boxes.ts';
import { decodeTile, prepareFile } from '../../../../src-main/datasets/photos/tiles.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { type TiffPicture, tiffOf } from '../../../fixtures/photos/tiff-files.ts';

const side = 32;
const spec = { size: side, channels: 3 } as const;
/** The four quarters of the pictures, from the top left row by row. */
const greys = [200, 120, 60, 20];
const colours = [
  [200, 40, 90],
  [30, 160, 60],
  [50, 70, 210],
  [230, 210, 20],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lenslet-strange-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Samples of a picture of four quarters: those of each quarter, turned into what a format stores. */
function quarters(of: readonly (readonly number[])[], stored: (value: number) => number): number[] {
  return Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return of[(y < side / 2 ? 0 : 2) + (x < side / 2 ? 0 : 1)].map(stored);
  }).flat();
}

const grey = (stored: (value: number) => number): number[] =>
  quarters(
    greys.map((value) => [value]),
    stored,
  );
const rgb = (stored: (value: number) => number): number[] => quarters(colours, stored);
/** Beside the colours bands that are none. */
const bands = (stored: (value: number) => number): number[] =>
  quarters(
    colours.map((colour) => [...colour, 255 - colour[0], 128]),
    stored,
  );

const picture = (samples: TiffPicture['samples'], more: Partial<TiffPicture> = {}): Buffer =>
  tiffOf({ width: side, height: side, samples, ...more });

async function seen(bytes: Buffer): Promise<number[][]> {
  const tile = await decodeTile(bytes, spec);
  return [4, 4 + side / 2, (side / 2) * side + 4, (side / 2) * side + 4 + side / 2].map((at) => {
    const start = (at + 4 * side) * 3;
    return [...tile.subarray(start, start + 3)];
  });
}

function expectNear(found: number[][], expected: readonly (readonly number[])[], tolerance = 1): void {
  found.forEach((colour, quarter) =>
    colour.forEach((value, channel) => {
      const wanted = expected[quarter][channel % expected[quarter].length];
      expect(Math.abs(value - wanted), `quarter ${quarter}: ${String(colour)}`).toBeLessThanOrEqual(
        tolerance,
      );
    }),
  );
}

async function refusal(bytes: Buffer): Promise<AppError> {
  return decodeTile(bytes, spec).then(
    () => expect.fail('it was read'),
    (error: unknown) => error as AppError,
  );
}

describe('TIFF of every sample format has the values that it means', () => {
  test.each<[string, () => Buffer]>([
    ['8 bits', () => picture(Uint8Array.from(grey((v) => v)))],
    ['8 bits, white is zero', () => picture(Uint8Array.from(grey((v) => 255 - v)), { photometric: 0 })],
    ['signed 8 bits', () => picture(Int8Array.from(grey((v) => Math.round((v * 127) / 255))))],
    ['16 bits', () => picture(Uint16Array.from(grey((v) => v * 257)))],
    [
      '16 bits, white is zero',
      () => picture(Uint16Array.from(grey((v) => 65_535 - v * 257)), { photometric: 0 }),
    ],
    ['12 bits in 16', () => picture(Uint16Array.from(grey((v) => v * 16)))],
    ['8 bits in 16', () => picture(Uint16Array.from(grey((v) => v)))],
    [
      '14 bits in 16, said by the file',
      () => picture(Uint16Array.from(grey((v) => v * 64)), { tags: { 341: 16_383 } }),
    ],
    ['signed 16 bits', () => picture(Int16Array.from(grey((v) => v * 128)))],
    ['32 bits, all in use', () => picture(Uint32Array.from(grey((v) => v * 16_843_009)))],
    ['16 bits in 32', () => picture(Uint32Array.from(grey((v) => v * 257)))],
    ['floating point to 1', () => picture(Float32Array.from(grey((v) => v / 255)))],
    [
      'floating point to 1, white is zero',
      () => picture(Float32Array.from(grey((v) => 1 - v / 255)), { photometric: 0 }),
    ],
    ['floating point to 255', () => picture(Float32Array.from(grey((v) => v)))],
    ['floating point to 65535', () => picture(Float32Array.from(grey((v) => v * 257)))],
    [
      'floating point with gaps',
      () => picture(Float32Array.from([Number.NaN, ...grey((v) => v / 255).slice(1)])),
    ],
  ])('grey: %s', async (_what, make) => {
    expectNear(
      await seen(make()),
      greys.map((value) => [value]),
    );
  });

  test.each<[string, () => Buffer]>([
    [
      'floating point',
      () => picture(Float32Array.from(rgb((v) => v / 255)), { channels: 3, photometric: 2 }),
    ],
    ['12 bits in 16', () => picture(Uint16Array.from(rgb((v) => v * 16)), { channels: 3, photometric: 2 })],
    ['two more bands', () => picture(Uint8Array.from(bands((v) => v)), { channels: 5, photometric: 2 })],
    [
      'two more bands of 16 bits',
      () => picture(Uint16Array.from(bands((v) => v * 257)), { channels: 5, photometric: 2 }),
    ],
    [
      'a near-infrared band, which is no transparency',
      () =>
        picture(
          Uint8Array.from(
            quarters(
              colours.map((c) => [...c, 10]),
              (v) => v,
            ),
          ),
          { channels: 4, photometric: 2 },
        ),
    ],
    [
      'full transparency channel of floating point',
      () =>
        picture(
          Float32Array.from(
            quarters(
              colours.map((c) => [...c, 255]),
              (v) => v / 255,
            ),
          ),
          {
            channels: 4,
            photometric: 2,
            extra: 2,
          },
        ),
    ],
  ])('colours: %s', async (_what, make) => {
    expectNear(await seen(make()), colours);
  });

  test.each<[string, () => Buffer, RegExp]>([
    ['values below zero', () => picture(Int16Array.from(grey((v) => v - 100))), /below 0/],
    [
      'floating point below zero',
      () => picture(Float32Array.from(grey((v) => v / 128 - 1))),
      /which of them is black/,
    ],
    ['10 bits or a dark 12', () => picture(Uint16Array.from(grey((v) => v * 4))), /80 to 800/],
    ['14 bits or a dark 16', () => picture(Uint16Array.from(grey((v) => v * 64))), /which of them is white/],
    [
      'values in the millions',
      () => picture(Float32Array.from(grey((v) => v * 9999))),
      /which of them is white/,
    ],
    ['double precision', () => picture(Float64Array.from(grey((v) => v / 255))), /64 bits/],
    ['bands without a name', () => picture(Uint8Array.from(bands((v) => v)), { channels: 5 }), /5 bands/],
  ])('%s: refused with the reason, not as damaged', async (_what, make, reason) => {
    const error = await refusal(make());
    expect(error.code).toBe('IMAGE_SAMPLES_UNCLEAR');
    expect(error.message).toMatch(reason);
    expect(error.remedy).not.toMatch(/again/);
  });

  test.each([
    [50_000, 'Zstandard'],
    [34_925, 'LZMA'],
    [50_001, 'WebP'],
    [34_887, 'LERC'],
    [33_005, 'JPEG 2000'],
  ])('compression %i is refused as %s', async (compression, name) => {
    const error = await refusal(picture(Uint8Array.from(grey((v) => v)), { compression }));
    expect(error).toMatchObject({ code: 'IMAGE_FORMAT_UNSUPPORTED' });
    expect(error.message).toContain(name);
  });

  test('a 16-bit photograph with a profile is left to its profile', async () => {
    const profiled = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#804020' } })
      .toColourspace('rgb16')
      .withIccProfile('p3')
      .tiff()
      .toBuffer();
    expect(inspectTiff(profiled)).toBeNull();
  });
});

describe('camera raw is refused as that, whatever it is called', () => {
  const thumbnail = (tags: Record<number, number>): Buffer =>
    picture(Uint8Array.from(rgb((v) => v)), { channels: 3, photometric: 2, tags });
  /** A preview whose sub-directory holds the sensor's values, as Nikon and many others have it. */
  const withSensor = (tags: TiffPicture): Buffer => {
    const sensor = tiffOf(tags);
    const first = thumbnail({ 330: 0 });
    const at = first.length;
    const directory = sensor.readUInt32LE(4) + at;
    const whole = Buffer.concat([thumbnail({ 330: directory }), sensor]);
    // Only numbers that stand in their entries are looked at, so the sensor's lists may point anywhere.
    return whole;
  };
  const mosaic = { width: side, height: side, samples: Uint16Array.from(grey((v) => v * 16)) };

  test.each<[string, () => Buffer]>([
    ['NEF: a thumbnail before the sensor', () => withSensor({ ...mosaic, photometric: 32_803 })],
    ['ARW, PEF, SRW: a compression of cameras', () => withSensor({ ...mosaic, compression: 32_767 })],
    ['DNG', () => thumbnail({ 50_706: 0x00000401 })],
    ['linear DNG', () => picture(Uint16Array.from(rgb((v) => v)), { channels: 3, photometric: 34_892 })],
    [
      'CR2',
      () => {
        const bytes = thumbnail({});
        bytes.write('CR\x02\0', 8, 'latin1');
        return bytes;
      },
    ],
    ['ORF', () => Buffer.concat([Buffer.from('IIRO'), Buffer.alloc(200)])],
    ['X3F', () => Buffer.concat([Buffer.from('FOVb'), Buffer.alloc(200)])],
    ['MRW', () => Buffer.concat([Buffer.from('\0MRM'), Buffer.alloc(200)])],
  ])('%s', async (_what, make) => {
    const path = join(folder, 'DSC_0001.jpg');
    await writeFile(path, make());
    await expect(prepareFile(path, [spec])).rejects.toMatchObject({
      code: 'IMAGE_FORMAT_UNSUPPORTED',
      params: { format: 'camera raw' },
    });
  });
});

describe('HEIC', () => {
  test('profile, code points and other items are found in the boxes', async () => {
    const avif = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#c83c32' } })
      .withIccProfile('p3')
      .avif({ quality: 90 })
      .toBuffer();
    const { colours: found, otherItems } = readHeifFacts(avif);
    expect(found?.kind).toBe('profile');
    expect(otherItems.every((at) => at < avif.length)).toBe(true);
    expect(readHeifFacts(Buffer.alloc(40))).toEqual({ colours: null, otherItems: [] });
    for (let cut = 0; cut < avif.length; cut += 7)
      expect(() => readHeifFacts(avif.subarray(0, cut))).not.toThrow();
  });

  test('Display P3 by its code points and by its profile is the same sRGB', async () => {
    const pixels = {
      width: 8,
      height: 8,
      channels: 4 as const,
      data: new Uint8Array(256).map((_, i) => [200, 120, 90, 255][i % 4]),
    };
    const p3 = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#000' } })
      .withIccProfile('p3')
      .jpeg()
      .toBuffer();
    const { icc } = await sharp(p3).metadata();
    const byProfile = await sharp(asTiff(pixels, icc!)).toColourspace('srgb').flatten().raw().toBuffer();
    const byCodes = withColours(pixels, { kind: 'codes', primaries: 12, transfer: 13 }).pixels.data;
    for (let channel = 0; channel < 3; channel++) {
      expect(Math.abs(byProfile[channel] - byCodes[channel])).toBeLessThanOrEqual(1);
    }
    expect(byCodes[0]).toBeGreaterThan(205);
    expect(withColours(pixels, { kind: 'codes', primaries: 1, transfer: 13 }).pixels).toBe(pixels);
    expect(() => withColours(pixels, { kind: 'codes', primaries: 9, transfer: 16 })).toThrowError(
      /high dynamic range/,
    );
  });

  test('the profile is applied, and the primary picture is taken wherever it is stored', async (context) => {
    const field = sharedData('field/c08');
    if (field === null) return context.skip('no shared data');
    const read = async (name: string) => [...(await decodeTile(await readFile(join(field, name)), spec))];
    const [heic, jpeg] = [await read('p3.heic'), await read('p3.jpg')];
    expect(Math.max(...heic.map((value, at) => Math.abs(value - jpeg[at])))).toBeLessThanOrEqual(12);
    const [r, g, b] = await read('primary_second.heic');
    expect([r, g, b].map((value, at) => Math.abs(value - [221, 60, 50][at]) <= 6)).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe('pictures of 200 megapixels', () => {
  /** A JPEG whose header says another size; its data ends early. */
  async function claims(width: number, height: number, progressive: boolean): Promise<Buffer> {
    const bytes = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#804020' } })
      .jpeg({ progressive })
      .toBuffer();
    const frame = bytes.indexOf(Buffer.from([0xff, progressive ? 0xc2 : 0xc0]));
    bytes.writeUInt16BE(height, frame + 5);
    bytes.writeUInt16BE(width, frame + 7);
    return bytes;
  }

  test('a JPEG of a phone is not too large; one that would take gigabytes is', async () => {
    expect((await refusal(await claims(16_320, 12_240, false))).code).toMatch(/^IMAGE_(TRUNCATED|CORRUPT)$/);
    expect((await refusal(await claims(16_320, 12_240, true))).code).toBe('IMAGE_TOO_LARGE');
    expect((await refusal(await claims(40_000, 12_240, false))).code).toBe('IMAGE_TOO_LARGE');
  });
});
