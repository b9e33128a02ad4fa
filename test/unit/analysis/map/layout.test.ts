import { describe, expect, test } from 'vitest';
import { layOut } from '../../../../src-main/analysis/map/layout.ts';
import { nearestRows } from '../../../../src-main/analysis/map/nearest-rows.ts';
import { type Rows, learnReduction, reduceRows } from '../../../../src-main/analysis/map/reduce.ts';
import { mapSide, scalePositions } from '../../../../src-main/analysis/map/scale-positions.ts';
import { clusteredFeatures } from '../../../fixtures/clustered-features.ts';

/** Share of points whose nearest other point on the map is of their group. */
function withTheirs(positions: ArrayLike<number>, groups: number): number {
  const count = positions.length / 2;
  let right = 0;
  for (let at = 0; at < count; at++) {
    let [nearest, least] = [-1, Infinity];
    for (let other = 0; other < count; other++) {
      const distance = Math.hypot(
        positions[2 * at] - positions[2 * other],
        positions[2 * at + 1] - positions[2 * other + 1],
      );
      if (other !== at && distance < least) [nearest, least] = [other, distance];
    }
    if (nearest % groups === at % groups) right++;
  }
  return right / count;
}

/** Distance between the middles of groups, and how far points are from their own middle, at most. */
function separation(positions: ArrayLike<number>, groups: number): { apart: number; wide: number } {
  const count = positions.length / 2;
  const middles = Array.from({ length: groups }, (_, group) => {
    const members = Array.from({ length: count }, (_, at) => at).filter((at) => at % groups === group);
    const mean = (axis: number): number =>
      members.reduce((sum, at) => sum + positions[2 * at + axis], 0) / members.length;
    return [mean(0), mean(1)] as const;
  });
  const apart = middles.flatMap(([x, y], i) =>
    middles.slice(i + 1).map(([ox, oy]) => Math.hypot(x - ox, y - oy)),
  );
  const wide = Array.from({ length: count }, (_, at) => {
    const [x, y] = middles[at % groups];
    return Math.hypot(positions[2 * at] - x, positions[2 * at + 1] - y);
  });
  return { apart: Math.min(...apart), wide: Math.max(...wide) };
}

describe('the layout', () => {
  const rows = clusteredFeatures({ count: 240, dimension: 40, groups: 3 });

  test('keeps three groups apart', () => {
    const { positions, fitted } = layOut(rows, { seed: 1 });
    expect(fitted).toBe(240);
    expect(positions.every(Number.isFinite)).toBe(true);
    expect(withTheirs(positions, 3)).toBe(1);
    const { apart, wide } = separation(positions, 3);
    expect(apart).toBeGreaterThan(2 * wide);
  });

  test('is the same for the same seed, and another for another', () => {
    const first = layOut(rows, { seed: 7 });
    expect(layOut(rows, { seed: 7 })).toEqual(first);
    expect(layOut(rows, { seed: 8 })).not.toEqual(first);
  });

  test('puts photos that were not laid out among those they are like', () => {
    const { positions, fitted } = layOut(rows, { seed: 1, maxFitted: 90 });
    expect(fitted).toBe(90);
    expect(withTheirs(positions, 3)).toBe(1);
    const { apart, wide } = separation(positions, 3);
    expect(apart).toBeGreaterThan(wide);
  });

  test.each([1, 2, 3, 4, 5, 6, 16])('of %i photos is there, each in a place of its own', (count) => {
    const { positions } = layOut(clusteredFeatures({ count, dimension: 6, groups: 2 }), { seed: 1 });
    const places = Array.from({ length: count }, (_, at) => `${positions[2 * at]} ${positions[2 * at + 1]}`);
    expect(positions.every(Number.isFinite)).toBe(true);
    expect(new Set(places).size).toBe(count);
  });

  test('of many copies of one photo is there', () => {
    const { positions } = layOut({ data: new Float32Array(300).fill(0.5), dimension: 3 }, { seed: 1 });
    expect(positions.every(Number.isFinite)).toBe(true);
  });

  test('tells how far it is', () => {
    const told = new Map<string, number[]>();
    layOut(rows, {
      seed: 1,
      maxFitted: 120,
      onProgress: (phase, done, total) => told.set(phase, [done, total]),
    });
    expect([...told.keys()]).toEqual(['comparing photos', 'laying out', 'placing photos']);
    const [done, total] = told.get('laying out')!;
    expect(done).toBe(total);
  });
});

