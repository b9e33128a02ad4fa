import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { makeTile } from '../../../../src-main/datasets/photos/photo-pixels.ts';
import {
  type Pixels,
  resizeByTriangle,
  shrinkByBlocks,
  toColour,
  toGrey,
} from '../../../../src-main/datasets/photos/resample.ts';

/** Hills and an edge, the same in every run. */
function picture(width: number, height: number, channels: 1 | 3 = 3): Pixels {
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const hills = 110 + 60 * Math.sin(x / 17 + (i % channels)) + 50 * Math.cos(y / 11);
    data[i] = Math.min(255, Math.max(0, x > 0.7 * width ? 255 - hills : hills));
  }
  return { width, height, channels, data };
}

/** The same two steps in floating point, written down as they are defined and rounded once at the end. */
function reference(image: Pixels, across: number, down: number, width: number, height: number): number[] {
  const { channels, data } = image;
  const columns = Math.ceil(image.width / across);
  const rows = Math.ceil(image.height / down);
  const shrunk = (x: number, y: number, channel: number): number => {
    let [sum, count] = [0, 0];
    for (let v = y * down; v < Math.min(image.height, (y + 1) * down); v++)
      for (let u = x * across; u < Math.min(image.width, (x + 1) * across); u++, count++)
        sum += data[(v * image.width + u) * channels + channel];
    return sum / count;
  };
  const weightsOf = (from: number, extent: number, to: number, i: number): [number, number][] => {
    const reach = Math.max(1, extent / to);
    const centre = ((i + 0.5) * extent) / to - 0.5;
    const parts = Array.from({ length: from }, (_, at): [number, number] => [
      at,
      Math.max(0, 1 - Math.abs(at - centre) / reach),
    ]).filter(([, weight]) => weight > 0);
    const total = parts.reduce((sum, [, weight]) => sum + weight, 0);
    return parts.map(([at, weight]) => [at, weight / total]);
  };
  const result: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (const [v, down2] of weightsOf(rows, image.height / down, height, y))
          for (const [u, across2] of weightsOf(columns, image.width / across, width, x))
            sum += shrunk(u, v, channel) * down2 * across2;
        result.push(sum);
      }
  return result;
}

const largest = (found: ArrayLike<number>, wanted: ArrayLike<number>): number => {
  expect(found.length).toBe(wanted.length);
  return Array.from(found).reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);
};

describe('two steps to a smaller picture', () => {
  test.each<[string, Pixels, number, number, number, number]>([
    ['pairs', picture(60, 44), 2, 2, 20, 16],
    ['pairs, with an odd edge', picture(61, 45), 2, 2, 20, 16],
    ['larger blocks, not all whole', picture(70, 47), 3, 2, 20, 16],
    ['blocks of grey', picture(70, 47, 1), 3, 2, 20, 16],
    ['no blocks', picture(30, 25), 1, 1, 20, 16],
    ['no blocks, grey', picture(30, 25, 1), 1, 1, 20, 16],
    ['enlarged', picture(9, 7), 1, 1, 20, 16],
    ['enlarged one way', picture(100, 8), 5, 1, 20, 16],
    ['one pixel wide', picture(1, 50), 1, 3, 20, 16],
    ['two by three', picture(2, 3, 1), 1, 1, 20, 16],
    ['far larger', picture(1501, 1103), 73, 61, 20, 16],
    ['pairs, larger', picture(301, 203), 2, 2, 90, 60],
    ['small again', picture(60, 44), 2, 2, 20, 16],
  ])('%s: as defined, to a rounding at each step', (_, image, across, down, width, height) => {
    const found = resizeByTriangle(shrinkByBlocks(image, across, down), width, height);
    expect(largest(found, reference(image, across, down, width, height))).toBeLessThanOrEqual(1.6);
  });

  test('the same size is the same picture; white stays white, black stays black', () => {
    const image = picture(33, 21);
    expect(largest(resizeByTriangle(shrinkByBlocks(image, 1, 1), 33, 21), image.data)).toBe(0);
    for (const value of [0, 255]) {
      const plain: Pixels = {
        width: 447,
        height: 374,
        channels: 3,
        data: new Uint8Array(447 * 374 * 3).fill(value),
      };
      expect(new Set(makeTile(plain, { size: 150, channels: 3 }))).toEqual(new Set([value]));
    }
  });

  test.each([
    [447, 374, 150],
    [500, 375, 150],
    [200, 200, 150],
    [320, 240, 224],
    [512, 384, 28],
  ])('%i×%i to %i: about what libvips makes of it with its own filter', async (width, height, size) => {
    const image = picture(width, height);
    const other = await sharp(image.data, { raw: { width, height, channels: 3 } })
      .resize(size, size, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer();
    const tile = makeTile(image, { size, channels: 3 });
    const mean = tile.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0) / tile.length;
    expect(mean).toBeLessThan(2);
  });
});

test('grey is the brightness of BT.601, and back in colour it is the same three times', () => {
  const colours = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 77, 77, 77]);
  expect([...toGrey(colours)]).toEqual([76, 150, 29, 255, 0, 77]);
  expect([...toColour(Uint8Array.from([3, 200]))]).toEqual([3, 3, 3, 200, 200, 200]);
  const image = picture(60, 44);
  const grey = makeTile(image, { size: 20, channels: 1 });
  expect([...grey]).toEqual([...toGrey(makeTile(image, { size: 20, channels: 3 }))]);
});
