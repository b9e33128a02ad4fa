/** Lists of labels with many rows: read in a thread, so that everybody else is answered. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../src-main/core/random/random.ts';
import { readLabelFile } from '../../../../src-main/datasets/label-files/index.ts';
import { planLabels, readListedFiles } from '../../../../src-main/datasets/import/label-list-thread.ts';
import { planLabelImport } from '../../../../src-main/services/labels/label-import.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { codeOf } from '../../../fixtures/training-core.ts';

let here: TestCore;
beforeEach(async () => {
  here = await openTestCore();
});
afterEach(() => here.close());

function write(name: string, content: string): string {
  const path = join(here.folder, name);
  writeFileSync(path, content);
  return path;
}

function longTable(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => `folder/${row}.jpg,class ${row % 5}\n`);
  return write('long.csv', `path,label\n${lines.join('')}`);
}

function longCoco(images: number): string {
  const ids = Array.from({ length: images }, (_, id) => id);
  const coco = {
    images: ids.map((id) => ({ id, file_name: `folder/${id}.jpg` })),
    annotations: ids.map((id) => ({ image_id: id, category_id: id % 5 })),
    categories: [0, 1, 2, 3, 4].map((id) => ({ id, name: `class ${id}` })),
  };
  return write('long.json', JSON.stringify(coco));
}

it.each([
  ['a table of 100,000 rows', () => longTable(100_000), 100_000],
  ['COCO of 100,000 photos', () => longCoco(100_000), 100_000],
])('answers other requests while it reads %s', { timeout: 120_000 }, async (_what, make, rows) => {
  const pick = here.core.context.pickedPaths.add(make());
  const preview = here.client.labels.previewImport({ pick });
  const finished = preview.then(() => true);
  let answered = 0;
  while (!(await Promise.race([finished, here.client.labels.journalState().then(() => false)]))) {
    answered++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await preview).toMatchObject({ matched: 0, unmatched: rows });
  expect(answered).toBeGreaterThan(20);
});

it('tells how far it is and can be cancelled', { timeout: 120_000 }, async () => {
  const path = longTable(200_000);
  const controller = new AbortController();
  const told: number[] = [];
  const plan = planLabels(path, [].values(), {
    signal: controller.signal,
    onProgress: (done, total) => {
      told.push(done / total);
      controller.abort();
    },
  });
  expect(await codeOf(plan)).toBe('CANCELLED');
  expect(told[0]).toBeGreaterThan(0);
  expect(told[0]).toBeLessThan(0.5);
  const signal = AbortSignal.abort();
  const pick = here.core.context.pickedPaths.add(path);
  expect(await codeOf(planLabelImport(here.core.context, { pick }, signal))).toBe('CANCELLED');
});

it('hands over the photos of a list whole and in order, some at a time', async () => {
  const folder = join(here.folder, 'folder');
  mkdirSync(folder);
  for (let row = 0; row < 4500; row++) writeFileSync(join(folder, `${row}.jpg`), '');
  const { root, files } = await readListedFiles(longTable(4500), undefined);
  expect(root).toBe(join(here.folder, 'folder'));
  expect(files.map(({ path }) => path)).toEqual(Array.from({ length: 4500 }, (_, row) => `${row}.jpg`));
  expect(files[4]).toMatchObject({ className: 'class 4', absolutePath: join(root, '4.jpg') });
});

it('refuses a column with more different values than there can be classes', async () => {
  const photos = Array.from({ length: 10_001 }, (_, id) => ({ id: id + 1, path: `${id}.jpg`, root: '/x' }));
  const lines = photos.map(({ path, id }) => `${path},value ${id}\n`);
  const path = write('ids.csv', lines.join(''));
  const error = await planLabels(path, [photos].values()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'DATASET_LIST_COLUMNS', kind: 'expected' });
});

describe('lists with characters changed at random', () => {
  const random = createRandom(55);
  it.each([
    ['a table', 'list.csv', () => 'path,label,split\n"a, b.jpg",cat,train\nc.jpg;dog;\n'.repeat(5)],
    [
      'COCO',
      'coco.json',
      () =>
        '{"images":[{"id":1,"file_name":"a.jpg"}],"annotations":[{"image_id":1,"category_id":7}],' +
        '"categories":[{"id":7,"name":"cat"}]}',
    ],
    [
      'tasks',
      'tasks.json',
      () => '[{"data":{"image":"a.jpg","__proto__":{}},"annotations":[{"result":[]}]}]',
    ],
  ])('%s: every one is read or refused with a code', async (_what, name, make) => {
    for (let round = 0; round < 200; round++) {
      const text = [...make()];
      for (let change = random.integer(6); change >= 0; change--)
        text[random.integer(text.length)] = String.fromCharCode(9 + random.integer(118));
      const answer = await readLabelFile(write(name, text.join(''))).catch((error: unknown) => error);
      if (answer instanceof Error)
        expect(answer).toMatchObject({
          code: expect.stringMatching(/^(DATASET_LABELS_INVALID|DATASET_LIST_COLUMNS)$/) as string,
        });
    }
  });
});
