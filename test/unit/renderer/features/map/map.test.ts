import { describe, expect, test } from 'vitest';
import type { DatasetClass, MapMarks } from '../../../../../src-main/contract/app/index.ts';
import { packIds, photoFlags } from '../../../../../src-main/contract/app/index.ts';
import { type Colouring, groupPoints, notDrawn } from '../../../../../src-renderer/features/map/colouring.ts';
import {
  type MapPoints,
  type PointMarks,
  marksAfter,
  toMarks,
  toPoints,
} from '../../../../../src-renderer/features/map/points.ts';
import { drawPoints } from '../../../../../src-renderer/features/map/raster.ts';
import {
  moveBy,
  pointAt,
  pointsInside,
  resized,
  spansOf,
  standFor,
  wholeMap,
  zoomAt,
} from '../../../../../src-renderer/features/map/view.ts';

const size = { width: 800, height: 600 };

function pointsOf(places: readonly (readonly [number, number])[]): MapPoints {
  return {
    version: 'one',
    ids: Int32Array.from(places, (_, at) => at + 1),
    x: Float32Array.from(places, ([x]) => x),
    y: Float32Array.from(places, ([, y]) => y),
  };
}

const classes: DatasetClass[] = [
  { id: 4, name: 'cats', index: 0, images: 2, none: false },
  { id: 9, name: 'dogs', index: 1, images: 2, none: false },
];
const told: MapMarks = {
  version: 'one',
  revision: 3,
  classes: packIds([4, 9, -1, 4, 9]),
  splits: packIds([0, 2, -1, 1, 0]),
  predictions: packIds([4, 4, 4, -1, 9]),
  findings: packIds([0, 0b110, 0b100, 0, 0]),
  flags: packIds([0, 0, 0, 0, photoFlags.excluded]),
  checks: ['blur', 'dark', 'tiny'].map((id) => ({ id, label: id })),
  run: { id: 'r', name: 'Run 1' },
};
const marks = toMarks(told);

describe('places travel as text', () => {
  test('and come back', () => {
    const points = toPoints({
      version: 'one',
      features: { kind: 'signals', label: 'colours' },
      seed: 1,
      madeAt: '',
      ids: packIds([3, 5]),
      positions: packIds([(65_535 << 16) | 0, (0 << 16) | 65_535]),
      fitted: 2,
    });
    expect([...points.ids]).toEqual([3, 5]);
    expect([...points.x]).toEqual([1, 0]);
    expect([...points.y]).toEqual([0, 1]);
  });
});

describe('colours', () => {
  const groupsBy = (colouring: Colouring, of: PointMarks = marks): (string | null)[] => {
    const { groups, of: places } = groupPoints(colouring, of, classes);
    return Array.from(places, (place) => (place === notDrawn ? null : groups[place].label));
  };

  test.each<[Colouring, (string | null)[]]>([
    ['class', ['cats', 'dogs', 'No label', 'cats', null]],
    ['split', ['Training', 'Test', 'In no split', 'Validation', null]],
    ['prediction', ['Right', 'Wrong', 'No prediction or label', 'No prediction or label', null]],
    ['finding', ['Nothing found', 'dark', 'tiny', 'Nothing found', null]],
    ['labelled', ['Labelled', 'Labelled', 'No label', 'Labelled', null]],
  ])('by %s; photos that are left out are not drawn', (colouring, expected) => {
    expect(groupsBy(colouring)).toEqual(expected);
  });

  test('count their photos', () => {
    const { groups } = groupPoints('class', marks, classes);
    expect(groups.map(({ label, count }) => [label, count])).toEqual([
      ['cats', 2],
      ['dogs', 1],
      ['No label', 1],
    ]);
  });

  test('of more classes than colours differ in shape', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ ...classes[0], id: index + 100, index }));
    const looks = groupPoints('class', marks, many).groups.map(({ colour, shape }) => `${colour} ${shape}`);
    expect(new Set(looks).size).toBe(looks.length);
  });

  test('follow an edit without asking', () => {
    const ids = Int32Array.of(1, 2, 3, 4, 5);
    const after = marksAfter(marks, ids, [
      { type: 'label', images: '1,3', classId: 9 },
      { type: 'excluded', images: '5', excluded: false },
      { type: 'excluded', images: '2', excluded: true },
      { type: 'split', images: '1', split: 'test' },
    ])!;
    expect(groupsBy('class', after)).toEqual(['dogs', null, 'dogs', 'cats', 'dogs']);
    expect(groupsBy('split', after)[0]).toBe('Test');
    expect(groupsBy('class')).toEqual(['cats', 'dogs', 'No label', 'cats', null]);
    expect(marksAfter(marks, ids, [{ type: 'dismissal', key: 'k', dismissed: true }])).toBeNull();
  });
});

