import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppEvent } from '../../../../src-main/contract/app/app.ts';
import { packRanges, unpackIds } from '../../../../src-main/contract/shared/id-ranges.ts';
import type { AppliedEdit, EditInput } from '../../../../src-main/contract/app/edits.ts';
import { storePredictions } from '../../../../src-main/project/runs/predictions.ts';
import { storeFindings } from '../../../../src-main/project/runs/findings.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { classFolders, writeFiles } from '../../../fixtures/photos/photos.ts';

let open: TestCore;
let photos: string;
beforeEach(async () => {
  open = await openTestCore();
  photos = join(open.folder, 'photos');
  await writeFiles(photos, await classFolders('', { cats: 8, dogs: 6 }));
  await open.core.imports.importPaths([photos]);
});
afterEach(() => open.close());

const apply = (edit: EditInput): Promise<AppliedEdit> => open.client.labels.apply(edit);
const listed = async (input: Parameters<TestCore['client']['labels']['list']>[0] = {}): Promise<number[]> => [
  ...unpackIds((await open.client.labels.list(input)).ids),
];
const rows = (ids: number[]) => open.client.datasets.getImages({ ids });
const classNamed = async (name: string): Promise<number> =>
  (await open.client.datasets.summary()).classes.find((one) => one.name === name)!.id;

/** The label of each photo, by file name. */
async function labels(): Promise<Record<string, string | null>> {
  const { classes } = await open.client.datasets.summary();
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const all = await rows(await listed());
  return Object.fromEntries(
    all.map(({ path, classId }) => [path.split('/').at(-1)!, classId === null ? null : names.get(classId)!]),
  );
}

describe('editing', () => {
  test('who edits gets what changed, and so does everybody listening', async () => {
    const heard: AppEvent[] = [];
    open.core.context.events.on((event) => heard.push(event));
    const [first, second] = await listed();
    const dogs = await classNamed('dogs');
    const before = (await open.client.labels.journalState()).revision;
    const applied = await apply({ kind: 'label', images: packRanges([first, second]), classId: dogs });
    expect(applied).toMatchObject({
      entry: { sentence: 'Labelled 2 photos as “dogs”.' },
      how: 'edit',
      changes: [{ type: 'label', images: packRanges([first, second]), classId: dogs }],
      journal: { revision: before + 1, undo: { sentence: 'Labelled 2 photos as “dogs”.' }, redo: null },
    });
    expect(applied.journal.savedAt).not.toBeNull();
    expect(heard).toEqual([{ type: 'dataset', edit: applied }]);
    const undone = await open.client.labels.undo();
    expect(undone).toMatchObject({ how: 'undo', journal: { revision: before + 2, undo: null } });
    expect(heard.at(-1)).toEqual({ type: 'dataset', edit: undone });
    expect(new Set(Object.values(await labels()))).toEqual(new Set(['cats', 'dogs']));
    expect(await open.client.labels.redo()).toMatchObject({ how: 'redo', journal: { redo: null } });
  });

  test('the journal outlives closing the project', async () => {
    const cats = await classNamed('cats');
    await apply({ kind: 'class-rename', classId: cats, name: 'felines' });
    await open.core.projects.close();
    const [recent] = await open.client.projects.recent();
    await open.client.projects.open({ id: recent.id });
    expect(await open.client.labels.journal({})).toMatchObject([
      { sentence: 'Renamed the class “cats” to “felines”.', undone: false },
    ]);
    await open.client.labels.undo();
    expect((await open.client.datasets.summary()).classes.map(({ name }) => name)).toEqual(['cats', 'dogs']);
  });

  test('making a split is an edit that can be undone', async () => {
    const splits = async () => (await rows(await listed())).map(({ split }) => split);
    const before = await splits();
    await open.client.datasets.makeSplit({ fractions: { train: 0.5, validation: 0, test: 0.5 }, seed: 9 });
    expect(await splits()).not.toEqual(before);
    expect(await open.client.datasets.summary()).toMatchObject({ splitSeed: 9 });
    await open.client.labels.undo();
    expect(await splits()).toEqual(before);
    expect(await open.client.datasets.summary()).toMatchObject({ splitSeed: 1 });
  });

  test('excluded photos leave the counts and the list, and come back by undo', async () => {
    const ids = await listed();
    await apply({ kind: 'exclude', images: packRanges(ids.slice(0, 3)) });
    expect(await open.client.datasets.summary()).toMatchObject({ images: 11, excluded: 3 });
    expect(await listed()).toEqual(ids.slice(3));
    expect(await listed({ filter: { excluded: true } })).toEqual(ids.slice(0, 3));
    await open.client.labels.undo();
    expect(await listed()).toEqual(ids);
  });

  test.each(['1-', '5,', 'all', '1-2-3', '-4'])('images given as “%s” are refused', async (images) => {
    await expect(apply({ kind: 'exclude', images })).rejects.toThrow();
    expect(await open.client.labels.journalState()).toMatchObject({ entries: 0 });
  });
});

