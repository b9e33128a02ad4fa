import type { SplitFractions } from '../../../../contract/app/datasets.ts';
import { countsTable } from '../../counts-table.ts';
import type { Output } from '../../output.ts';
import { splitGroups } from '../../split-flags.ts';
import { withSession } from '../../session.ts';

interface Flags {
  readonly project: string;
  readonly fractions: SplitFractions;
  readonly by: keyof typeof splitGroups;
  readonly seed: number;
  readonly keep?: boolean;
}

/** `lenslet split --project DIR [--fractions 70/15/15] [--by group|folder|time] [--seed N] [--keep]`. */
export async function split(output: Output, flags: Flags): Promise<void> {
  const { fractions, seed, by } = flags;
  await withSession(output, async (session) => {
    await session.openProject(flags.project);
    const { applied, summary } = await session.client.labels.makeSplit({
      fractions,
      seed,
      groupBy: [...splitGroups[by]],
      keep: flags.keep === true,
    });
    const names = summary.classes.map(({ name }) => name);
    const counts = countsTable(names, summary.splits);
    const sentence = applied.entry?.sentence ?? 'The split is as it was.';
    output.answer({ splits: summary.splits, seed, by }, `${counts}\n${sentence}`);
  });
}
