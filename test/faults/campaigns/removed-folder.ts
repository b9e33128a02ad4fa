import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openTestCore } from '../../fixtures/core-without-engine.ts';
import { type Campaign, milliseconds } from '../campaign.ts';
import { Acknowledged, failureCode, labelUntil, labelsIn, makeLabelProject } from '../labels.ts';

/** The project's folder is renamed or removed under a core that labels: nothing may be said to be saved after that. */
export const removedFolder: Campaign = {
  id: 'removed-folder',
  about: 'the folder of the open project is renamed or removed while photos are labelled',
  unavailable: () =>
    process.platform === 'win32' ? 'Windows does not let anyone move a folder that is in use' : null,
  async start({ folder, random }) {
    return {
      async round(number) {
        const project = makeLabelProject(join(folder, `project-${number}`));
        const moved = join(folder, `moved-${number}`);
        const { core, client, close } = await openTestCore({ project: false, parent: folder });
        await core.projects.openFolder(project.folder);
        const before = new Acknowledged();
        let away = false;
        const labelling = labelUntil(client, project, before, { from: 0, stop: () => away });
        await wait(milliseconds(random, 5, 150));
        const removes = random.next() < 0.3;
        if (removes) rmSync(project.folder, { recursive: true });
        else renameSync(project.folder, moved);
        away = true;
        await labelling;
        // Of what is acknowledged from here on nothing can be true.
        const after = new Acknowledged();
        const failure = await labelUntil(client, project, after, { from: 7, stop: () => after.count > 5 });
        await close();
        const problems = failure === null ? ['labels were accepted although the folder is gone'] : [];
        if (failure !== null && failureCode(failure) === 'INTERNAL_BUG') problems.push('INTERNAL_BUG');
        let lost = after.count;
        let resumed = 1;
        if (!removes) {
          lost += before.lostIn(labelsIn(moved));
          renameSync(moved, project.folder);
          const again = await openTestCore({ project: false, parent: folder });
          await again.core.projects.openFolder(project.folder);
          const next = new Acknowledged();
          const refused = await labelUntil(again.client, project, next, {
            from: 3,
            stop: () => next.count > 2,
          });
          if (refused !== null) resumed = 0;
          await again.close();
          lost += next.lostIn(labelsIn(project.folder));
        }
        return { acknowledged: before.count + after.count, lost, resumed, leftOver: [], problems };
      },
      end: () => Promise.resolve(),
    };
  },
};
