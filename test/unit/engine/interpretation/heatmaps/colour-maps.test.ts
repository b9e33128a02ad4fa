import { createHash } from 'node:crypto';
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
    expect(colour('grey', 77)).toEqual([77, 77, 77]);
  });

  it("has OpenCV's jet, all 256 colours of it", () => {
    // Of cv2.applyColorMap(range(256), cv2.COLORMAP_JET) in opencv-python 5.0.0.93, red first.
    expect(createHash('sha256').update(colourMaps.jet).digest('hex')).toBe(
      '661fa696672fecb0ffa3e76bff80e0119d8308227c361c0043f705d8c867faad',
    );
    expect([0, 96, 255].map((value) => colour('jet', value))).toEqual([
      [0, 0, 128],
      [2, 255, 254],
      [128, 0, 0],
    ]);
  });
});
