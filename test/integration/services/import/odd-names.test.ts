import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { classFolders, writeFiles } from '../../../fixtures/photos/photos.ts';

let open: TestCore;
beforeEach(async () => {
  open = await openTestCore();
});
afterEach(() => open.close());

test('names that JavaScript uses for itself are classes like others', async () => {
  const folder = join(open.folder, 'odd');
  await writeFiles(folder, {
    ...(await classFolders('train/', { __proto__2: 1, constructor: 2, toString: 1 })),
    ...(await classFolders('test/', { constructor: 1 })),
    'train/__proto__/1.jpg': (await classFolders('x/', { a: 1 }))['x/a/a-0.jpg'],
  });
  const result = await open.core.imports.importPaths([folder]);
  expect(result.classes).toEqual(['__proto__2', '_proto_', 'constructor', 'toString']);
  const splits = {
    train: { __proto__2: 1, _proto_: 1, constructor: 2, toString: 1 },
    test: { __proto__2: 0, _proto_: 0, constructor: 1, toString: 0 },
  };
  expect(result.splits).toEqual(splits);
  expect((await open.client.datasets.summary()).splits).toEqual(splits);
  expect(result.state.remarks).toMatchObject([
    { code: 'DATASET_CLASS_RENAMED', params: { name: '__proto__', called: '_proto_' } },
  ]);
});

test('classes whose names differ in letter case and spaces only are said, and one edit merges them', async () => {
  const folder = join(open.folder, 'alike');
  await writeFiles(folder, await classFolders('', { Cat: 2, cat: 2, 'cat ': 2, dogs: 2 }));
  const { state } = await open.core.imports.importPaths([folder]);
  const [remark] = state.remarks;
  expect(remark).toMatchObject({ code: 'DATASET_CLASSES_ALIKE', params: { names: '“Cat”, “cat”, “cat ”' } });
  const names = JSON.parse(String(remark.params.classes)) as string[];
  const { classes } = await open.client.datasets.summary();
  const [into, ...from] = names.map((name) => classes.find((one) => one.name === name)!.id);
  await open.client.labels.apply({ kind: 'class-merge', from, into });
  const merged = (await open.client.datasets.summary()).classes.map(({ name, images }) => [name, images]);
  expect(merged).toEqual([
    ['Cat', 6],
    ['dogs', 2],
  ]);
});
