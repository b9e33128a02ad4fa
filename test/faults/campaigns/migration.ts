import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newestVersion } from '../../../src-main/project/database/migrations.ts';
import { openProject } from '../../../src-main/project/project.ts';
import { type Campaign, everywhere, milliseconds } from '../campaign.ts';
import { leftInProject } from '../left-over.ts';

/** Photos of the old project. */
const photos = 30_000;
const fixtures = join(import.meta.dirname, '../../fixtures');

/** A project as the first version of Lenslet left it, with many photos. */
function makeOldProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'project.db'));
  database.exec(readFileSync(join(fixtures, 'databases/v1.sql'), 'utf8'));
  database.exec(
    `WITH RECURSIVE number(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM number WHERE n < ${photos + 99})
     INSERT INTO image (id, source_id, path, hash, bytes, modified, width, height, format, class_id, split, created_at)
     SELECT n, (SELECT min(id) FROM source), 'many/' || n || '.jpg', 'many-' || n, 1000, 1, 200, 150, 'jpeg',
       1 + n % 2, 'train', '2026-01-01T00:00:00.000Z' FROM number`,
  );
  database.close();
}

/** Class and split of each photo, as text. */
function photosOf(database: DatabaseSync): Map<number, string> {
  const rows = database.prepare('SELECT id, path, class_id, split FROM image').all();
  return new Map(rows.map(({ id, ...rest }) => [Number(id), JSON.stringify(rest)]));
}

function opener(folder: string) {
  return spawn(process.execPath, [join(fixtures, 'open-until-killed.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** `kill -9` while an old project is brought to the newest format: the next opening must finish the job. */
export const migration: Campaign = {
  id: 'migration',
  about: 'a program is killed while it brings an old project to the newest format',
  unavailable: everywhere,
  async start({ folder, random }) {
    const old = join(folder, 'old');
    makeOldProject(old);
    const before = new DatabaseSync(join(old, 'project.db'), { readOnly: true });
    const expected = photosOf(before);
    before.close();
    const measured = join(folder, 'measured');
    cpSync(old, measured, { recursive: true });
    const started = performance.now();
    await once(opener(measured), 'close');
    const duration = performance.now() - started;
    return {
      async round(number) {
        const project = join(folder, `project-${number}`);
        cpSync(old, project, { recursive: true });
        const child = opener(project);
        const timer = setTimeout(
          () => child.kill('SIGKILL'),
          milliseconds(random, duration * 0.3, duration * 1.1),
        );
        await once(child, 'close');
        clearTimeout(timer);
        const opened = openProject(project);
        const found = photosOf(opened.database);
        const version = Number(opened.database.prepare('PRAGMA user_version').get()?.user_version);
        opened.close();
        const lost = [...expected].filter(([id, photo]) => found.get(id) !== photo).length;
        const leftOver = leftInProject(project);
        rmSync(project, { recursive: true, force: true });
        const resumed = version === newestVersion ? 1 : 0;
        return { acknowledged: expected.size, lost, resumed, leftOver, problems: [] };
      },
      end: () => Promise.resolve(),
    };
  },
};
