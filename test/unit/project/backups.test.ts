/** Backups are whole or not there, rotate by age, and keep nobody from working. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  changedSinceBackup,
  inspectBackup,
  listBackups,
  makeBackup,
  sweepBackups,
} from '../../../src-main/project/backups.ts';
import { openProject } from '../../../src-main/project/project.ts';
import { backupsToRemove } from '../../../src-main/project/rotation.ts';
import { writeSetting } from '../../../src-main/project/database/settings.ts';
import { addImages, imagesIn, makeProject } from '../../fixtures/project-with-photos.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-backups-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fixture = (name: string): string => join(import.meta.dirname, '../../fixtures', name);

describe('a backup', () => {
  it('holds the project as it is, complete in one file, while the project stays open', () => {
    makeProject(folder, 300);
    const project = openProject(folder);
    const name = makeBackup(project.database, folder);
    addImages(project, 1, 'afterwards');
    expect(readdirSync(join(folder, 'backups'))).toEqual([name]);
    const [found] = listBackups(folder);
    expect(inspectBackup(found)).toMatchObject({ images: 300, runs: 0 });
    // Looking into it changed nothing beside it either.
    expect(readdirSync(join(folder, 'backups'))).toEqual([name]);
    project.close();
  });

  it('is due only when the project changed since the last one', () => {
    makeProject(folder, 5);
    const first = openProject(folder);
    expect(changedSinceBackup(folder, first.changedAt)).toBe(true);
    makeBackup(first.database, folder);
    first.close();
    const second = openProject(folder);
    expect(changedSinceBackup(folder, second.changedAt)).toBe(false);
    writeSetting(second.database, 'some', 'thing');
    second.close();
    const third = openProject(folder);
    expect(changedSinceBackup(folder, third.changedAt)).toBe(true);
    third.close();
  });

  it('that is cut short by kill -9 is never taken for a whole one, and the project is as it was', async () => {
    makeProject(folder, 20_000);
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [fixture('back-up-until-killed.ts'), folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const gone = once(child, 'exit');
      await once(createInterface({ input: child.stdout }), 'line');
      // In the middle of the next one.
      await expect
        .poll(() => readdirSync(join(folder, 'backups')).some((name) => name.endsWith('.partial')), {
          interval: 1,
          timeout: 20_000,
        })
        .toBe(true);
      child.kill('SIGKILL');
      await gone;
      const backups = listBackups(folder);
      expect(backups.length).toBeGreaterThan(0);
      for (const backup of backups) expect(inspectBackup(backup).images).toBe(20_000);
      // The second time it is the opening of the project that clears up, not the next backup.
      if (round === 1) sweepBackups(folder);
      const project = openProject(folder);
      expect(imagesIn(project)).toBe(20_000);
      if (round !== 1) makeBackup(project.database, folder);
      project.close();
      expect(readdirSync(join(folder, 'backups')).filter((name) => name.includes('.partial'))).toEqual([]);
    }
  }, 60_000);

  it.skipIf(process.platform === 'win32')(
    'for which there is no room fails alone: edits before and after it are kept, and nothing half is left',
    async () => {
      makeProject(folder, 20_000);
      const limit = 'ulimit -f 600; exec "$0" "$@"';
      const words = ['-c', limit, process.execPath, fixture('back-up-without-room.ts'), folder];
      const child = spawn('sh', words, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      const { code, backups } = JSON.parse(line) as { code: string; backups: string[] };
      expect(['DISK_FULL', 'FILE_UNWRITABLE']).toContain(code);
      expect(backups).toEqual([]);
      const project = openProject(folder);
      const kept = project.database
        .prepare("SELECT key FROM setting WHERE value = 'kept' ORDER BY key")
        .all();
      expect(kept.map(({ key }) => key)).toEqual(['after', 'before']);
      expect(imagesIn(project)).toBe(20_000);
      project.close();
    },
    30_000,
  );

  it('before a migration that cannot be made is a warning: the project opens all the same', () => {
    const sql = readFileSync(fixture('databases/v1.sql'), 'utf8');
    makeOldProject(sql);
    writeFileSync(join(folder, 'backups'), 'a file where the folder should be');
    const project = openProject(folder);
    expect(project.warnings).toMatchObject([{ code: 'BACKUP_FAILED' }]);
    expect(imagesIn(project)).toBe(4);
    project.close();
  });

  it('never goes through a link: the folder it leads to is neither written nor listed', () => {
    makeProject(folder, 5);
    const elsewhere = mkdtempSync(join(tmpdir(), 'lenslet-elsewhere-'));
    symlinkSync(elsewhere, join(folder, 'backups'));
    const project = openProject(folder);
    expect(() => makeBackup(project.database, folder)).toThrow(
      expect.objectContaining({ code: 'PROJECT_PART_INVALID' }),
    );
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(listBackups(folder)).toEqual([]);
    project.close();
    rmSync(elsewhere, { recursive: true });
  });
});

function makeOldProject(sql: string): void {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'project.db'));
  database.exec(sql);
  database.close();
}

describe('rotation', () => {
  const at = (day: number, hour = 12, version = 5) => ({
    madeAt: new Date(Date.UTC(2026, 0, day, hour)),
    version,
  });

  it('keeps the newest 5, one a day for 7 days and one a week for 4 weeks', () => {
    // 5 January 2026 is a Monday. Three a day for 40 days, newest first.
    const backups = Array.from({ length: 40 }, (_, i) => [
      at(40 - i, 18),
      at(40 - i, 12),
      at(40 - i, 6),
    ]).flat();
    const removed = new Set(backupsToRemove(backups));
    const kept = backups.filter((backup) => !removed.has(backup));
    const days = kept.map(({ madeAt }) => `${madeAt.toISOString().slice(5, 13)}`);
    expect(days).toEqual([
      ...['02-09T18', '02-09T12', '02-09T06', '02-08T18', '02-08T12'],
      ...['02-07T18', '02-06T18', '02-05T18', '02-04T18', '02-03T18'],
      ...['02-01T18', '01-25T18'],
    ]);
  });

  it('removes nothing only because time has passed, and keeps the newest of each older format', () => {
    const backups = [at(31), at(30), at(29), at(28), at(27), at(2, 5, 4), at(1, 5, 4), at(1, 4, 3)];
    expect(backupsToRemove(backups)).toEqual([]);
    const more = [...Array.from({ length: 12 }, (_, i) => at(31 - i)), at(2, 5, 4), at(2, 4, 4), at(1, 4, 3)];
    const removed = backupsToRemove(more);
    expect(removed).toContainEqual(at(2, 4, 4));
    expect(removed).not.toContainEqual(at(2, 5, 4));
    expect(removed).not.toContainEqual(at(1, 4, 3));
  });

  it('touches only files that Lenslet named', () => {
    makeProject(folder, 5);
    const backups = join(folder, 'backups');
    mkdirSync(backups);
    const others = ['project-notes.db', 'project-2020-01-01.db', 'mine.db', 'project-old-v4.db.partial'];
    for (const name of others) writeFileSync(join(backups, name), 'keep');
    for (let i = 10; i < 40; i++) {
      writeFileSync(join(backups, `project-2020-01-01T00-00-${i}-000Z-v5.db`), 'old');
    }
    sweepBackups(folder);
    const project = openProject(folder);
    makeBackup(project.database, folder);
    project.close();
    for (const name of others) expect(existsSync(join(backups, name))).toBe(true);
    expect(listBackups(folder)).toHaveLength(5);
  });
});