describe('nearest rows', () => {
  test('are those that looking at all finds, without the row itself', () => {
    const { data, dimension } = clusteredFeatures({ count: 60, dimension: 12, groups: 4 }, 1);
    const all = Int32Array.from({ length: 60 }, (_, at) => at);
    const found = nearestRows({ data, dimension }, all, all, 5);
    const distance = (a: number, b: number): number => {
      let sum = 0;
      for (let d = 0; d < dimension; d++) sum += (data[a * dimension + d] - data[b * dimension + d]) ** 2;
      return Math.sqrt(sum);
    };
    for (const row of all) {
      const expected = [...all]
        .filter((other) => other !== row)
        .sort((a, b) => distance(row, a) - distance(row, b))
        .slice(0, 5);
      expect([...found.places.subarray(row * 5, row * 5 + 5)]).toEqual(expected);
      expect(found.distances[row * 5]).toBeCloseTo(distance(row, expected[0]), 4);
    }
  });
});

describe('the reduction', () => {
  test('keeps distances where the rows lie in few dimensions', () => {
    // Three dimensions, hidden in forty.
    const three = clusteredFeatures({ count: 50, dimension: 3, groups: 5 }, 1);
    const mix = clusteredFeatures({ count: 3, dimension: 40, groups: 3 }, 0).data;
    const data = new Float32Array(50 * 40);
    for (let row = 0; row < 50; row++)
      for (let d = 0; d < 40; d++)
        for (let k = 0; k < 3; k++) data[row * 40 + d] += three.data[row * 3 + k] * mix[k * 40 + d];
    const rows: Rows = { data, dimension: 40 };
    const reduction = learnReduction(rows, 3, 1);
    const small = reduceRows(rows, reduction);
    const distance = (of: Float32Array, width: number, a: number, b: number): number =>
      Math.hypot(...Array.from({ length: width }, (_, d) => of[a * width + d] - of[b * width + d]));
    for (let row = 1; row < 50; row++) {
      expect(distance(small, 3, 0, row)).toBeCloseTo(distance(data, 40, 0, row), 2);
    }
  });
});

describe('positions as they are kept', () => {
  test('fill a square, both axes to the same scale', () => {
    const scaled = scalePositions(Float32Array.of(-1, 2, 3, 2, 1, 3));
    expect([...scaled.subarray(0, 2)]).toEqual([0, 24_576]);
    expect([...scaled.subarray(2, 4)]).toEqual([mapSide, 24_576]);
    expect(scaled[5] - scaled[1]).toBeCloseTo(mapSide / 4, -1);
  });

  test('a photo far away does not make the others small', () => {
    const many = Float32Array.from({ length: 4000 }, (_, at) => ((at * 37) % 1000) / 1000);
    many[0] = 1e6;
    const scaled = scalePositions(many);
    expect(scaled[0]).toBe(mapSide);
    expect(Math.max(...scaled.subarray(2)) - Math.min(...scaled.subarray(2))).toBeGreaterThan(0.9 * mapSide);
  });

  test('empty stretches are shortened, and what lies side by side stays as far apart as it was', () => {
    // Two groups of 50, a hundred times as far apart as they are wide.
    const two = Float32Array.from({ length: 200 }, (_, at) => (at < 100 ? 0 : 100) + ((at * 7) % 50) / 50);
    const scaled = scalePositions(two);
    const xs = Array.from({ length: 100 }, (_, at) => scaled[2 * at]);
    const [first, second] = [xs.slice(0, 50), xs.slice(50)];
    const width = (of: number[]): number => Math.max(...of) - Math.min(...of);
    expect(Math.min(...second) - Math.max(...first)).toBeLessThan(0.9 * mapSide);
    expect(width(first)).toBeGreaterThan(0.04 * mapSide);
    expect(Math.abs(width(first) - width(second))).toBeLessThan(10);
    expect(Math.min(...second)).toBeGreaterThan(Math.max(...first));
  });

  test('one photo lies in the middle', () => {
    expect([...scalePositions(Float32Array.of(5, -3))]).toEqual([32_768, 32_768]);
  });
});
