/** A database that is lost is not a new project, and a failure of the disk is not damage. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainOpenFailure } from '../../../src-main/project/database/open-failure.ts';
import { setDurability } from '../../../src-main/project/project-database.ts';
import { createProject, openProject } from '../../../src-main/project/project.ts';
import { asOrdinaryUser } from '../../fixtures/ordinary-user.ts';
import { imagesIn, makeProject } from '../../fixtures/project-with-photos.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-damaged-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const database = (): string => join(folder, 'project.db');
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'opened';
};
const openCode = (): string => codeOf(() => openProject(folder).close());

const content = {
  'a run': 'runs/run-abc/run.json',
  'an upload': 'uploads/upload-abc/photo.jpg',
  'a backup': 'backups/project-2026-01-01T00-00-00-000Z-v4.db',
  'a cache': 'cache/index.db',
};

describe.each(Object.entries(content))('a folder with %s', (_, path) => {
  beforeEach(() => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'content');
  });

  it('and an empty database is damaged, and stays as it is', () => {
    writeFileSync(database(), '');
    for (let attempt = 0; attempt < 2; attempt++) expect(openCode()).toBe('PROJECT_DAMAGED');
    expect(readFileSync(database())).toHaveLength(0);
    expect(readFileSync(join(folder, path), 'utf8')).toBe('content');
  });

  it('and no database is damaged, for opening and for making a project there', () => {
    expect(openCode()).toBe('PROJECT_DAMAGED');
    expect(codeOf(() => createProject(folder, 'New').close())).toBe('PROJECT_DAMAGED');
    expect(existsSync(database())).toBe(false);
  });

  it('and a database without tables is damaged', () => {
    const empty = new DatabaseSync(database());
    empty.exec('PRAGMA journal_mode = WAL; CREATE TABLE a (b); DROP TABLE a');
    empty.close();
    expect(openCode()).toBe('PROJECT_DAMAGED');
  });

  it('and a file that is not a database is damaged', () => {
    writeFileSync(database(), 'something else entirely. '.repeat(300));
    expect(openCode()).toBe('PROJECT_DAMAGED');
  });
});

it('a project is made where another program has its own runs, uploads or cache', () => {
  for (const path of ['runs/detect/train1/weights.pt', 'cache/http/1', 'uploads/report.pdf']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'not ours');
  }
  createProject(folder, 'Beside others').close();
  expect(openCode()).toBe('opened');
});

it('a project whose making was cut short before anything was in it opens as new', () => {
  writeFileSync(database(), '');
  for (const part of ['runs', 'uploads', 'cache']) mkdirSync(join(folder, part));
  expect(openCode()).toBe('opened');
});

it('a project that is cut off in the middle is damaged', () => {
  makeProject(folder, 3000);
  truncateSync(database(), 64 * 1024);
  expect(openCode()).toBe('PROJECT_DAMAGED');
});

describe('a database of another program', () => {
  it.each(['with an application id', 'without one'])('%s is refused and not written to', (which) => {
    const other = new DatabaseSync(database());
    other.exec('CREATE TABLE bookmark (address TEXT); PRAGMA user_version = 3');
    if (which === 'with an application id') other.exec('PRAGMA application_id = 252006675');
    other.close();
    const before = readFileSync(database());
    expect(openCode()).toBe('PROJECT_FOREIGN');
    expect(readFileSync(database()).equals(before)).toBe(true);
  });

  it('is told from ours by the id in the header, which older databases get when they are opened', () => {
    const old = new DatabaseSync(database());
    old.exec(readFileSync(join(import.meta.dirname, '../../fixtures/databases/v1.sql'), 'utf8'));
    old.close();
    openProject(folder).close();
    expect(readFileSync(database()).subarray(68, 72).toString()).toBe('Lens');
    expect(openCode()).toBe('opened');
  });
});

describe('a part of a project that is something else', () => {
  it.each(['cache', 'uploads', 'runs'])('%s as a file is named, with what to do', (part) => {
    makeProject(folder, 2);
    rmSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, part), 'a file');
    expect(() => openProject(folder)).toThrow(
      expect.objectContaining({
        code: 'PROJECT_PART_INVALID',
        params: { path: join(folder, part), found: 'file', expected: 'folder' },
      }),
    );
    rmSync(join(folder, part));
    expect(openCode()).toBe('opened');
  });

  it.each(['uploads', 'runs', 'project.db', 'project.db-wal', 'project.lock', 'project.lock.pid'])(
    '%s as a link is not followed, whether or not it leads anywhere',
    (part) => {
      makeProject(folder, 2);
      rmSync(join(folder, part), { recursive: true, force: true });
      const outside = mkdtempSync(join(tmpdir(), 'lenslet-outside-'));
      const target = part.includes('.') ? join(outside, 'file') : outside;
      if (part.includes('.')) writeFileSync(target, 'precious');
      symlinkSync(target, join(folder, part));
      expect(openCode()).toBe('PROJECT_PART_INVALID');
      if (part.includes('.')) expect(readFileSync(target, 'utf8')).toBe('precious');
      rmSync(outside, { recursive: true });
      expect(openCode()).toBe('PROJECT_PART_INVALID');
    },
  );

  it('a lock file with other content is named', () => {
    makeProject(folder, 2);
    writeFileSync(join(folder, 'project.lock'), 'not a lock '.repeat(500));
    expect(openCode()).toBe('PROJECT_PART_INVALID');
  });

  it('a folder in the place of the database is named', () => {
    mkdirSync(database());
    expect(openCode()).toBe('PROJECT_PART_INVALID');
  });
});

describe('a failure of the system', () => {
  const failure = (code: string): Error => Object.assign(new Error(`${code}: it failed`), { code });
  it.each([
    ['EACCES', 'PROJECT_READ_ONLY'],
    ['EPERM', 'PROJECT_READ_ONLY'],
    ['EROFS', 'PROJECT_READ_ONLY'],
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['ENOTDIR', 'PROJECT_PART_INVALID'],
    ['EEXIST', 'PROJECT_PART_INVALID'],
    ['ELOOP', 'PROJECT_PART_INVALID'],
    ['EMFILE', 'FILES_TOO_MANY_OPEN'],
    ['ENFILE', 'FILES_TOO_MANY_OPEN'],
    ['EIO', 'FILE_UNWRITABLE'],
    ['ENAMETOOLONG', 'FILE_UNWRITABLE'],
  ])('%s is %s', (code, expected) => {
    expect(explainOpenFailure(failure(code), folder).code).toBe(expected);
  });

  it('a folder that may not be written to says so', async () => {
    makeProject(folder, 2);
    const files = ['project.db', 'project.lock'].map((name) => join(folder, name));
    chmodSync(folder, 0o555);
    try {
      await asOrdinaryUser(() => {
        expect(openCode()).toBe('PROJECT_READ_ONLY');
        expect(codeOf(() => createProject(join(folder, 'inner'), 'New').close())).toBe('PROJECT_READ_ONLY');
        return Promise.resolve();
      });
      for (const file of files) chmodSync(file, 0o666);
      await asOrdinaryUser(() => Promise.resolve(expect(openCode()).toBe('PROJECT_READ_ONLY')));
    } finally {
      chmodSync(folder, 0o755);
    }
    expect(openCode()).toBe('opened');
  });

  it('a project below a file is not found, with the file named', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(codeOf(() => createProject(join(folder, 'file', 'project'), 'New').close())).toBe(
      'PROJECT_PART_INVALID',
    );
  });
});

describe('the lock', () => {
  it('holds when its file is deleted: the database itself is open for one process only', async () => {
    makeProject(folder, 2);
    const module = new URL('../../../src-main/project/project.ts', import.meta.url).href;
    const script = `import { openProject } from ${JSON.stringify(module)};
      const project = openProject(${JSON.stringify(folder)});
      console.log('open');
      process.stdin.on('data', () => { project.close(); process.exit(); });`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const gone = once(holder, 'exit');
    await once(createInterface({ input: holder.stdout }), 'line');
    for (const name of ['project.lock', 'project.lock-journal']) rmSync(join(folder, name), { force: true });
    expect(() => openProject(folder)).toThrow(
      expect.objectContaining({ code: 'PROJECT_LOCKED', params: { path: folder, pid: String(holder.pid) } }),
    );
    holder.stdin.write('close');
    await gone;
    const project = openProject(folder);
    expect(imagesIn(project)).toBe(2);
    project.close();
  });
});

it('without a write-ahead log every change is pressed to the disk', () => {
  const memory = new DatabaseSync(':memory:');
  expect(setDurability(memory)).toBe(false);
  expect(memory.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  memory.close();
  const file = new DatabaseSync(join(folder, 'any.db'));
  expect(setDurability(file)).toBe(true);
  expect(file.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 1 });
  file.close();
});