describe('lists', () => {
  test('sorted and filtered by class, name, prediction, confidence and finding', async () => {
    const ids = await listed();
    const [cats, dogs] = [await classNamed('cats'), await classNamed('dogs')];
    const { database } = open.core.context.project();
    database.exec(`INSERT INTO run (id, name, recipe, status, created_at, settings, classes, data_hash)
      VALUES ('run-1', 'Run', 'scratch', 'done', '2026-01-01', '{}', '[]', '')`);
    storePredictions(
      database,
      'run-1',
      ids.slice(0, 10).map((imageId, at) => ({ imageId, classId: cats, probability: 0.5 + at / 100 })),
    );
    const finding = (image: number, score: number) => ({
      severity: 'note' as const,
      message: 'm',
      score,
      key: `blur/${image}`,
      images: [image],
      paths: [],
      suggestedClassId: null,
    });
    storeFindings(database, 'blur', '', [finding(ids[4], 0.2), finding(ids[2], 0.9)]);
    expect(await listed({ filter: { classId: dogs } })).toEqual(ids.slice(8));
    expect(await listed({ filter: { prediction: 'wrong' } })).toEqual(ids.slice(8, 10));
    expect(await listed({ filter: { prediction: 'right', confidenceTo: 0.52 } })).toEqual(ids.slice(0, 3));
    expect(await listed({ filter: { prediction: 'none' } })).toEqual(ids.slice(10));
    expect(await listed({ filter: { classId: dogs, predictedClassId: cats } })).toEqual(ids.slice(8, 10));
    expect(await listed({ filter: { check: 'blur' }, sort: { by: 'severity' } })).toEqual([ids[2], ids[4]]);
    const byConfidence = await listed({ sort: { by: 'confidence', descending: true } });
    expect(byConfidence).toEqual([...ids.slice(0, 10).reverse(), ...ids.slice(10).reverse()]);
    const names = (await rows(await listed({ sort: { by: 'name', descending: true } }))).map(
      ({ path }) => path,
    );
    expect(names).toEqual([...names].sort().reverse());
    const [row] = await rows([ids[2]]);
    expect(row).toMatchObject({ checks: ['blur'], prediction: { classId: cats, probability: 0.52 } });
    // Put aside, the finding is gone from filters and badges, and comes back by undo.
    await apply({ kind: 'dismiss', keys: [`blur/${ids[2]}`], dismissed: true });
    expect(await listed({ filter: { check: 'blur' } })).toEqual([ids[4]]);
    await open.client.labels.undo();
    expect(await listed({ filter: { check: 'blur' } })).toEqual([ids[2], ids[4]]);
    // A prediction is right or wrong by the label as it is now.
    await apply({ kind: 'label', images: packRanges(ids.slice(8, 10)), classId: cats });
    expect(await listed({ filter: { prediction: 'wrong' } })).toEqual([]);
  });

  test('views are kept by name', async () => {
    const view = {
      name: 'Wrong',
      filter: { prediction: 'wrong' as const },
      sort: { by: 'confidence' as const, descending: true },
    };
    await open.client.labels.saveView(view);
    await open.client.labels.saveView({ ...view, name: 'All', filter: {} });
    const views = await open.client.labels.saveView({ ...view, filter: { unlabelled: true } });
    expect(views).toMatchObject([{ name: 'All' }, { name: 'Wrong', filter: { unlabelled: true } }]);
    expect(await open.client.labels.removeView({ id: views[0].id })).toHaveLength(1);
  });
});

describe('labels from files', () => {
  test('a CSV is previewed, taken over as one edit, and undone as one', async () => {
    const path = join(open.folder, 'labels.csv');
    await writeFile(
      path,
      'path,label,split\ncats/cats-0.jpg,owls,test\ncats-1.jpg,dogs,\nnowhere.jpg,cats,\n',
    );
    const pick = open.core.context.pickedPaths.add(path);
    const before = await labels();
    expect(await open.client.labels.previewImport({ pick })).toEqual({
      format: 'csv',
      matched: 2,
      unmatched: 1,
      unmatchedExamples: ['nowhere.jpg'],
      ambiguous: 0,
      newClasses: ['owls'],
      changed: expect.any(Number) as number,
    });
    expect(await labels()).toEqual(before);
    await open.client.labels.importLabels({ pick });
    expect(await labels()).toEqual({ ...before, 'cats-0.jpg': 'owls', 'cats-1.jpg': 'dogs' });
    await open.client.labels.undo();
    expect(await labels()).toEqual(before);
    expect((await open.client.datasets.summary()).classes).toHaveLength(2);
  });

  test('the names of the folders, when labels were changed or lost', async () => {
    const ids = await listed();
    const before = await labels();
    await apply({ kind: 'label', images: packRanges(ids), classId: null });
    const preview = await open.client.labels.previewImport({});
    expect(preview).toMatchObject({ format: 'folders', matched: 14, unmatched: 0, changed: 14 });
    await open.client.labels.importLabels({});
    expect(await labels()).toEqual(before);
  });
});

