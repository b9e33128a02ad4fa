import { describe, expect, it } from 'vitest';
import {
  type ColourMap,
  colourMaps,
} from '../../../../../src-main/engine/interpretation/heatmaps/colour-maps.ts';

function colour(map: ColourMap, value: number): number[] {
  return Array.from(colourMaps[map].subarray(3 * value, 3 * value + 3));
}

describe('colour maps', () => {
  it.each(['viridis', 'jet', 'grey', 'inferno'] as const)('%s has 256 colours', (map) => {
    expect(colourMaps[map]).toHaveLength(768);
  });

  it("has matplotlib's colours", () => {
    expect([0, 128, 255].map((value) => colour('viridis', value))).toEqual([
      [68, 1, 84],
      [32, 144, 140],
      [253, 231, 36],
    ]);
    // The last digit may differ by rounding.
    const jet = [0, 31, 64, 100, 128, 160, 200, 255].flatMap((value) => colour('jet', value));
    const wanted = [
      [0, 0, 127],
      [0, 0, 255],
      [0, 128, 255],
      [34, 255, 212],
      [124, 255, 121],
      [228, 255, 18],
      [255, 118, 0],
      [127, 0, 0],
    ].flat();
    jet.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(1));
    expect(colour('grey', 77)).toEqual([77, 77, 77]);
  });
});
