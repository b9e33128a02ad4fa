/** Photos in `uploads/` exist nowhere else: whatever the database says of them, opening a project takes none away. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppEvent } from '../../../src-main/contract/app/app.ts';
import { listBackups } from '../../../src-main/project/backups.ts';
import { type TestCore, openTestCore } from '../../fixtures/core-without-engine.ts';
import { noisePicture } from '../../fixtures/photos/photos.ts';

const day = 24 * 60 * 60 * 1000;
let open: TestCore;
let folder: string;
beforeEach(async () => {
  open = await openTestCore();
  ({ folder } = open.core.projects.get());
});
afterEach(() => open.close());

const uploads = (): string => join(folder, 'uploads');

async function send(upload: string, name: string, seed: number): Promise<void> {
  const body = new Uint8Array(await noisePicture(seed));
  const address = `http://app/upload/${upload}?path=${encodeURIComponent(name)}`;
  const answer = await open.core.media(new Request(address, { method: 'PUT', body }));
  expect(answer.status).toBe(204);
}

/** Takes photos with the camera and imports them, as the page does. */
async function take(label: string, photos: number, from: number): Promise<string> {
  const { id } = await open.client.datasets.beginUpload({ name: 'camera', capture: { label } });
  for (let i = 0; i < photos; i++) await send(id, `${label} ${i}.jpg`, from + i);
  await open.client.datasets.startImport({ uploads: [id] });
  await open.core.imports.idle();
  return id;
}

function photosOnDisk(): string[] {
  const entries = readdirSync(uploads(), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name.endsWith('.jpg')).map(({ name }) => name);
}

/** Makes an upload old: as begun a number of days ago. */
function age(id: string, days: number): void {
  const at = new Date(Date.now() - days * day);
  const mark = join(uploads(), `${id}.begun`);
  writeFileSync(mark, JSON.stringify({ begunAt: at.toISOString() }));
  utimesSync(join(uploads(), id), at, at);
}

describe('40 photos from the camera', () => {
  beforeEach(async () => {
    await take('cats', 20, 0);
    await open.client.projects.close();
    // The backup made at closing holds the first 20.
    copyFileSync(join(folder, 'project.db'), join(open.folder, 'older.db'));
    await open.core.projects.openFolder(folder);
    await take('dogs', 20, 100);
    await open.client.projects.close();
    expect(photosOnDisk()).toHaveLength(40);
  });

  const restore = async (): Promise<void> => {
    await open.core.care.restoreFolder(folder);
  };

  test.each([
    ['empty', () => truncateSync(join(folder, 'project.db'))],
    ['missing', () => rmSync(join(folder, 'project.db'))],
    ['damaged', () => writeFileSync(join(folder, 'project.db'), 'damaged '.repeat(5000))],
  ])('survive a database that is %s, and restoring it brings all 40 back', async (_, damage) => {
    damage();
    await expect(open.core.projects.openFolder(folder)).rejects.toMatchObject({ code: 'PROJECT_DAMAGED' });
    expect(photosOnDisk()).toHaveLength(40);
    await restore();
    expect(photosOnDisk()).toHaveLength(40);
    expect((await open.client.datasets.summary()).images).toBe(40);
    expect((await open.client.projects.care())?.unknown.photos).toBe(0);
  });

  test('survive an older database; those it does not know are reported and imported again with their class', async () => {
    copyFileSync(join(open.folder, 'older.db'), join(folder, 'project.db'));
    await open.core.projects.openFolder(folder);
    await expect
      .poll(async () => (await open.client.projects.care())?.unknown)
      .toEqual({ uploads: 1, photos: 20 });
    expect(photosOnDisk()).toHaveLength(40);
    expect((await open.client.datasets.summary()).images).toBe(20);
    await open.client.projects.importUnknown();
    await open.core.imports.idle();
    const { classes } = await open.client.datasets.summary();
    expect(classes.map(({ name, images }) => [name, images])).toEqual([
      ['cats', 20],
      ['dogs', 20],
    ]);
    await expect.poll(async () => (await open.client.projects.care())?.unknown.photos).toBe(0);
    await expect(open.client.projects.importUnknown()).rejects.toMatchObject({
      data: { code: 'INPUT_INVALID' },
    });
  });

  test('survive an older database whose uploads have no marks, as those from before there were any', async () => {
    for (const name of readdirSync(uploads()).filter((one) => one.includes('.')))
      rmSync(join(uploads(), name));
    copyFileSync(join(open.folder, 'older.db'), join(folder, 'project.db'));
    for (let opening = 0; opening < 2; opening++) {
      await open.core.projects.openFolder(folder);
      await open.client.projects.close();
    }
    expect(photosOnDisk()).toHaveLength(40);
    expect(existsSync(join(folder, 'trash'))).toBe(false);
  });
});

