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

  /** Of twenty copies: those that are found to be their original, and pairs of different pictures that are found. */
  async function search(change: (image: Sharp, width: number, height: number) => Sharp) {
    const from = Array.from({ length: 20 }, (_, at) => (at * 13) % drawn.length);
    const all = [...originals];
    for (const original of from) {
      const { width, height } = await sharp(drawn[original]).metadata();
      all.push(await measure(await change(sharp(drawn[original]), width, height).jpeg().toBuffer()));
    }
    const hashes = new Int32Array(all.length * hashWords);
    all.forEach((one, k) => hashes.set(one.hashes, k * hashWords));
    const pairs = findSimilarPairs({
      count: all.length,
      hashes,
      grey: (k) => all[k].grey,
      colour: (k) => all[k].colour,
    });
    const shows = (k: number): number => (k < originals.length ? k : from[k - originals.length]);
    const right = pairs.filter(({ a, b }) => shows(a) === shows(b));
    return { found: right.length, wrong: pairs.length - right.length };
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
    ['turned to the left', (image) => image.rotate(270)],
    ['turned to the right and mirrored', (image) => image.rotate(90).flop()],
    ['upside down', (image) => image.rotate(180)],
    [
      'cropped to a corner and turned',
      (image, width, height) =>
        image
          .extract({
            left: Math.round(width * 0.05),
            top: Math.round(height * 0.14),
            width: Math.round(width * 0.82),
            height: Math.round(height * 0.82),
          })
          .rotate(90),
    ],
    ['brighter', (image) => image.modulate({ brightness: 1.25 })],
    ['darker', (image) => image.modulate({ brightness: 0.7 })],
  ])('one that was %s is found', async (_what, change) => {
    const { found, wrong } = await search(change);
    expect(found).toBeGreaterThanOrEqual(19);
    expect(wrong).toBe(0);
  });
});
