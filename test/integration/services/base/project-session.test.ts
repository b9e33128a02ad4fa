import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Project, createProject } from '../../../../src-main/project/project.ts';
import { endProjectSession, projectPart } from '../../../../src-main/services/base/project-session.ts';

let folder: string;
let project: Project;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-session-'));
  project = createProject(join(folder, 'Project'), 'Test');
});
afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true, force: true });
});

it('makes a part once for each project, and ends all parts in reverse order when it closes', async () => {
  const ended: string[] = [];
  const note = (name: string) => () => {
    ended.push(name);
    if (name === 'second') throw new TypeError('second could not end');
  };
  const first = projectPart(({ name }) => ({ name }), note('first'));
  const second = projectPart(() => [], note('second'));
  const third = projectPart(() => new Map());
  expect(first(project)).toEqual({ name: 'Test' });
  expect(first(project)).toBe(first(project));
  second(project);
  third(project).set('a', 1);
  const before = third(project);
  await expect(endProjectSession(project)).rejects.toThrow('second could not end');
  expect(ended).toEqual(['second', 'first']);
  expect(third(project)).not.toBe(before);
  await endProjectSession(project);
  expect(ended).toEqual(['second', 'first']);
});
