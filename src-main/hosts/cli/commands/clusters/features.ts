/** `lenslet features`: the features of all photos, so that whatever reads them finds them. */
import { resolve } from 'node:path';
import { type OnCluster, clusterText, computeOnCluster } from './on-cluster.ts';
import type { Output } from '../../output.ts';
import { withSession } from '../../session.ts';
import { count } from '../../text.ts';
import { showProgress } from './shard.ts';

interface Flags extends OnCluster {
  readonly project: string;
  readonly backbone?: string;
  readonly imageSize?: number;
}

/** Here, or with `--on ADDRESS` on a cluster. Ctrl-C keeps what was computed; the same command goes on. */
export async function features(output: Output, flags: Flags): Promise<void> {
  await withSession(output, async (session) => {
    await session.openProject(resolve(flags.project));
    if (flags.backbone !== undefined) await session.core.nameBackbone(flags.backbone);
    const { backbone, imageSize, on } = flags;
    if (on !== undefined) {
      const result = await computeOnCluster(session, output, { backbone, imageSize }, { ...flags, on });
      output.answer({ event: 'done', ...result }, clusterText(result));
      return;
    }
    const work = { emit: showProgress(output), signal: session.signal };
    const { photos, unreadable } = await session.core.shards.compute({ backbone, imageSize }, work);
    if (unreadable > 0) output.say(`${count(unreadable)} photos cannot be read.`);
    output.answer({ event: 'done', photos, unreadable }, `${count(photos)} photos have their features.`);
  });
}
