import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lenslet } from '../../fixtures/command-line.ts';
import { openTestCore } from '../../fixtures/core-without-engine.ts';
import { type Campaign, everywhere, milliseconds } from '../campaign.ts';
import { killLenslet } from '../kill-lenslet.ts';
import { Acknowledged, labelUntil, makeLabelProject } from '../labels.ts';
import { leftInProject } from '../left-over.ts';

/** Backups that a user would see. */
function backupsIn(folder: string): string[] {
  const backups = join(folder, 'backups');
  return existsSync(backups)
    ? readdirSync(backups).filter((name) => name.endsWith('.db') && !name.startsWith('.'))
    : [];
}

/** True when a file is a whole database with photos in it. */
function isWhole(path: string): boolean {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const ok = database.prepare('PRAGMA integrity_check').get()?.integrity_check === 'ok';
      return ok && Number(database.prepare('SELECT count(*) AS photos FROM image').get()?.photos) > 0;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

/** `kill -9` while a backup is written: what lies there as a backup must be whole. */
export const backup: Campaign = {
  id: 'backup',
  about: 'the command line is killed while it writes a backup',
  unavailable: everywhere,
  async start({ folder, random }) {
    const project = makeLabelProject(join(folder, 'project'));
    const home = join(folder, 'home');
    const words = ['project', 'backup', '--project', project.folder, '--json'];
    const started = performance.now();
    const undisturbed = await lenslet(home, ...words);
    if (undisturbed.code !== 0) throw new Error(undisturbed.stderr);
    const duration = performance.now() - started;
    let turn = 0;
    return {
      async round() {
        const { core, client, close } = await openTestCore({ project: false, parent: folder });
        await core.projects.openFolder(project.folder);
        const labels = new Acknowledged();
        await labelUntil(client, project, labels, { from: turn, stop: () => labels.count >= 3 });
        turn += 3;
        await close();
        const { survivors } = await killLenslet(home, words, milliseconds(random, duration * 0.4, duration));
        const broken = backupsIn(project.folder).filter(
          (name) => !isWhole(join(project.folder, 'backups', name)),
        );
        const again = await lenslet(home, ...words);
        const problems = again.code === 0 ? [] : [again.stderr];
        const kept = backupsIn(project.folder);
        if (kept.length === 0) problems.push('no backup is left');
        return {
          acknowledged: kept.length,
          lost: broken.length,
          resumed: again.code === 0 ? 1 : 0,
          leftOver: [...leftInProject(project.folder), ...survivors],
          problems,
        };
      },
      end: () => Promise.resolve(),
    };
  },
};
