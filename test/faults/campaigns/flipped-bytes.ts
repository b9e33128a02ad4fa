import { closeSync, cpSync, openSync, readSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../src-main/contract/shared/errors.ts';
import type { Random } from '../../../src-main/core/random/random.ts';
import { lenslet } from '../../fixtures/command-line.ts';
import { openTestCore } from '../../fixtures/core-without-engine.ts';
import { type Campaign, everywhere } from '../campaign.ts';
import { Acknowledged, labelUntil, labelsIn, makeLabelProject } from '../labels.ts';

/** Damages a file: flips some bytes, or cuts its end off. */
function damage(path: string, random: Random): string {
  const { size } = statSync(path);
  if (random.next() < 0.2) {
    const length = random.integer(size);
    truncateSync(path, length);
    return `cut to ${length} of ${size} bytes`;
  }
  const flips = 1 + random.integer(200);
  // A scratch that runs on is as likely as single bits.
  const start = random.integer(size);
  const near = random.next() < 0.5;
  const file = openSync(path, 'r+');
  try {
    const byte = new Uint8Array(1);
    for (let flip = 0; flip < flips; flip++) {
      const at = near ? Math.min(size - 1, start + flip) : random.integer(size);
      readSync(file, byte, 0, 1, at);
      byte[0] ^= 1 << random.integer(8);
      writeSync(file, byte, 0, 1, at);
    }
  } finally {
    closeSync(file);
  }
  return `${flips} bits flipped ${near ? 'from' : 'around'} ${start} of ${size}`;
}

/** Bytes of `project.db` are flipped: it opens as it was, or says that it is damaged and its backup is put back. */
export const flippedBytes: Campaign = {
  id: 'flipped-bytes',
  about: 'bytes of the closed project’s database are flipped or cut off; its backup is put back',
  unavailable: everywhere,
  async start({ folder, random }) {
    const project = makeLabelProject(join(folder, 'project'));
    const labels = new Acknowledged();
    const { core, client, close } = await openTestCore({ project: false, parent: folder });
    await core.projects.openFolder(project.folder);
    await labelUntil(client, project, labels, { from: 0, stop: () => labels.count >= 50 });
    await close();
    const home = join(folder, 'home');
    const backedUp = await lenslet(home, 'project', 'backup', '--project', project.folder, '--json');
    if (backedUp.code !== 0) throw new Error(backedUp.stderr);
    return {
      async round(number) {
        const copy = join(folder, `copy-${number}`);
        cpSync(project.folder, copy, { recursive: true });
        const how = damage(join(copy, 'project.db'), random);
        const problems: string[] = [];
        let found: ReadonlyMap<number, number | null> | null = null;
        try {
          found = labelsIn(copy);
        } catch (thrown) {
          const error = AppError.from(thrown);
          if (error.kind === 'bug') problems.push(`${how}: ${error.code}: ${String(thrown)}`);
        }
        // What opens without a word must be right.
        if (found !== null && labels.lostIn(found) > 0) problems.push(`${how}: wrong labels without a word`);
        const restored = await lenslet(home, 'project', 'restore', '--project', copy, '--json');
        if (restored.code !== 0) problems.push(`${how}: ${restored.stderr}`);
        let lost = labels.count;
        if (restored.code === 0) lost = labels.lostIn(labelsIn(copy));
        rmSync(copy, { recursive: true, force: true });
        return {
          acknowledged: labels.labels.size,
          lost,
          resumed: restored.code === 0 && lost === 0 ? 1 : 0,
          leftOver: [],
          problems,
        };
      },
      end: () => Promise.resolve(),
    };
  },
};
