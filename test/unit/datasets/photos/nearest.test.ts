/** The nearest pixels are Pillow's, to the last one: Keras' generators and `load_img` resize with it. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeTile, workingSideFor } from '../../../../src-main/datasets/photos/photo-pixels.ts';
import { nearestPixels } from '../../../../src-main/datasets/photos/resample.ts';
import { packName, specOfPack } from '../../../../src-main/datasets/tiles/tile-packs.ts';

/** One row whose pixels say their place. */
function row(width: number) {
  const data = new Uint8Array(width * 3);
  for (let i = 0; i < width; i++) data.set([i % 256, Math.floor(i / 256), 0], 3 * i);
  return { width, height: 1, channels: 3, data } as const;
}

test('takes the places that Pillow takes, for 1,212 pairs of sizes', () => {
  const hash = createHash('sha256');
  for (const to of [28, 150, 224]) {
    const sizes = Array.from({ length: 399 }, (_, i) => i + 1);
    for (const from of [...sizes, 447, 500, 1023, 3000, 4032])
      hash.update(nearestPixels(row(from), to).subarray(0, 3 * to));
  }
  // Pillow 13: sha256 over np.asarray(Image.fromarray(row).resize((to, to), Image.NEAREST))[0] of all pairs.
  expect(hash.digest('hex')).toBe('d8553854b6640ae40bb9444c0a00599cd28a28c577d6d50d82c6764b9973baa7');
});

test('makes such tiles of the whole photo, in separate packs', () => {
  const spec = { size: 2, channels: 1, resize: 'nearest' } as const;
  const white = { width: 4, height: 1, channels: 3, data: new Uint8Array(12).fill(255) } as const;
  expect([...makeTile(white, spec)]).toEqual([255, 255, 255, 255]);
  expect(workingSideFor(spec)).toBeGreaterThan(100_000);
  expect(packName(spec)).toBe('2x1-nearest');
  expect(specOfPack('2x1-nearest')).toEqual(spec);
  expect(specOfPack('2x1')).toEqual({ size: 2, channels: 1 });
});
