import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../src-main/core/random/random.ts';
import {
  type GroupKind,
  type GroupedPhoto,
  groupPhotos,
} from '../../../../src-main/datasets/split/photo-groups.ts';
import { drawSplit } from '../../../../src-main/datasets/split/split.ts';

function photo(id: number, path: string, more: Partial<GroupedPhoto> = {}): GroupedPhoto {
  return { id, hash: `hash-${id}`, sourceId: 1, path, takenAt: null, camera: null, ...more };
}

/** The groups of more than one photo, as ids. */
function groupsOf(
  photos: GroupedPhoto[],
  kinds: GroupKind[],
  more: { pattern?: string; minutes?: number; nearDuplicates?: Map<string, number> } = {},
): number[][] {
  const groups = groupPhotos(photos, { kinds, nearDuplicates: new Map(), ...more });
  return [...Map.groupBy(photos, ({ id }) => groups.get(id)).values()]
    .map((members) => members.map(({ id }) => id))
    .filter(({ length }) => length > 1);
}

describe('groupPhotos', () => {
  test('equal contents are together whatever is asked for', () => {
    const photos = [photo(1, 'a.jpg', { hash: 'x' }), photo(2, 'b.jpg'), photo(3, 'c.jpg', { hash: 'x' })];
    expect(groupsOf(photos, [])).toEqual([[1, 3]]);
  });

  test('near-duplicates by their group', () => {
    const photos = [photo(1, 'a.jpg'), photo(2, 'b.jpg'), photo(3, 'c.jpg')];
    const nearDuplicates = new Map([
      ['hash-1', 4],
      ['hash-3', 4],
    ]);
    expect(groupsOf(photos, ['near-duplicates'], { nearDuplicates })).toEqual([[1, 3]]);
    expect(groupsOf(photos, [], { nearDuplicates })).toEqual([]);
  });

  test('bursts: seconds apart with one camera, or frames of one video by their names', () => {
    const at = (id: number, takenAt: string, camera: string) => photo(id, `p${id}.jpg`, { takenAt, camera });
    const photos = [
      at(1, '2026-05-01T10:00:00', 'Canon'),
      at(2, '2026-05-01T10:00:02', 'Canon'),
      at(3, '2026-05-01T10:00:04', 'Canon'),
      at(4, '2026-05-01T10:00:03', 'Nikon'),
      at(5, '2026-05-01T10:00:30', 'Canon'),
      photo(6, 'fox/clip2_frame_0001.jpg'),
      photo(7, 'fox/clip2_frame_0002.jpg'),
      photo(8, 'fox/clip3_frame_0001.jpg'),
      photo(9, 'fox/IMG_0042.jpg'),
      photo(10, 'fox/IMG_0043.jpg'),
    ];
    expect(groupsOf(photos, ['burst'])).toEqual([
      [1, 2, 3],
      [6, 7],
    ]);
  });

  test('by folder, by capture time, by the name up to its last number, by a pattern', () => {
    const photos = [
      photo(1, 'mon/a1.jpg', { takenAt: '2026-05-01T10:00:00' }),
      photo(2, 'mon/b1.jpg', { takenAt: '2026-05-01T10:04:00' }),
      photo(3, 'tue/a1.jpg', { takenAt: '2026-05-01T10:20:00' }),
      photo(4, 'tue/a22.jpg'),
      photo(5, 'tue/bear-07-x.jpg'),
      photo(6, 'wed/wolf-07-y.jpg'),
    ];
    expect(groupsOf(photos, ['folder'])).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    expect(groupsOf(photos, ['capture-time'])).toEqual([[1, 2]]);
    expect(groupsOf(photos, ['capture-time'], { minutes: 20 })).toEqual([[1, 2, 3]]);
    expect(groupsOf(photos, ['file-name'])).toEqual([[3, 4]]);
    expect(groupsOf(photos, ['file-name'], { pattern: '-(\\d+)-' })).toEqual([[5, 6]]);
    expect(() => groupsOf(photos, ['file-name'], { pattern: '(' })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});

describe('a split that keeps groups together', () => {
  const usual = { train: 0.7, validation: 0.15, test: 0.15 };
  const random = createRandom(11);
  // Groups of one to eight photos, some of them of two classes: wrong labels are no excuse for a leak.
  const items = Array.from({ length: 120 }, (_, group) =>
    Array.from({ length: 1 + random.integer(8) }, (_unused, at) => ({
      id: group * 10 + at,
      classId: group % 10 === 0 && at === 0 ? 2 : 1 + (group % 2),
      hash: `hash-${group}-${at}`,
      group,
    })),
  ).flat();

  test('no group is in two splits, and every class has about its share in each', () => {
    for (let seed = 0; seed < 20; seed++) {
      const drawn = drawSplit(items, usual, seed);
      expect(drawn.size).toBe(items.length);
      for (const members of Map.groupBy(items, ({ group }) => group).values()) {
        expect(new Set(members.map(({ id }) => drawn.get(id))).size).toBe(1);
      }
      for (const [, members] of Map.groupBy(items, ({ classId }) => classId)) {
        for (const [name, share] of Object.entries(usual)) {
          const inSplit = members.filter(({ id }) => drawn.get(id) === name).length;
          expect(Math.abs(inSplit / members.length - share)).toBeLessThan(0.05);
        }
      }
    }
  });

  test('photos that have their place stay, and the rest fills up what is missing', () => {
    const settled = items.slice(0, 200).map((item) => ({ ...item, split: 'train' as const }));
    const drawn = drawSplit(items.slice(200), usual, 1, settled);
    const inTrain = items.slice(200).filter(({ id }) => drawn.get(id) === 'train').length + settled.length;
    expect(Math.abs(inTrain / items.length - usual.train)).toBeLessThan(0.04);
  });
});
