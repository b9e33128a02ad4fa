import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureClass, listClasses, orderNewClasses } from '../../../src-main/project/images/classes.ts';
import {
  countImages,
  ensureSource,
  findImages,
  labelledImages,
  upsertImage,
} from '../../../src-main/project/images/images.ts';
import { listImageIds } from '../../../src-main/project/images/photo-lists.ts';
import { newestVersion } from '../../../src-main/project/database/migrations.ts';
import { createProject, openProject } from '../../../src-main/project/project.ts';
import { listQuarantine, quarantineFile, releaseFile } from '../../../src-main/project/images/quarantine.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-project-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a project folder', () => {
  it('is made, closed and opened again with its identity', () => {
    const made = createProject(join(folder, 'cats'), 'My cats');
    made.close();
    const opened = openProject(join(folder, 'cats'));
    expect(opened.id).toBe(made.id);
    expect(opened.name).toBe('My cats');
    opened.close();
  });

  it('is not made over another, and not opened where there is none', () => {
    createProject(folder, 'one').close();
    expect(() => createProject(folder, 'two')).toThrow(expect.objectContaining({ code: 'PROJECT_EXISTS' }));
    expect(() => openProject(join(folder, 'nothing'))).toThrow(
      expect.objectContaining({ code: 'PROJECT_NOT_FOUND' }),
    );
  });

  it('says so when its database is damaged, and lets go of the lock', () => {
    createProject(folder, 'one').close();
    writeFileSync(join(folder, 'project.db'), 'this is no database, whatever its name says'.repeat(50));
    rmSync(join(folder, 'project.db-wal'), { force: true });
    for (let attempt = 0; attempt < 2; attempt++)
      expect(() => openProject(folder)).toThrow(expect.objectContaining({ code: 'PROJECT_DAMAGED' }));
  });

  it('is not opened when a newer Lenslet wrote it', () => {
    createProject(folder, 'one').close();
    const database = new DatabaseSync(join(folder, 'project.db'));
    database.exec(`PRAGMA user_version = ${newestVersion + 1}`);
    database.close();
    expect(() => openProject(folder)).toThrow(expect.objectContaining({ code: 'PROJECT_TOO_NEW' }));
    expect(readdirSync(folder)).not.toContain('backups');
  });

  it('is open in one process only, and free again when that process is killed', async () => {
    createProject(folder, 'one').close();
    const script = join(folder, 'holder.mjs');
    const module = new URL('../../../src-main/project/project.ts', import.meta.url).href;
    writeFileSync(
      script,
      `import { openProject } from ${JSON.stringify(module)};
       openProject(${JSON.stringify(folder)});
       // What nobody refers to is collected now; the lock must hold all the same.
       for (let round = 0; round < 5; round++) {
         gc();
         await new Promise((resolve) => setTimeout(resolve, 2));
       }
       process.send('open'); setInterval(() => {}, 1000);`,
    );
    const holder = fork(script, { execArgv: ['--expose-gc'] });
    const ended = once(holder, 'exit');
    try {
      await once(holder, 'message');
      expect(() => openProject(folder)).toThrow(
        expect.objectContaining({
          code: 'PROJECT_LOCKED',
          params: { path: folder, pid: String(holder.pid) },
        }),
      );
    } finally {
      holder.kill('SIGKILL');
    }
    await ended;
    openProject(folder).close();
    expect(existsSync(join(folder, 'project.lock.pid'))).toBe(false);
  });
});

describe('images and classes', () => {
  it('keep labels when a file is imported again, and count by class and split', () => {
    const project = createProject(folder, 'one');
    const { database } = project;
    const source = ensureSource(database, 'folder', '/photos');
    expect(ensureSource(database, 'folder', '/photos')).toBe(source);
    const dogs = ensureClass(database, 'dogs');
    const cats = ensureClass(database, 'cats');
    expect(ensureClass(database, 'cats')).toBe(cats);
    const image = {
      sourceId: source,
      path: 'cats/100%_a.jpg',
      hash: 'aa',
      bytes: 1,
      modified: 1,
      width: 2,
      height: 3,
      format: 'jpeg',
      classId: cats,
      split: 'train' as const,
    };
    const id = upsertImage(database, image);
    upsertImage(database, { ...image, path: 'cats/b.jpg', split: null });
    expect(upsertImage(database, { ...image, hash: 'bb', classId: dogs, split: 'test' })).toBe(id);
    expect(findImages(database, [id])[0]).toMatchObject({ hash: 'bb', classId: cats, split: 'train' });
    expect(countImages(database)).toContainEqual({ classId: cats, split: 'train', images: 1 });
    expect(labelledImages(database, 'train').map((row) => row.id)).toEqual([id]);
    expect(listImageIds(database, { text: '%_A' })).toEqual([id]);
    expect(listImageIds(database, { text: '%b' })).toEqual([]);
    orderNewClasses(database, 0);
    expect(listClasses(database).map((row) => row.name)).toEqual(['cats', 'dogs']);
    project.close();
  });

  it('compare class names by what people see: composed and decomposed letters are one class', () => {
    const project = createProject(folder, 'one');
    expect(ensureClass(project.database, 'caf\u00e9')).toBe(ensureClass(project.database, 'cafe\u0301'));
    project.close();
  });

  it('keep the reason of a refused file until it is released', () => {
    const project = createProject(folder, 'one');
    const source = ensureSource(project.database, 'folder', '/photos');
    quarantineFile(project.database, source, 'a.jpg', 'IMAGE_EMPTY', {});
    quarantineFile(project.database, source, 'a.jpg', 'IMAGE_TOO_LARGE', { megapixels: 900, limit: 120 });
    expect(listQuarantine(project.database)).toMatchObject([{ path: 'a.jpg', params: { megapixels: 900 } }]);
    releaseFile(project.database, source, 'a.jpg');
    expect(listQuarantine(project.database)).toEqual([]);
    project.close();
  });
});
