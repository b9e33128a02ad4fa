import { describe, expect, it } from 'vitest';
import { bestEpoch, isOutOfPatience } from '../../../../src-main/engine/training/best-epoch.ts';
import { balanced } from '../../../../src-main/engine/step/class-weights.ts';
import { rateOfTry, suggestRate } from '../../../../src-main/engine/training/learning-rate-finder.ts';
import { drawBeta } from '../../../../src-main/engine/step/mixup.ts';
import { learningRateAt } from '../../../../src-main/engine/training/schedules.ts';
import { wilsonInterval } from '../../../../src-main/core/statistics/statistics.ts';
import { createRandom } from '../../../../src-main/core/random/random.ts';

const base = { learningRate: 0.1, stepsPerEpoch: 10, epochs: 9, warmupEpochs: 0 };

describe('the learning rate', () => {
  it('stays, falls by steps, or follows half a cosine', () => {
    const at = (schedule: 'constant' | 'step' | 'cosine', step: number) =>
      learningRateAt(step, { ...base, schedule });
    expect([0, 45, 89].map((step) => at('constant', step))).toEqual([0.1, 0.1, 0.1]);
    [0.1, 0.1, 0.01, 0.01, 0.001, 0.001].forEach((rate, index) =>
      expect(at('step', [0, 29, 30, 59, 60, 89][index])).toBeCloseTo(rate, 12),
    );
    expect(at('cosine', 0)).toBe(0.1);
    expect(at('cosine', 45)).toBeCloseTo(0.05, 12);
    expect(at('cosine', 89)).toBeLessThan(1e-4);
  });

  it('rises linearly while it warms up, and reaches its height', () => {
    const options = { ...base, schedule: 'cosine', warmupEpochs: 2 } as const;
    const rates = Array.from({ length: 21 }, (_, step) => learningRateAt(step, options));
    expect(rates[0]).toBeCloseTo(0.005, 12);
    expect(rates[9]).toBeCloseTo(0.05, 12);
    expect(rates[19]).toBeCloseTo(0.1, 12);
    expect(rates[20]).toBeCloseTo(0.1, 12);
  });
});

describe('the best epoch', () => {
  const epochs = [0.5, 0.3, 0.4, 0.3, 0.35].map((valLoss) => ({ valLoss }));
  it('is the first of the lowest validation losses', () => {
    expect(bestEpoch(epochs)).toBe(1);
    expect(bestEpoch([{ valLoss: null }])).toBe(-1);
  });
  it('ends the training when patience has run out, and never without patience', () => {
    expect([2, 3, 4, null].map((patience) => isOutOfPatience(epochs, patience))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(isOutOfPatience([{ valLoss: null }, { valLoss: null }], 1)).toBe(false);
  });
});

it('balanced class weights make all classes count the same', () => {
  const labels = [0, 0, 0, 0, 0, 0, 1, 1, 2];
  const weights = balanced({ slots: labels, labels }, 3);
  [0, 1, 2].forEach((label) => {
    expect(weights[label] * labels.filter((other) => other === label).length).toBeCloseTo(3, 12);
  });
});

it('the mixing share follows the Beta distribution', () => {
  for (const alpha of [0.2, 1, 2]) {
    const random = createRandom(4);
    const shares = Array.from({ length: 20_000 }, () => drawBeta(alpha, random));
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length;
    expect(mean).toBeCloseTo(0.5, 1);
    // Variance of Beta(a, a): 1 / (4·(2a + 1)).
    expect(variance * 4 * (2 * alpha + 1)).toBeCloseTo(1, 1);
  }
});

it('the Wilson interval agrees with its published example', () => {
  const [low, high] = wilsonInterval(986, 1000)!;
  expect(low).toBeCloseTo(0.9766, 3);
  expect(high).toBeCloseTo(0.9916, 3);
  expect(wilsonInterval(0, 0)).toBeNull();
  expect(wilsonInterval(10, 10)![1]).toBeCloseTo(1, 12);
});

it('the suggested rate lies where the loss falls most steeply, or nowhere', () => {
  const curve = (fall: (rate: number) => number) =>
    Array.from({ length: 100 }, (_, index) => ({
      learningRate: rateOfTry(index),
      loss: fall(rateOfTry(index)),
    }));
  const sigmoid = curve((rate) => 1 - 1 / (1 + Math.exp(-3 * (Math.log10(rate) + 3))));
  expect(Math.log10(suggestRate(sigmoid)!)).toBeCloseTo(-3, 0);
  expect(suggestRate(curve((rate) => 1 + rate))).toBeNull();
});
