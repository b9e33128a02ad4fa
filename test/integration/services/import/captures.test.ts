/** Photos that exist nowhere else: labelled as asked, one group for each burst, and never lost. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { groupPhotos } from '../../../../src-main/datasets/split/photo-groups.ts';
import { listLabelled } from '../../../../src-main/project/images/splits.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { noisePicture } from '../../../fixtures/photos/photos.ts';

let opened: TestCore[] = [];
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
});
async function open(options?: Parameters<typeof openTestCore>[0]): Promise<TestCore> {
  const made = await openTestCore(options);
  opened.push(made);
  return made;
}

async function send({ core }: TestCore, upload: string, name: string, seed: number): Promise<void> {
  const body = new Uint8Array(await noisePicture(seed));
  const address = `http://app/upload/${upload}?path=${encodeURIComponent(name)}`;
  const answer = await core.media(new Request(address, { method: 'PUT', body }));
  expect(answer.status).toBe(204);
}

async function burst(one: TestCore, name: string, label: string | null, from: number): Promise<string> {
  const { id } = await one.client.datasets.beginUpload({ name: 'camera', capture: { label } });
  for (let i = 1; i <= 12; i++)
    await send(one, id, `${name} burst ${String(i).padStart(3, '0')}.jpg`, from + i);
  return id;
}

test('a burst gets its class, also one that folders could not be called, and is one group', async () => {
  const one = await open();
  const uploads = [
    await burst(one, 'camera 1', 'cats/dogs: ../which?', 100),
    await burst(one, 'camera 2', 'train', 200),
    await burst(one, 'camera 3', null, 300),
    await burst(one, 'camera 4', 'train', 400),
  ];
  for (const upload of uploads) {
    await one.client.datasets.startImport({ uploads: [upload] });
    await one.core.imports.idle();
  }
  const summary = await one.client.datasets.summary();
  expect(summary.classes.map(({ name, images }) => [name, images])).toEqual([
    ['cats/dogs: ../which?', 12],
    ['train', 24],
  ]);
  expect(summary.unlabelled).toBe(12);
  const photos = listLabelled(one.core.context.project().database);
  const groups = groupPhotos(photos, { kinds: ['burst'], nearDuplicates: new Map() });
  const sizes = [...Map.groupBy(groups, ([, group]) => group).values()].map(({ length }) => length);
  expect(sizes).toEqual([12, 12, 12]);
});

test('no burst is torn apart by the split: the first one waits until it can be drawn', async () => {
  const one = await open();
  const take = async (name: string, label: string, from: number): Promise<void> => {
    await one.client.datasets.startImport({ uploads: [await burst(one, name, label, from)] });
    await one.core.imports.idle();
  };
  await take('camera 1', 'mugs', 1000);
  await take('camera 2', 'hands', 1100);
  expect(await one.client.datasets.summary()).toMatchObject({ splitOrigin: 'none', unassigned: 24 });
  await take('camera 3', 'mugs', 1200);
  await take('camera 4', 'hands', 1300);
  await take('camera 5', 'hands', 1400);
  expect(await one.client.datasets.summary()).toMatchObject({ splitOrigin: 'seeded', unassigned: 0 });
  const photos = listLabelled(one.core.context.project().database);
  const splits = Map.groupBy(photos, ({ path }) => path.slice(0, 'camera 1'.length));
  expect([...splits.values()].map((burst) => new Set(burst.map(({ split }) => split)).size)).toEqual([
    ...[1, 1, 1, 1, 1],
  ]);
  expect(new Set(photos.map(({ split }) => split)).size).toBeGreaterThan(1);
});

test('only a class that is one video is torn by the split, and training says so', async () => {
  const one = await open();
  const folder = join(one.folder, 'videos');
  let seed = 2000;
  for (const [label, videos] of Object.entries({ mugs: 1, hands: 4 })) {
    await mkdir(join(folder, label), { recursive: true });
    for (let video = 1; video <= videos; video++) {
      for (let frame = 1; frame <= 12; frame++) {
        const name = `video ${video} frame ${String(frame).padStart(3, '0')}.jpg`;
        await writeFile(join(folder, label, name), await noisePicture(seed++));
      }
    }
  }
  await one.core.imports.importPaths([folder]);
  const photos = listLabelled(one.core.context.project().database);
  const videos = Map.groupBy(photos, ({ path }) => path.replace(/ frame.*/, ''));
  const torn = [...videos].filter(([, frames]) => new Set(frames.map(({ split }) => split)).size > 1);
  expect(torn.map(([video]) => video)).toEqual(['mugs/video 1']);
  const { warnings } = await one.client.training.plan({ settings: {} });
  const told = warnings.filter((text) => text.includes('one burst or video'));
  expect(told).toEqual([expect.stringContaining('of “mugs” are in training and in the test')]);
});

test('a burst whose page went away is imported at the next opening; other uploads stay for a day', async () => {
  const one = await open({ host: 'web' });
  const { client, core } = one;
  const project = core.context.project();
  const kept = await burst(one, 'camera', 'cats', 500);
  const empty = (await client.datasets.beginUpload({ name: 'camera', capture: { label: 'cats' } })).id;
  const stray = (await client.datasets.beginUpload({ name: 'folder' })).id;
  await send(one, stray, 'a.jpg', 1);
  await client.projects.close();

  await core.projects.openFolder(project.folder);
  await expect.poll(() => core.imports.state()?.status, { timeout: 30_000 }).toBe('done');
  expect((await client.datasets.summary()).classes).toMatchObject([{ name: 'cats', images: 12 }]);
  expect(existsSync(join(project.folder, 'uploads', stray, 'a.jpg'))).toBe(true);
  await client.projects.close();

  // Once: the note says so from then on; the photos stay.
  await core.projects.openFolder(project.folder);
  expect(readdirSync(join(project.folder, 'uploads')).sort()).toEqual(
    [kept, `${kept}.capture.json`, stray, `${stray}.begun`].sort(),
  );
  expect(existsSync(join(project.folder, 'uploads', empty))).toBe(false);
  expect(core.imports.state()).toBeNull();
  expect((await client.datasets.summary()).images).toBe(12);
});
