import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  HashIndex,
  certainDistance,
} from '../../../../../src-main/analysis/checks/mathematics/hash-index.ts';
import { findSimilarPairs } from '../../../../../src-main/analysis/checks/mathematics/near-duplicate-search.ts';
import { differingBits, hashWords } from '../../../../../src-main/analysis/checks/measure/perceptual-hash.ts';
import { type Signals, measureTile } from '../../../../../src-main/analysis/checks/measure/signals.ts';
import { createRandom } from '../../../../../src-main/core/random/random.ts';
import { samplePictures } from '../../../../../src-main/datasets/samples/sample-scenes.ts';
import { decodeTile } from '../../../../../src-main/datasets/photos/tiles.ts';

async function measure(bytes: Buffer): Promise<Signals> {
  return measureTile({ size: 150, channels: 3, pixels: await decodeTile(bytes, { size: 150, channels: 3 }) });
}

describe('hashes within a distance', () => {
  test('are all found, as by comparing each with each', () => {
    const random = createRandom(3);
    const words = Int32Array.from({ length: 4000 }, () => random.integer(2 ** 32) | 0);
    // Some that differ in exactly as many bits as is certain.
    for (let k = 0; k < 100; k++) {
      words.set(words.subarray(2 * k, 2 * k + 2), 2 * (1000 + k));
      for (let bit = 0; bit < certainDistance; bit++) {
        const at = random.integer(64);
        words[2 * (1000 + k) + (at >> 5)] ^= 1 << (at & 31);
      }
    }
    const index = new HashIndex(words);
    for (let k = 0; k < 200; k++) {
      const [first, second] = [words[2 * k], words[2 * k + 1]];
      const found = new Set<number>();
      index.search(first, second, certainDistance, (other) => found.add(other));
      const expected = Array.from({ length: 2000 }, (_, other) => other).filter(
        (other) =>
          differingBits(words[2 * other], first) + differingBits(words[2 * other + 1], second) <=
          certainDistance,
      );
      expect([...found].sort((a, b) => a - b)).toEqual(expected);
    }
  });
});

describe('near-duplicates among drawn pictures', () => {
  const originals: Signals[] = [];
  let drawn: Buffer[] = [];
  beforeAll(async () => {
    drawn = await Promise.all(samplePictures(5, 30).map((picture) => picture.draw()));
    for (const bytes of drawn) originals.push(await measure(bytes));
  });

  async function isFound(change: (image: Sharp, width: number, height: number) => Sharp): Promise<number> {
    let found = 0;
    for (let at = 0; at < 20; at++) {
      const original = (at * 13) % drawn.length;
      const { width, height } = await sharp(drawn[original]).metadata();
      const copy = await measure(await change(sharp(drawn[original]), width, height).jpeg().toBuffer());
      const all = [...originals, copy];
      const hashes = new Int32Array(all.length * hashWords);
      all.forEach((one, k) => hashes.set(one.hashes, k * hashWords));
      const pairs = findSimilarPairs({
        count: all.length,
        hashes,
        grey: (k) => all[k].grey,
        colour: (k) => all[k].colour,
      });
      const partners = pairs.filter(({ a, b }) => a === originals.length || b === originals.length);
      if (partners.some(({ a, b }) => a === original || b === original)) found++;
    }
    return found;
  }

  test.each<[string, (image: Sharp, width: number, height: number) => Sharp]>([
    ['saved again', (image) => image.jpeg({ quality: 50 })],
    ['resized', (image, width) => image.resize({ width: Math.round(width / 2) })],
    [
      'cropped',
      (image, width, height) =>
        image.extract({
          left: Math.round(width * 0.06),
          top: Math.round(height * 0.04),
          width: Math.round(width * 0.9),
          height: Math.round(height * 0.9),
        }),
    ],
    ['mirrored', (image) => image.flop()],
    ['brighter', (image) => image.modulate({ brightness: 1.25 })],
    ['darker', (image) => image.modulate({ brightness: 0.7 })],
  ])('one that was %s is found', async (_what, change) => {
    expect(await isFound(change)).toBeGreaterThanOrEqual(19);
  });
});
