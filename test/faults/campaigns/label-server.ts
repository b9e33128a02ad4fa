import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startLenslet } from '../../fixtures/command-line.ts';
import { connectTo } from '../../fixtures/web-client.ts';
import { type Campaign, type Workspace, everywhere, milliseconds } from '../campaign.ts';
import { Acknowledged, labelUntil, labelsIn, makeLabelProject } from '../labels.ts';
import { leftInProject } from '../left-over.ts';

/** The longest time that a server labels before it is killed, in milliseconds. */
const longestLife = 700;

/** `kill -9` of a server while a page labels: whatever it said is saved must be there. */
export const labelServer: Campaign = {
  id: 'label-server',
  about: 'the server is killed while photos are labelled over its WebSocket',
  unavailable: everywhere,
  async start({ folder, random }: Workspace) {
    const project = makeLabelProject(join(folder, 'project'));
    const words = ['serve', '--no-open', '--port', '0', '--project', project.folder];
    let turn = 0;
    return {
      async round() {
        const server = startLenslet(join(folder, 'home'), words);
        const [url] = await server.printed(/http\S+token=\S+/);
        const page = await connectTo(url);
        const acknowledged = new Acknowledged();
        const killed = wait(milliseconds(random, 0, longestLife)).then(() => server.child.kill('SIGKILL'));
        let gone = false;
        server.child.once('exit', () => (gone = true));
        const labelling = labelUntil(page.client, project, acknowledged, { from: turn, stop: () => gone });
        await killed;
        if (!gone) await once(server.child, 'exit');
        page.close();
        await labelling;
        turn += acknowledged.count + 1;
        const lost = acknowledged.lostIn(labelsIn(project.folder));
        return {
          acknowledged: acknowledged.count,
          lost,
          resumed: 1,
          leftOver: leftInProject(project.folder),
          problems: [],
        };
      },
      end: () => Promise.resolve(),
    };
  },
};