describe('an upload that was begun and never imported', () => {
  const reopen = async (): Promise<void> => {
    await open.client.projects.close();
    await open.core.projects.openFolder(folder);
  };
  const begin = async (): Promise<string> => {
    const { id } = await open.client.datasets.beginUpload({ name: 'forgotten' });
    await send(id, 'a.jpg', 1);
    return id;
  };

  test('goes to the trash after a day, and from there after 30', async () => {
    const id = await begin();
    await reopen();
    expect(existsSync(join(uploads(), id, 'a.jpg'))).toBe(true);
    age(id, 2);
    await reopen();
    const today = new Date().toISOString().slice(0, 10);
    expect(readFileSync(join(folder, 'trash', today, id, 'a.jpg'))).toEqual(await noisePicture(1));
    expect(readdirSync(uploads())).toEqual([]);

    const old = join(folder, 'trash', new Date(Date.now() - 32 * day).toISOString().slice(0, 10));
    mkdirSync(join(old, id), { recursive: true });
    writeFileSync(join(old, 'mine.txt'), 'not of Lenslet');
    await reopen();
    expect(readdirSync(old)).toEqual(['mine.txt']);
    expect(existsSync(join(folder, 'trash', today, id))).toBe(true);
  });

  test('of which photos were imported stays, whatever the database says later', async () => {
    const id = await begin();
    await open.client.datasets.startImport({ uploads: [id] });
    await open.core.imports.idle();
    expect(existsSync(join(uploads(), `${id}.begun`))).toBe(false);
  });

  test('is not moved through links, and nothing behind a link is removed', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'lenslet-outside-'));
    mkdirSync(join(outside, 'upload-abc'));
    writeFileSync(join(outside, 'upload-abc', 'precious.jpg'), 'precious');
    const [real, linked] = [await begin(), 'upload-linked'];
    symlinkSync(outside, join(uploads(), linked));
    symlinkSync(outside, join(folder, 'trash'));
    age(real, 3);
    writeFileSync(
      join(uploads(), `${linked}.begun`),
      JSON.stringify({ begunAt: '2020-01-01T00:00:00.000Z' }),
    );
    await reopen();
    expect(readdirSync(outside)).toEqual(['upload-abc']);
    expect(existsSync(join(uploads(), real, 'a.jpg'))).toBe(true);
    expect(lstatSync(join(uploads(), linked)).isSymbolicLink()).toBe(true);
    rmSync(join(folder, 'trash'));

    mkdirSync(join(folder, 'trash'));
    symlinkSync(outside, join(folder, 'trash', '2020-01-01'));
    mkdirSync(join(folder, 'trash', '2020-01-02'));
    symlinkSync(join(outside, 'upload-abc'), join(folder, 'trash', '2020-01-02', 'upload-abc'));
    await reopen();
    expect(readFileSync(join(outside, 'upload-abc', 'precious.jpg'), 'utf8')).toBe('precious');
    rmSync(outside, { recursive: true });
  });
});

describe('backups', () => {
  test('are made at closing when something changed, and only then', async () => {
    await take('cats', 2, 0);
    await open.client.projects.close();
    expect(listBackups(folder)).toHaveLength(1);
    await open.core.projects.openFolder(folder);
    await open.client.projects.close();
    expect(listBackups(folder)).toHaveLength(1);
    await open.core.projects.openFolder(folder);
    await take('dogs', 2, 100);
    await open.client.projects.close();
    expect(listBackups(folder)).toHaveLength(2);
  });

  test('that fail keep nobody from working or closing, and are told of', async () => {
    const problems: string[] = [];
    open.core.context.events.on((event: AppEvent) => {
      if (event.type === 'care') problems.push(...event.care.problems.map(({ code }) => code));
    });
    writeFileSync(join(folder, 'backups'), 'a file in its place');
    await expect(open.client.projects.backUp()).rejects.toMatchObject({ data: { code: 'BACKUP_FAILED' } });
    expect((await open.client.projects.care())?.problems).toMatchObject([{ code: 'BACKUP_FAILED' }]);
    await take('cats', 2, 0);
    await open.client.projects.close();
    expect(problems).toContain('BACKUP_FAILED');
    await open.core.projects.openFolder(folder);
    expect((await open.client.datasets.summary()).images).toBe(2);
    rmSync(join(folder, 'backups'));
    await open.client.projects.backUp();
    expect((await open.client.projects.care())?.problems).toEqual([]);
  });
});

test('the command line backs up, tells, and restores', async () => {
  await take('cats', 3, 0);
  await open.client.projects.close();
  const lenslet = (...words: string[]) => {
    const cli = join(import.meta.dirname, '../../../src-main/hosts/cli.ts');
    const env = { ...process.env, LENSLET_HOME: join(open.folder, 'home') };
    const done = spawnSync(process.execPath, [cli, 'project', ...words, '--project', folder, '--json'], {
      env,
    });
    const lines = done.stdout.toString().trim().split('\n');
    return {
      code: done.status,
      said: done.stderr.toString(),
      answer: JSON.parse(lines[0]) as Record<string, unknown>,
    };
  };
  const [first] = listBackups(folder);
  expect(lenslet('info').answer).toMatchObject({
    images: 3,
    unknownPhotos: 0,
    backups: [{ name: first.name, images: 3 }],
  });
  const made = lenslet('backup');
  expect(made.answer).toEqual({ backup: listBackups(folder)[0].name, images: 3 });
  truncateSync(join(folder, 'project.db'));
  const damaged = lenslet('info');
  expect([damaged.code, damaged.answer]).toMatchObject([1, { error: { code: 'PROJECT_DAMAGED' } }]);
  expect(damaged.said).toContain(first.name);
  expect(lenslet('restore', '--from', first.name).answer).toMatchObject({ restored: first.name, images: 3 });
  expect(lenslet('mend').code).toBe(2);
}, 120_000);
