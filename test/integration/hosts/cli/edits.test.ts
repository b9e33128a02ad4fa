/** Labels, splits, fixes and further runs from the command line: the same edits as in the app, which undo takes back. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lenslet as run, type Finished } from '../../../fixtures/command-line.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';

const home = mkdtempSync(join(tmpdir(), 'lenslet-cli-edits-'));
const project = join(home, 'shapes');
const lenslet = (...words: string[]): Promise<Finished> => run(home, ...words);
const json = async (...words: string[]): Promise<Record<string, unknown>[]> => {
  const finished = await lenslet(...words, '--project', project, '--json');
  expect(finished.stderr).toBe('');
  expect(finished.code).toBe(0);
  return finished.lines();
};

beforeAll(async () => {
  const photos = join(home, 'photos');
  await drawShapes(photos, 12);
  expect((await lenslet('import', photos, '--project', project)).code).toBe(0);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('labels by pattern and by list, and takes edits back and makes them again', async () => {
  const [labelled] = await json('label', '--images', 'discs/*', '--class', 'round things');
  expect(labelled).toEqual({ images: 12, changed: 12, class: 'round things' });
  const list = join(home, 'list.txt');
  writeFileSync(list, '# two of them\ndiscs/discs 0.jpg\r\ndiscs/discs 1.jpg\n');
  const [unlabelled] = await json('label', '--images', list, '--class', 'none');
  expect(unlabelled).toMatchObject({ changed: 2, class: null });
  const undone = await json('undo', '--times', '5');
  expect(undone).toHaveLength(2);
  expect(undone[1].undo).toContain('round things');
  const [again] = await json('redo');
  expect(again.redo).toContain('round things');
  expect(await json('undo')).toHaveLength(1);
  expect(await json('undo')).toEqual([{ undo: null }]);

  const none = await lenslet('label', '--images', 'no such*', '--class', 'x', '--project', project);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('no such*');
});

test('makes the split that is asked for, and refuses parts that are not a whole', async () => {
  const [made] = await json('split', '--fractions', '50/25/25', '--seed', '3');
  const sum = (counts: Record<string, number>): number =>
    Object.values(counts).reduce((all, some) => all + some, 0);
  const splits = made.splits as Record<string, Record<string, number>>;
  const all = sum(splits.train) + sum(splits.validation) + sum(splits.test);
  expect(sum(splits.train) / all).toBeCloseTo(0.5, 1);
  const refused = await lenslet('split', '--fractions', '50/25/30', '--project', project);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('add up to 100');
});

test('says what a fix would do, does it, and undo takes it back', async () => {
  const [planned] = await json('fix', 'near-duplicates', '--dry-run');
  expect(planned.images).toBeGreaterThan(0);
  const [done] = await json('fix', 'near-duplicates');
  expect(done).toMatchObject({
    check: 'near-duplicates',
    findings: planned.findings,
    images: planned.images,
  });
  const [after] = await json('fix', 'near-duplicates', '--dry-run');
  expect(after).toMatchObject({ findings: 0, images: 0 });
  await json('undo');
  const [again] = await json('fix', 'near-duplicates', '--dry-run');
  expect(again).toEqual(planned);
});

test('trains a run further and again with other seeds', async () => {
  const small = ['--recipe', 'scratch', '--image-size', '64', '--epochs', '1', '--batch-size', '8'];
  const trained = (await lenslet('train', ...small, '--project', project, '--json')).lines();
  const id = String(trained.at(-1)?.run);
  const extended = (await lenslet('extend', id, '--epochs', '1', '--project', project, '--json')).lines();
  expect(extended.filter(({ event }) => event === 'epoch').map(({ epoch }) => epoch)).toEqual([2]);
  expect(extended.at(-1)).toMatchObject({ event: 'done', run: id, status: 'done' });

  const repeated = (await lenslet('repeat', id, '--seeds', '2', '--project', project, '--json')).lines();
  const seeds = repeated
    .filter(({ event }) => event === 'started')
    .map(({ settings }) => (settings as { seed: number }).seed);
  const own = (trained.find(({ event }) => event === 'started')!.settings as { seed: number }).seed;
  expect(seeds).toEqual([own + 1, own + 2]);
  expect(repeated.at(-1)).toMatchObject({
    event: 'series',
    accuracy: { mean: expect.any(Number) as number },
  });
}, 240_000);
