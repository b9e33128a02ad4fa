/** What is said of photos: thresholds, doubts, bursts, and the user's own word. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  describeSorting,
  listPhotos,
  showPhotos,
} from '../../../../src-main/services/sorting/describe-sorting.ts';
import { judgePhotos } from '../../../../src-main/services/sorting/judge-photos.ts';
import type { SortSession } from '../../../../src-main/project/sorting/session-database.ts';
import { review, undoReview } from '../../../../src-main/project/sorting/session-reviews.ts';
import { type Said, sortingOf, writeFiles } from '../../../fixtures/sorting.ts';

let root = '';
let session: SortSession;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'lenslet-judge-'))));
afterEach(() => {
  session.close();
  rmSync(root, { recursive: true, force: true });
});

function begin(photos: Record<string, Said>): void {
  writeFiles(join(root, 'photos'), Object.fromEntries(Object.keys(photos).map((path) => [path, null])));
  session = sortingOf(root, photos);
}

/** The fate of each photo, by path. */
function fates(): Record<string, string> {
  const rows = showPhotos(session, listPhotos(session, { show: 'all' }));
  return Object.fromEntries(
    rows.map(({ path, fate }) => [path, fate.kind === 'class' ? fate.name : fate.kind]),
  );
}

const at = (second: number, said: Said): Said => ({
  ...said,
  takenAt: `2026-05-01T10:00:${String(second).padStart(2, '0')}`,
  camera: 'Trail 1',
});

test('gives a burst one answer, of one camera in one folder', () => {
  begin({
    'a/1.jpg': at(0, { label: 'fox', probability: 0.9 }),
    'a/2.jpg': at(2, { label: 'fox', probability: 0.8 }),
    'a/3.jpg': at(4, { label: 'cat', probability: 0.6 }),
    'a/4.jpg': at(40, { label: 'cat', probability: 0.6 }),
    'b/1.jpg': at(2, { label: 'cat', probability: 0.6 }),
    'a/without time.jpg': { label: 'cat' },
  });
  expect(fates()['a/3.jpg']).toBe('cat');
  session.update({ burst: 3 });
  judgePhotos(session);
  expect(fates()).toEqual({
    'a/1.jpg': 'fox',
    'a/2.jpg': 'fox',
    'a/3.jpg': 'fox',
    'a/4.jpg': 'cat',
    'b/1.jpg': 'cat',
    'a/without time.jpg': 'cat',
  });
  const rows = showPhotos(session, listPhotos(session, { show: 'all' })).filter(
    ({ burst }) => burst !== null,
  );
  expect(rows.map(({ path }) => path)).toEqual(['a/1.jpg', 'a/2.jpg', 'a/3.jpg']);
  // exp(mean(log p)) of each class, made to sum to 1.
  const fox = Math.cbrt(0.9 * 0.8 * 0.4);
  const cat = Math.cbrt(0.1 * 0.2 * 0.6);
  expect(rows[0].probability).toBeCloseTo(fox / (fox + cat), 5);
  session.update({ burst: null });
  judgePhotos(session);
  expect(fates()['a/3.jpg']).toBe('cat');
});

test('puts the least sure first in a review, and takes a threshold in place of fitted limits', () => {
  begin({
    '1.jpg': { label: 'fox', probability: 0.7, unknown: 'probability' },
    '2.jpg': { label: 'cat', probability: 0.6 },
    '3.jpg': { label: 'cat', probability: 0.99, unknown: 'distance' },
    '4.jpg': { label: 'cat', probability: 0.9, unknown: 'several' },
    '5.jpg': { label: 'cat', aside: 'empty' },
  });
  const review = (): string[] =>
    showPhotos(session, listPhotos(session, { show: 'review' })).map(({ path }) => path);
  expect(review()).toEqual(['1.jpg', '4.jpg', '3.jpg']);
  session.update({ threshold: 0.65 });
  judgePhotos(session);
  expect(review()).toEqual(['2.jpg', '4.jpg', '3.jpg']);
  expect(fates()['5.jpg']).toBe('aside');
  expect(describeSorting(session)).toMatchObject({ toReview: 3, reviewed: 0 });
});

test('lets the user have the last word, and take it back step by step', () => {
  begin({
    '1.jpg': { label: 'fox', unknown: 'distance' },
    '2.jpg': { label: 'fox' },
    '3.jpg': { label: 'cat', aside: 'empty' },
  });
  review(session, [1, 3], 'badger');
  review(session, [2], '');
  review(session, [1], 'fox');
  expect(fates()).toEqual({ '1.jpg': 'fox', '2.jpg': 'unknown', '3.jpg': 'badger' });
  judgePhotos(session);
  expect(fates()['3.jpg']).toBe('badger');
  expect(undoReview(session)).toEqual([1]);
  expect(fates()['1.jpg']).toBe('badger');
  expect(undoReview(session)).toEqual([2]);
  expect(undoReview(session).sort()).toEqual([1, 3]);
  expect(fates()).toEqual({ '1.jpg': 'unknown', '2.jpg': 'fox', '3.jpg': 'aside' });
  expect(undoReview(session)).toEqual([]);
});
