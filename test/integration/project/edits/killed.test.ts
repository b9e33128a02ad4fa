import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findClass } from '../../../../src-main/project/images/classes.ts';
import { findImages } from '../../../../src-main/project/images/images.ts';
import { journalState, undoEdit } from '../../../../src-main/project/edits/journal.ts';
import { createProject, openProject } from '../../../../src-main/project/project.ts';
import { addPhotos } from '../../../fixtures/labelled-project.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lenslet-killed-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** The labels it said were saved before it was killed, by photo. */
async function labelsUntilKilled(
  child: ChildProcess,
  lines: number,
): Promise<{ said: Map<number, number>; count: number }> {
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string];
  expect(signal).toBe('SIGKILL');
  const whole = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .trim()
    .split('\n');
  const pairs = whole.map((line) => line.split(' ').map(Number) as [number, number]);
  return { said: new Map(pairs), count: pairs.length };
}

test('kill -9 at any moment of labelling: every label said to be saved is there, and can be undone', async () => {
  const folder = join(parent, 'project');
  const made = createProject(folder, 'Killed');
  const ids = addPhotos(
    made.database,
    Array.from({ length: 40 }, (_, at) => ({
      path: `${at}.jpg`,
      className: at < 2 ? ['cats', 'dogs'][at] : null,
    })),
  );
  const classes = ['cats', 'dogs'].map((name) => findClass(made.database, name)!);
  made.close();
  const script = join(import.meta.dirname, '../../../fixtures/label-until-killed.ts');
  const words = [folder, ids[0], ids.at(-1), ...classes].map(String);
  let saved = 0;
  for (const lines of [5, 47, 120]) {
    const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { said, count } = await labelsUntilKilled(child, lines);
    expect(count).toBeGreaterThanOrEqual(lines);
    const project = openProject(folder);
    const { entries, undo } = journalState(project.database);
    // One more may have been saved that nobody was told about.
    expect(entries).toBeGreaterThan(saved);
    const rows = findImages(project.database, ids);
    const wrong = rows.filter(({ id, classId }) => said.has(id) && classId !== said.get(id));
    expect(wrong.length).toBeLessThanOrEqual(1);
    if (wrong.length === 1) {
      // That one is the last entry: taken back, all is as it was said.
      undoEdit(project.database);
      expect(findImages(project.database, [wrong[0].id])[0].classId).toBe(said.get(wrong[0].id));
    } else if (undo !== null) {
      undoEdit(project.database);
    }
    saved = journalState(project.database).entries - 1;
    project.close();
  }
}, 60_000);
