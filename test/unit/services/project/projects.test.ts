import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppEvent } from '../../../../src-main/contract/app/app.ts';
import { EventHub } from '../../../../src-main/core/jobs/event-hub.ts';
import { lockProject } from '../../../../src-main/project/database/project-lock.ts';
import { openProject } from '../../../../src-main/project/project.ts';
import { readSetting, writeSetting } from '../../../../src-main/project/database/settings.ts';
import { PickedPaths } from '../../../../src-main/services/base/context.ts';
import { ProjectKeeper } from '../../../../src-main/services/project/projects.ts';

let home: string;
let events: AppEvent[];
let pickedPaths: PickedPaths;
let logged: string[];

function keeper(): ProjectKeeper {
  const hub = new EventHub<AppEvent>((event) => event.type);
  hub.on((event) => events.push(event));
  return new ProjectKeeper({
    events: hub,
    settingsFolder: join(home, 'settings'),
    projectsFolder: join(home, 'projects'),
    pickedPaths,
    log: (message) => logged.push(message),
  });
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lenslet-home-'));
  events = [];
  pickedPaths = new PickedPaths();
  logged = [];
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('ProjectKeeper', () => {
  it('makes a folder beside the others for a name that is taken', async () => {
    const projects = keeper();
    const first = await projects.create({ name: 'Cats' });
    const second = await projects.create({ name: 'Cats' });
    expect(basename(first.location)).toBe('Cats');
    expect(basename(second.location)).toBe('Cats 2');
    await projects.close();
    expect(events.at(-1)).toEqual({ type: 'project', project: null });
  });

  it('remembers projects across restarts and knows when a folder is gone', async () => {
    const projects = keeper();
    const made = await projects.create({ name: 'Cats' });
    await projects.close();
    renameSync(made.location, `${made.location} moved`);
    const restarted = keeper();
    expect(restarted.recent()).toMatchObject([{ id: made.id, name: 'Cats', available: false }]);
    await expect(restarted.open({ id: made.id })).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
    const reopened = await restarted.open({ pick: pickedPaths.add(`${made.location} moved`) });
    expect(reopened.id).toBe(made.id);
    expect(restarted.recent()).toMatchObject([{ id: made.id, available: true }]);
    restarted.forget(made.id);
    expect(restarted.recent()).toEqual([]);
    expect(existsSync(`${made.location} moved`)).toBe(true);
    await restarted.close();
  });

  it('keeps the open project when another cannot be opened', async () => {
    const projects = keeper();
    const made = await projects.create({ name: 'Cats' });
    await expect(projects.open({ pick: pickedPaths.add(join(home, 'nothing')) })).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
    });
    expect(projects.describe()?.id).toBe(made.id);
    await projects.close();
  });

  it('opens one after the other when two are asked for at once', async () => {
    const projects = keeper();
    const [cats, dogs] = await Promise.all([
      projects.create({ name: 'Cats' }),
      projects.create({ name: 'Dogs' }),
    ]);
    expect(projects.describe()?.id).toBe(dogs.id);
    const again = await Promise.all([projects.open({ id: cats.id }), projects.open({ id: cats.id })]);
    expect(again.map(({ id }) => id)).toEqual([cats.id, cats.id]);
    await projects.close();
    expect(keeper().recent()).toHaveLength(2);
  });

  it('works although the list of recent projects cannot be written', async () => {
    mkdirSync(join(home, 'settings', 'recent-projects.json'), { recursive: true });
    const projects = keeper();
    const { id } = await projects.create({ name: 'Cats' });
    expect(projects.describe()?.id).toBe(id);
    expect(events.at(-1)).toMatchObject({ type: 'project', project: { id } });
    expect(logged).toHaveLength(1);
    await projects.close();
  });

  it('treats a damaged list of recent projects as empty', async () => {
    const projects = keeper();
    await projects.create({ name: 'Cats' });
    await projects.close();
    writeFileSync(join(home, 'settings', 'recent-projects.json'), '[{"id": 7');
    expect(keeper().recent()).toEqual([]);
  });

  it('takes no path from a page: only ids it was given', async () => {
    await expect(keeper().open({ pick: '/etc' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(keeper().open({ id: '../../..' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each(['a preparer', 'a missing table'])(
    'leaves the open project as it is when another fails at %s',
    async (where) => {
      const projects = keeper();
      const closed: string[] = [];
      const opened: string[] = [];
      const dogs = await projects.create({ name: 'Dogs' });
      await projects.close();
      const cats = await projects.create({ name: 'Cats' });
      projects.beforeClose(async ({ name }) => void closed.push(name));
      projects.afterOpen(({ name }) => opened.push(name));
      if (where === 'a preparer') {
        projects.beforeOpen(() => {
          throw new Error('it cannot be read');
        });
      } else {
        const database = new DatabaseSync(join(dogs.location, 'project.db'));
        database.exec(
          'DROP TABLE quarantine; DROP TABLE epoch; DROP TABLE evaluation; DROP TABLE prediction',
        );
        database.exec('DROP TABLE run');
        database.close();
      }
      events = [];
      await expect(projects.open({ id: dogs.id })).rejects.toMatchObject({ code: 'PROJECT_DAMAGED' });
      expect(projects.get().id).toBe(cats.id);
      expect({ closed, opened, events }).toEqual({ closed: [], opened: [], events: [] });
      writeSetting(projects.get().database, 'still', 'open');
      // The lock of the other is let go of.
      lockProject(dogs.location).release();
      await projects.close();
    },
  );

  it('opens a project although work after the opening fails, and closes one although work before it fails', async () => {
    const projects = keeper();
    projects.afterOpen(() => {
      throw new Error('later');
    });
    projects.beforeClose(async () => {
      throw new Error('sooner');
    });
    const cats = await projects.create({ name: 'Cats' });
    expect(projects.get().id).toBe(cats.id);
    await projects.create({ name: 'Dogs' });
    expect(logged).toContain('closing a project');
    openProject(cats.location).close();
    await projects.close();
  });

  it('says so when the folder is gone, and works on when it is put back', async () => {
    const projects = keeper();
    const cats = await projects.create({ name: 'Cats' });
    renameSync(cats.location, `${cats.location} moved`);
    expect(() => projects.get()).toThrow(expect.objectContaining({ code: 'PROJECT_GONE' }) as Error);
    expect(events.at(-1)).toMatchObject({ type: 'project', project: { problem: { code: 'PROJECT_GONE' } } });
    renameSync(`${cats.location} moved`, cats.location);
    expect(projects.get().id).toBe(cats.id);
    expect(events.at(-1)).toMatchObject({ type: 'project', project: { problem: null } });
    await projects.close();
  });

  it('opens a project that was moved while it was open from where it is now', async () => {
    const projects = keeper();
    const cats = await projects.create({ name: 'Cats' });
    writeSetting(projects.get().database, 'last', 'edit');
    renameSync(cats.location, `${cats.location} moved`);
    const moved = await projects.open({ pick: pickedPaths.add(`${cats.location} moved`) });
    expect(moved).toMatchObject({ id: cats.id, problem: null });
    expect(readSetting(projects.get().database, 'last')).toBe('edit');
    expect(existsSync(cats.location)).toBe(false);
    await projects.close();
  });

  it('opens what lies in place of the open project now, and leaves it whole', async () => {
    const projects = keeper();
    const cats = await projects.create({ name: 'Cats' });
    const before = projects.get();
    writeSetting(before.database, 'where', 'first');
    cpSync(cats.location, `${cats.location} copy`, { recursive: true });
    renameSync(cats.location, `${cats.location} first`);
    renameSync(`${cats.location} copy`, cats.location);
    expect(() => projects.get()).toThrow(expect.objectContaining({ code: 'PROJECT_GONE' }) as Error);
    const reopened = await projects.openFolder(cats.location);
    expect(reopened.problem).toBeNull();
    expect(projects.get()).not.toBe(before);
    writeSetting(projects.get().database, 'where', 'copy');
    // Letting go of the first one took nothing away from the copy.
    expect(existsSync(join(cats.location, 'project.db-wal'))).toBe(true);
    expect(projects.get().identity.isThere()).toBe(true);
    await projects.close();
    const copy = openProject(cats.location);
    expect(readSetting(copy.database, 'where')).toBe('copy');
    copy.close();
  });

  it('loses no edit when the log beside the database is removed', async () => {
    const projects = keeper();
    const cats = await projects.create({ name: 'Cats' });
    writeSetting(projects.get().database, 'kept', 'yes');
    rmSync(join(cats.location, 'project.db-wal'));
    expect(() => projects.get()).toThrow(expect.objectContaining({ code: 'PROJECT_GONE' }) as Error);
    await projects.openFolder(cats.location);
    expect(readSetting(projects.get().database, 'kept')).toBe('yes');
    await projects.close();
  });
});
