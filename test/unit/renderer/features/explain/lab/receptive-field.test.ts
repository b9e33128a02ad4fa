/** Receptive fields, sizes and costs: the lesson's numbers, and agreement with what the filters really touch. */
import { describe, expect, test } from 'vitest';
import { convolve } from '../../../../../../src-renderer/features/explain/lab/convolution.ts';
import { stackPresets } from '../../../../../../src-renderer/features/explain/lab/examples.ts';
import {
  convMultiplications,
  convParameters,
  denseMultiplications,
  denseParameters,
  dependsOn,
  fieldOf,
  followStack,
  type StackLayer,
} from '../../../../../../src-renderer/features/explain/lab/receptive-field.ts';

const preset = (id: string) => stackPresets.find((stack) => stack.id === id)!;
const stages = (id: string) => followStack(preset(id).side, preset(id).channels, preset(id).layers);

describe("the lesson's stacks", () => {
  test('three 3×3 convolutions without pooling see 7×7 and leave 22×22×64 = 30,976 values', () => {
    const plain = stages('mnist-without-pooling');
    expect(plain.map(({ field }) => field)).toEqual([3, 5, 7]);
    expect(plain.map(({ side }) => side)).toEqual([26, 24, 22]);
    const { side, channels } = plain[2];
    expect(side * side * channels).toBe(30_976);
    // The lesson's 15.8 million.
    expect(denseParameters(30_976, 512)).toBe(15_860_224);
    expect(plain.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(55_744);
  });

  test('with max pooling: shapes 26, 13, 11, 5, 3 and 320 + 18,496 + 36,928 parameters', () => {
    const pooled = stages('mnist');
    expect(pooled.map(({ side }) => side)).toEqual([26, 13, 11, 5, 3]);
    expect(pooled.map(({ parameters }) => parameters)).toEqual([320, 0, 18_496, 0, 36_928]);
    expect(pooled.map(({ field }) => field)).toEqual([3, 4, 8, 10, 18]);
  });

  test('cats and dogs from scratch ends at 7×7×128 = 6272', () => {
    const last = stages('scratch').at(-1)!;
    expect(last.side * last.side * last.channels).toBe(6272);
  });
});

/** Which input pixels change the output `unit`, found by trying each. */
function touched(side: number, layers: readonly StackLayer[], unit: number): number[] {
  const run = (input: number[]): number => {
    let row: number[][] = [input];
    for (const { size, stride, padding } of layers) {
      // One row: a filter one row high, of ones.
      row = convolve(row, [Array.from({ length: size }, () => 1)], stride, padding);
      // With stride, rows of height 1 stay.
      row = [row[0]];
    }
    return row[0][unit];
  };
  const all = Array.from({ length: side }, () => 0);
  return all.flatMap((_, at) => (run(all.map((_, i) => (i === at ? 1 : 0))) === 0 ? [] : [at]));
}

test('gives every unit the field of inputs that change it, at the edges and with padding too', () => {
  const layers: StackLayer[] = [
    { kind: 'conv', size: 3, stride: 1, padding: 'same', filters: 4 },
    { kind: 'pool', size: 2, stride: 2, padding: 'valid', filters: 0 },
    { kind: 'conv', size: 5, stride: 2, padding: 'same', filters: 4 },
  ];
  const side = 20;
  const found = followStack(side, 1, layers);
  for (let depth = 0; depth < layers.length; depth++) {
    for (let unit = 0; unit < found[depth].side; unit++) {
      const pixels = touched(side, layers.slice(0, depth + 1), unit);
      const { from, to } = fieldOf(found[depth], unit, side);
      expect({ depth, unit, from, to }).toEqual({ depth, unit, from: pixels[0], to: pixels.at(-1)! + 1 });
    }
  }
});

test('a unit depends on a square of every layer before it', () => {
  const pooled = stages('mnist');
  expect(dependsOn(pooled, 4, 0, 3)).toEqual({ from: 0, to: 3 });
  expect(dependsOn(pooled, 4, 2, 2)).toEqual({ from: 4, to: 10 });
  expect(dependsOn(pooled, 4, 1, -1)).toEqual(fieldOf(pooled[4], 1, 28));
});

test('costs of the lesson', () => {
  expect(denseMultiplications(60_000, 512, 784)).toBe(24_084_480_000);
  const cost = {
    images: 60_000,
    filters: 64,
    outputHeight: 28,
    outputWidth: 28,
    filterHeight: 3,
    filterWidth: 3,
    inputChannels: 1,
  };
  expect(convMultiplications(cost)).toBe(27_095_040_000);
  expect(convMultiplications({ ...cost, inputChannels: 64 })).toBe(1_734_082_560_000);
  expect([convParameters(3, 1, 32), convParameters(3, 32, 64), denseParameters(6272, 512)]).toEqual([
    320, 18_496, 3_211_776,
  ]);
});

test('leaves nothing after a layer that does not fit', () => {
  const small = followStack(4, 1, stackPresets[0].layers);
  expect(small.map(({ side }) => side)).toEqual([2, 1, 0, 0, 0]);
});
