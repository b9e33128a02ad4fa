/** A backup takes the place of the database; what was there before is kept. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listBackups, makeBackup } from '../../../src-main/project/backups.ts';
import { newestVersion } from '../../../src-main/project/database/migrations.ts';
import { openProject } from '../../../src-main/project/project.ts';
import { restoreProject } from '../../../src-main/project/restore.ts';
import { addImages, imagesIn, makeProject } from '../../fixtures/project-with-photos.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-restore-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const database = (): string => join(folder, 'project.db');
const keptFiles = (): string[] => readdirSync(folder).filter((name) => name.includes('.damaged-'));

/** A project of 20 images with a backup of them, and 20 images more. */
async function backedUpProject(): Promise<string> {
  makeProject(folder, 20);
  const project = openProject(folder);
  const name = makeBackup(project.database, folder);
  addImages(project, 20, 'later');
  project.close();
  return name;
}
function openedImages(): number {
  const project = openProject(folder);
  const images = imagesIn(project);
  project.close();
  return images;
}

const ways: Record<string, () => void> = {
  empty: () => truncateSync(database()),
  missing: () => rmSync(database()),
  'cut off': () => truncateSync(database(), 5000),
  'full of other bytes': () => writeFileSync(database(), 'other bytes '.repeat(9000)),
  "another program's": () => {
    rmSync(database());
    const other = new DatabaseSync(database());
    other.exec('CREATE TABLE bookmark (address TEXT)');
    other.close();
  },
};

describe.each(Object.entries(ways))('a database that is %s', (way, damage) => {
  it('is replaced by the newest backup and kept byte for byte', async () => {
    const name = await backedUpProject();
    damage();
    const damaged = way === 'missing' ? null : readFileSync(database());
    expect(() => openProject(folder)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^PROJECT_(DAMAGED|FOREIGN)$/) as string }),
    );
    const { restored, keptAs } = restoreProject(folder);
    expect(restored).toBe(name);
    expect(openedImages()).toBe(20);
    if (damaged === null) expect(keptAs).toBeNull();
    else expect(readFileSync(join(folder, keptAs!)).equals(damaged)).toBe(true);
    expect(listBackups(folder).map((backup) => backup.name)).toEqual([name]);
  });
});

it('a log that was left beside the damaged database is not played into the restored one', async () => {
  await backedUpProject();
  // What is in the log of a process that was killed belongs to the database it was killed over.
  const holder = new DatabaseSync(database());
  holder.exec('PRAGMA wal_autocheckpoint = 0; UPDATE image SET width = 99');
  const log = readFileSync(`${database()}-wal`);
  holder.close();
  writeFileSync(`${database()}-wal`, log);
  truncateSync(database(), 5000);
  const { keptAs } = restoreProject(folder);
  expect(keptFiles().sort()).toEqual([keptAs, `${keptAs}-wal`]);
  const project = openProject(folder);
  expect(project.database.prepare('SELECT max(width) AS width FROM image').get()).toEqual({ width: 2 });
  project.close();
});

it('an older backup can be chosen by its name, and a damaged one is passed over', async () => {
  const older = await backedUpProject();
  const project = openProject(folder);
  const newer = makeBackup(project.database, folder);
  project.close();
  expect(restoreProject(folder).restored).toBe(newer);
  expect(openedImages()).toBe(40);
  expect(restoreProject(folder, older).restored).toBe(older);
  expect(openedImages()).toBe(20);
  expect(keptFiles().length).toBe(2);
  truncateSync(join(folder, 'backups', newer), 9000);
  expect(() => restoreProject(folder, newer)).toThrow(expect.objectContaining({ code: 'BACKUP_INVALID' }));
  expect(restoreProject(folder).restored).toBe(older);
});

it('without a backup that can be used nothing is touched, and the reason is said', () => {
  makeProject(folder, 3);
  truncateSync(database());
  const before = readdirSync(folder).sort();
  expect(() => restoreProject(folder)).toThrow(expect.objectContaining({ code: 'PROJECT_NO_BACKUP' }));
  for (const name of ['nothing.db', '../../secret.db', 'project-2026-01-01T00-00-00-000Z-v5.db']) {
    expect(() => restoreProject(folder, name)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  }
  expect(readdirSync(folder).sort()).toEqual(before);
});

it('a backup of a newer Lenslet is not restored by this one', async () => {
  const name = await backedUpProject();
  const backup = new DatabaseSync(join(folder, 'backups', name));
  backup.exec(`PRAGMA user_version = ${newestVersion + 1}`);
  backup.close();
  expect(() => restoreProject(folder, name)).toThrow(expect.objectContaining({ code: 'BACKUP_INVALID' }));
});

it('a project that is open is not restored under its owner', async () => {
  await backedUpProject();
  const project = openProject(folder);
  expect(() => restoreProject(folder)).toThrow(expect.objectContaining({ code: 'PROJECT_LOCKED' }));
  expect(imagesIn(project)).toBe(40);
  project.close();
});
