import { join } from 'node:path';
import { openTestCore } from '../../fixtures/core-without-engine.ts';
import type { Campaign } from '../campaign.ts';
import { Acknowledged, failureCode, labelUntil, labelsIn, makeLabelProject } from '../labels.ts';
import { leftInProject } from '../left-over.ts';
import { mountSmallDisk, noSmallDisk } from '../small-disk.ts';

/** The disk is full in the middle of labelling: a failure is told as such, and work goes on once there is room. */
export const fullDisk: Campaign = {
  id: 'full-disk',
  about: 'the disk fills up while photos are labelled, and is freed again',
  unavailable: noSmallDisk,
  async start({ folder, random }) {
    const disk = mountSmallDisk(join(folder, 'disk'), '16m');
    const project = makeLabelProject(join(disk.folder, 'project'));
    let turn = 0;
    return {
      async round() {
        const { core, client, close } = await openTestCore({ project: false, parent: folder });
        await core.projects.openFolder(project.folder);
        const labels = new Acknowledged();
        disk.fill(random.integer(300_000));
        const enough = labels.count + 400;
        const failure = await labelUntil(client, project, labels, {
          from: turn,
          stop: () => labels.count >= enough,
        });
        turn += labels.count + 1;
        const code = failure === null ? null : failureCode(failure);
        const problems = failure === null || code === 'DISK_FULL' ? [] : [`failed with ${String(code)}`];
        disk.empty();
        const more = labels.count + 3;
        const refused = await labelUntil(client, project, labels, {
          from: turn,
          stop: () => labels.count >= more,
        });
        turn += 4;
        if (refused !== null)
          problems.push(`still refuses labels with room on the disk: ${failureCode(refused)}`);
        await close();
        const lost = labels.lostIn(labelsIn(project.folder));
        const resumed = refused === null ? 1 : 0;
        return {
          acknowledged: labels.count,
          lost,
          resumed,
          leftOver: leftInProject(project.folder),
          problems,
        };
      },
      end: async () => disk.unmount(),
    };
  },
};