describe('the view', () => {
  const points = pointsOf([
    [0, 0],
    [1, 1],
    [0.5, 0.5],
    [0.52, 0.5],
  ]);
  const groups = new Uint16Array(4);
  const view = wholeMap(size);
  const onScreen = (at: number, of = view) => ({
    x: of.left + points.x[at] * of.scale,
    y: of.top + points.y[at] * of.scale,
  });

  test('shows the whole map', () => {
    for (const at of [0, 1]) {
      const { x, y } = onScreen(at);
      expect(x >= 0 && x <= size.width && y >= 0 && y <= size.height).toBe(true);
    }
  });

  test('fills the window with a flat map', () => {
    const flat = pointsOf([
      [0, 0.4],
      [1, 0.6],
    ]);
    const wide = { ...size, ...spansOf(flat) };
    const { scale, left, top } = wholeMap(wide);
    expect(scale).toBeGreaterThan(view.scale * 1.3);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top + 0.6 * scale).toBeLessThan(size.height);
  });

  test('zooms around the pointer', () => {
    const spot = onScreen(2);
    const closer = zoomAt(view, spot, 4, size);
    expect(closer.scale).toBeCloseTo(view.scale * 4);
    expect(onScreen(2, closer).x).toBeCloseTo(spot.x);
    expect(onScreen(2, closer).y).toBeCloseTo(spot.y);
  });

  test('never loses the map, and keeps its middle when the window changes', () => {
    const far = moveBy(view, 1e6, -1e6, size);
    expect(far.left).toBeLessThan(size.width);
    expect(far.top + far.scale).toBeGreaterThan(0);
    const smaller = resized(view, size, { width: 400, height: 300 });
    expect(onScreen(2, smaller)).toEqual({ x: 200, y: 150 });
  });

  test('finds the photo under the pointer, and none where there is none', () => {
    const { x, y } = onScreen(3);
    expect(pointAt(points, groups, view, { x: x + 2, y }, 10)).toBe(3);
    expect(pointAt(points, groups, view, { x: x + 60, y }, 10)).toBe(-1);
    const hidden = Uint16Array.of(0, 0, 0, notDrawn);
    expect(pointAt(points, hidden, view, { x: x + 2, y }, 20)).toBe(2);
  });

  test('chooses what lies inside a loop, a hollow one too', () => {
    const { x, y } = onScreen(2);
    const square = (half: number) => [
      { x: x - half, y: y - half },
      { x: x + half, y: y - half },
      { x: x + half, y: y + half },
      { x: x - half, y: y + half },
    ];
    expect(pointsInside(points, groups, view, square(5))).toEqual([2]);
    expect(pointsInside(points, groups, view, square(40))).toEqual([2, 3]);
    const hidden = Uint16Array.of(0, 0, notDrawn, 0);
    expect(pointsInside(points, hidden, view, square(40))).toEqual([3]);
    // A loop around the outside and back around the inside leaves the middle out.
    const outer = square(40);
    const inner = square(5);
    const ring = [...outer, outer[0], inner[0], inner[3], inner[2], inner[1], inner[0], outer[0]];
    expect(pointsInside(points, groups, view, ring)).toEqual([3]);
    expect(pointsInside(points, groups, view, square(40).slice(0, 2))).toEqual([]);
  });

  test('lets few photos stand for many, each for its surroundings', () => {
    const many = pointsOf(
      Array.from({ length: 2000 }, (_, at) => [(at % 50) / 50, Math.floor(at / 50) / 40] as const),
    );
    const standing = standFor(many, new Uint16Array(2000), view, size, 84);
    expect(standing.length).toBeGreaterThan(9);
    expect(standing.length).toBeLessThan(64);
    const moved = standFor(many, new Uint16Array(2000), moveBy(view, 10, 10, size), size, 84);
    expect(moved).toEqual(standing);
  });
});

describe('the drawing', () => {
  const background = [250, 250, 250] as const;
  const red = { colour: [200, 0, 0] as const, shape: 'disc' as const, quiet: false };
  const blue = { colour: [0, 0, 200] as const, shape: 'ring' as const, quiet: true };
  function draw(
    places: readonly (readonly [number, number])[],
    groups: readonly number[],
    chosen: Uint8Array | null = null,
  ) {
    const pixels = new Uint32Array(100 * 100);
    drawPoints({
      pixels,
      width: 100,
      height: 100,
      points: pointsOf(places),
      groups: Uint16Array.from(groups),
      looks: [red, blue],
      chosen,
      scale: 100,
      left: 0,
      top: 0,
      radius: 5,
      background,
    });
    return (x: number, y: number): number[] => {
      const value = pixels[y * 100 + x];
      return [value & 255, (value >> 8) & 255, (value >> 16) & 255];
    };
  }

  test('puts each point where it is, in its colour and shape', () => {
    const at = draw(
      [
        [0.2, 0.3],
        [0.7, 0.6],
      ],
      [0, 1],
    );
    expect(at(20, 30)[0]).toBeGreaterThan(190);
    expect(at(20, 30)[2]).toBeLessThan(30);
    expect(at(50, 50)).toEqual(background);
    // A ring is open in the middle.
    expect(at(70, 60)[0]).toBeGreaterThan(240);
    expect(at(70, 56)[2]).toBeGreaterThan(at(70, 56)[0] + 60);
  });

  test('leaves out what is hidden, and does not write beyond the edge', () => {
    const at = draw(
      [
        [0.5, 0.5],
        [0, 0],
        [1, 1],
        [-0.02, 0.5],
      ],
      [notDrawn, 0, 0, 0],
    );
    expect(at(50, 50)).toEqual(background);
    expect(at(0, 0)[2]).toBeLessThan(60);
    expect(at(99, 99)[2]).toBeLessThan(100);
    expect(at(99, 49)).toEqual(background);
  });

  test('makes what is not chosen faint', () => {
    const places = [
      [0.2, 0.2],
      [0.8, 0.8],
    ] as const;
    const at = draw(places, [0, 0], Uint8Array.of(1, 0));
    expect(at(20, 20)[2]).toBeLessThan(30);
    expect(at(80, 80)[2]).toBeGreaterThan(180);
    expect(at(80, 80)[2]).toBeLessThan(240);
  });

  test('draws quiet groups below the others', () => {
    const at = draw(
      [
        [0.5, 0.5],
        [0.54, 0.5],
      ],
      [0, 1],
    );
    expect(at(51, 50)[2]).toBeLessThan(30);
  });
});
