import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { classFolders, writeFiles } from '../../../fixtures/photos/photos.ts';

let open: TestCore;
beforeEach(async () => {
  open = await openTestCore();
});
afterEach(() => open.close());

/** Begins an import that is not over when the next request comes. */
async function beginImport(): Promise<void> {
  const photos = join(open.folder, 'photos');
  await writeFiles(photos, await classFolders('', { cats: 40, dogs: 40 }));
  await open.client.datasets.startImport({ picks: [open.core.context.pickedPaths.add(photos)] });
}

/** The database of a project and what was put in its place before. */
function databasesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^project\.db(?!-)/.test(name));
}

test('every way to another project fails with PROJECT_BUSY while an import runs, which goes on', async () => {
  const first = (await open.client.projects.current())!;
  const other = await open.client.projects.create({ name: 'Other' });
  await open.client.projects.open({ id: first.id });
  await beginImport();
  const pick = open.core.context.pickedPaths.add(other.location);
  for (const leave of [
    () => open.client.projects.create({ name: 'New' }),
    () => open.client.projects.createSample(),
    () => open.client.projects.open({ id: other.id }),
    () => open.client.projects.open({ pick }),
    () => open.client.projects.close(),
    () => open.client.projects.restore({ id: other.id }),
  ]) {
    const refusal = await leave().catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({
      data: { code: 'PROJECT_BUSY', params: { project: 'Test', work: 'Importing photos' } },
    });
  }
  expect(databasesIn(other.location)).toEqual(['project.db']);
  // The open one itself can be opened: nothing ends by that.
  expect(await open.client.projects.open({ id: first.id })).toMatchObject({ key: first.key });
  await open.core.imports.idle();
  expect(await open.client.datasets.summary()).toMatchObject({ images: 80 });
  expect(await open.client.projects.open({ id: other.id })).toMatchObject({ key: other.key });
});

test('with interrupt the import ends and the other project opens', async () => {
  await beginImport();
  const made = await open.client.projects.create({ name: 'New', interrupt: true });
  expect(await open.client.projects.current()).toMatchObject({ key: made.key, images: 0 });
  expect(await open.client.datasets.importState()).toBeNull();
});
