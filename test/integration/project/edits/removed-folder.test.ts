/** Edits into a folder that is gone are refused, and nothing of it is made again. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readRevision } from '../../../../src-main/project/edits/journal.ts';
import { addPhotos } from '../../../fixtures/labelled-project.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { codeOf } from '../../../fixtures/training-core.ts';

let here: TestCore;
let location: string;
let ids: number[];
beforeEach(async () => {
  here = await openTestCore();
  location = here.core.projects.describe()!.location;
  ids = addPhotos(here.core.context.project().database, [{}, {}, {}]);
});
afterEach(() => here.close());

const label = (name: string) => here.client.labels.apply({ kind: 'label-as', images: String(ids[0]), name });

it.each(['removed', 'moved'])('20 of 20 edits are refused when the folder was %s', async (how) => {
  await label('cats');
  if (how === 'moved') renameSync(location, `${location} moved`);
  else rmSync(location, { recursive: true });
  for (let turn = 0; turn < 20; turn++) expect(await codeOf(label(`class ${turn}`))).toBe('PROJECT_GONE');
  const { client } = here;
  expect(await codeOf(client.labels.undo())).toBe('PROJECT_GONE');
  expect(await codeOf(client.datasets.beginUpload({ name: 'photos' }))).toBe('PROJECT_GONE');
  expect(await codeOf(client.labels.exportLabels({ format: 'csv' }))).toBe('PROJECT_GONE');
  expect(await codeOf(client.checks.run({}))).toBe('PROJECT_GONE');
  expect(await client.projects.current()).toMatchObject({ problem: { code: 'PROJECT_GONE' } });
  expect(existsSync(location)).toBe(false);
});

it('edits are taken again when the folder is put back, and none that was refused is there', async () => {
  await label('cats');
  const { database } = here.core.context.project();
  const before = readRevision(database);
  renameSync(location, `${location} moved`);
  expect(await codeOf(label('dogs'))).toBe('PROJECT_GONE');
  renameSync(`${location} moved`, location);
  expect(readRevision(database)).toBe(before);
  expect((await label('owls')).entry?.sentence).toContain('owls');
  expect((await here.client.projects.current())?.problem).toBeNull();
});
