import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readJpegFrame } from '../../../../../src-main/datasets/photos/formats/jpeg-frame.ts';
import { cornerPicture } from '../../../../fixtures/photos/photos.ts';
import { sharedData } from '../../../../fixtures/shared-data.ts';

test.each([
  ['plain', () => cornerPicture(91, 47).jpeg(), false],
  ['progressive', () => cornerPicture(91, 47).jpeg({ progressive: true }), true],
  ['grey', () => cornerPicture(91, 47).greyscale().jpeg(), false],
  ['CMYK', () => cornerPicture(91, 47).toColourspace('cmyk').jpeg(), false],
  ['with a colour profile', () => cornerPicture(91, 47).withIccProfile('p3').jpeg(), false],
])('%s: size and scans', async (_, make, progressive) => {
  expect(readJpegFrame(await make().toBuffer())).toEqual({ width: 91, height: 47, progressive });
});

test('EXIF data, which may turn the picture, and whatever is cut or odd is left to the decoder', async () => {
  const plain = await cornerPicture(91, 47).jpeg().toBuffer();
  const turned = await cornerPicture(91, 47).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(readJpegFrame(turned)).toBeNull();
  for (const length of [0, 2, 3, 20, 60]) expect(readJpegFrame(plain.subarray(0, length))).toBeNull();
  expect(readJpegFrame(Buffer.concat([plain.subarray(0, 2), Buffer.alloc(100, 0xff)]))).toBeNull();
  expect(
    readJpegFrame(Buffer.concat([plain.subarray(0, 2), Buffer.from([0xff, 0xe0, 0, 0, 0, 0])])),
  ).toBeNull();
  const arithmetic = Buffer.from(plain);
  arithmetic[plain.indexOf(Buffer.from([0xff, 0xc0])) + 1] = 0xc9;
  expect(readJpegFrame(arithmetic)).toBeNull();
});

test('as libvips says of every photo there is', async (context) => {
  const folders = ['cats_and_dogs_original', 'odd', 'elephant'].map(sharedData);
  if (folders.includes(null)) return context.skip('the test data is not there');
  let seen = 0;
  for (const folder of folders as string[]) {
    const names = readdirSync(folder, { recursive: true }) as string[];
    for (const name of names.filter((path) => /\.jpe?g$/i.test(path))) {
      const bytes = readFileSync(join(folder, name));
      const frame = readJpegFrame(bytes);
      if (frame === null) continue;
      const {
        width,
        height,
        orientation = 1,
        isProgressive,
      } = await sharp(bytes, { failOn: 'none' }).metadata();
      expect({ ...frame, orientation, name }).toEqual({
        width,
        height,
        progressive: isProgressive,
        orientation,
        name,
      });
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(400);
});
