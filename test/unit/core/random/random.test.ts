import { describe, expect, it } from 'vitest';
import { createRandom, permutation, stream, streamSeed } from '../../../../src-main/core/random/random.ts';

describe('seeded random numbers', () => {
  it('repeat for one seed and differ between seeds and streams', () => {
    const draw = (seed: number, name: string): number[] => {
      const random = stream(seed, name);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(1, 'shuffle')).toEqual(draw(1, 'shuffle'));
    expect(draw(1, 'shuffle')).not.toEqual(draw(2, 'shuffle'));
    expect(draw(1, 'shuffle')).not.toEqual(draw(1, 'dropout'));
    expect(streamSeed(1, 'a', 2)).not.toBe(streamSeed(1, 'a', 3));
  });

  it('are the same on every machine', () => {
    const random = createRandom(42);
    expect([random.next(), random.next()]).toEqual([0.6011037519201636, 0.44829055899754167]);
  });

  it('are uniform: ten bins of 100,000 draws differ by less than five standard deviations', () => {
    const random = createRandom(7);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) bins[random.integer(10)]++;
    const deviation = Math.sqrt(100_000 * 0.1 * 0.9);
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(5 * deviation);
  });

  it('are normal with mean 0 and variance 1', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 50_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it('permute without losing or repeating anything', () => {
    const order = permutation(1000, createRandom(5));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect([...order]).not.toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });
});