describe('labels to files', () => {
  const exports = (): string => join(open.core.context.project().folder, 'exports');

  test('a CSV that can be read back; a second one gets another name', async () => {
    const [first] = await listed();
    await apply({ kind: 'comment', images: String(first), comment: 'a "good", one' });
    const { location, images } = await open.client.labels.exportLabels({ format: 'csv' });
    expect(images).toBe(14);
    const text = await readFile(location, 'utf8');
    expect(text).toMatch(/^path,label,split,comment,width,height,sha256\r\n/);
    expect(text).toContain('"a ""good"", one"');
    const again = await open.client.labels.exportLabels({ format: 'csv' });
    expect(again.location).not.toBe(location);
    expect(await readFile(location, 'utf8')).toBe(text);
    const before = await labels();
    await apply({ kind: 'label', images: packRanges(await listed()), classId: null });
    await open.client.labels.importLabels({ pick: open.core.context.pickedPaths.add(location) });
    expect(await labels()).toEqual(before);
  });

  test('COCO that can be read back', async () => {
    const before = await labels();
    const { location } = await open.client.labels.exportLabels({ format: 'coco' });
    await apply({ kind: 'label', images: packRanges(await listed()), classId: null });
    await open.client.labels.importLabels({ pick: open.core.context.pickedPaths.add(location) });
    expect(await labels()).toEqual(before);
  });

  test('folders with copies: the photos byte for byte, one folder a class below each split', async () => {
    const { location, images, problems } = await open.client.labels.exportLabels({ format: 'folders' });
    expect([images, problems]).toEqual([14, []]);
    const paths = readdirSync(location, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(location.length + 1));
    expect(paths).toHaveLength(14);
    for (const path of paths) {
      expect(path).toMatch(/^(train|validation|test)\/(cats|dogs)\/\w+-\d+\.jpg$/);
      const [, className, name] = path.split('/');
      expect(readFileSync(join(location, path))).toEqual(readFileSync(join(photos, className, name)));
    }
    expect(readdirSync(exports()).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('classes whose names are alike as folders stay apart, also when they are imported again', async () => {
    const [cats, dogs] = [await classNamed('cats'), await classNamed('dogs')];
    await apply({ kind: 'class-rename', classId: cats, name: 'A/b.1' });
    await apply({ kind: 'class-rename', classId: dogs, name: 'a:b.1' });
    const { location, images } = await open.client.labels.exportLabels({ format: 'folders' });
    expect(images).toBe(14);
    const other = await openTestCore();
    try {
      const { classes, images: imported } = await other.core.imports.importPaths([location]);
      expect([imported, classes]).toEqual([14, ['A b.1', 'a b.1 2']]);
      const found = await other.client.datasets.getImages({
        ids: await other.client.datasets.listImages({}),
      });
      for (const { path } of found) {
        expect(path).toMatch(path.includes('A b.1') ? /\/cats-\d\.jpg$/ : /\/dogs-\d\.jpg$/);
      }
    } finally {
      await other.close();
    }
  });

  test('folders with links, into a picked folder, never over what is there', async () => {
    const target = join(open.folder, 'target');
    await mkdir(join(target, 'Test labels', 'train'), { recursive: true });
    await writeFile(join(target, 'Test labels', 'train', 'mine.txt'), 'mine');
    const pick = open.core.context.pickedPaths.add(target);
    const cats = await classNamed('cats');
    const { location } = await open.client.labels.exportLabels({
      format: 'folders',
      files: 'link',
      filter: { classId: cats, split: 'train' },
      pick,
    });
    expect(location).toBe(join(target, 'Test labels 2'));
    const [name] = readdirSync(join(location, 'train', 'cats'));
    expect(await readlink(join(location, 'train', 'cats', name))).toBe(join(photos, 'cats', name));
    expect(readdirSync(join(target, 'Test labels'))).toEqual(['train']);
  });

  test('a cancelled export leaves nothing', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      open.client.labels.exportLabels({ format: 'folders' }, { signal: controller.signal }),
    ).rejects.toThrow();
    expect(existsSync(exports()) ? readdirSync(exports()) : []).toEqual([]);
  });

  test('a photo that is gone is told about, the others arrive', async () => {
    const { rm } = await import('node:fs/promises');
    await rm(join(photos, 'cats', 'cats-3.jpg'));
    const { images, problems } = await open.client.labels.exportLabels({ format: 'folders' });
    expect(images).toBe(13);
    expect(problems).toMatchObject([{ path: 'cats/cats-3.jpg', code: 'IMAGE_MISSING' }]);
  });
});
