import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppEvent } from '../../../src-main/contract/app.ts';
import { EventHub } from '../../../src-main/core/event-hub.ts';
import { Picks } from '../../../src-main/services/context.ts';
import { ProjectKeeper } from '../../../src-main/services/projects.ts';

let home: string;
let events: AppEvent[];
let picks: Picks;
let logged: string[];

function keeper(): ProjectKeeper {
  const hub = new EventHub<AppEvent>((event) => event.type);
  hub.on((event) => events.push(event));
  return new ProjectKeeper({
    events: hub,
    settingsFolder: join(home, 'settings'),
    projectsFolder: join(home, 'projects'),
    picks,
    log: (message) => logged.push(message),
  });
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'lenslet-home-'));
  events = [];
  picks = new Picks();
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
    const reopened = await restarted.open({ pick: picks.add(`${made.location} moved`) });
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
    await expect(projects.open({ pick: picks.add(join(home, 'nothing')) })).rejects.toMatchObject({
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
    await expect(keeper().open({ id: '../..' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
