import type { Flip, RunChange, ShareChange } from '../../../contract/app/results/results.ts';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Split } from '../../../contract/shared/vocabulary.ts';
import type { Output } from '../output.ts';
import { resolveRun } from '../run-reference.ts';
import { withSession } from '../session.ts';
import { count, percent, table } from '../text.ts';

/** Photos that are named one by one; `--json` has more. */
const maxListed = 20;

const points = (difference: number): string =>
  `${difference < 0 ? '−' : '+'}${Math.abs(100 * difference).toFixed(1)}`;
const between = ({ difference, interval: [low, high] }: ShareChange): string =>
  `${points(difference)} points (95%: ${points(low)} to ${points(high)})`;
const said = ({ before, after }: Flip): string =>
  `${before.label} ${percent(before.probability)} → ${after.label} ${percent(after.probability)}`;

/** `0.031`; very small ones as `1.2e-9`. */
const chance = (pValue: number): string => (pValue >= 0.001 ? pValue.toFixed(3) : pValue.toExponential(1));

function report(change: RunChange): string {
  const { before, after, accuracy, images, split, better, worse, other, pValue, flips } = change;
  const perClass = change.classes.flatMap(({ name, images: own, recall, better: up, worse: down }) =>
    recall === null
      ? [[name, 'not measured', 'not measured', '–', '–', count(own), count(up), count(down)]]
      : [
          [
            name,
            percent(recall.before),
            percent(recall.after),
            points(recall.difference),
            `${points(recall.interval[0])} to ${points(recall.interval[1])}`,
            count(own),
            count(up),
            count(down),
          ],
        ],
  );
  const listed = flips.slice(0, maxListed).map((flip) => [flip.change, flip.label, said(flip), flip.path]);
  return [
    `“${before.name}” → “${after.name}” on ${count(images)} ${split} photos that both were measured on:`,
    `accuracy ${percent(accuracy.before)} → ${percent(accuracy.after)}, ${between(accuracy)}`,
    `${count(better)} for better, ${count(worse)} for worse, ${count(other)} wrong in another way; ` +
      `McNemar’s test: p = ${chance(pValue)}`,
    ...remarks(change),
    '',
    table([['class', 'before', 'after', 'points', '95%', 'images', 'better', 'worse'], ...perClass]),
    ...(listed.length === 0 ? [] : ['', table([['change', 'class', 'said', 'photo'], ...listed])]),
    ...(flips.length > maxListed ? [`… and ${count(flips.length - maxListed)} more`] : []),
  ].join('\n');
}

function remarks({ before, after, relabelled, split }: RunChange): string[] {
  const missing = [before, after].filter(({ missing: photos }) => photos > 0);
  return [
    ...(relabelled === 0
      ? []
      : [`${count(relabelled)} labels changed since the first run: both are judged by the present ones.`]),
    ...missing.map(
      ({ name, missing: photos }) => `“${name}” was not measured on ${count(photos)} ${split} photos.`,
    ),
  ];
}

/** `lenslet compare RUN RUN...`: the first beside each of the others. */
export async function compare(
  output: Output,
  flags: { project?: string; split: Split },
  word: string,
  others: string[],
): Promise<void> {
  const { project, run: before } = resolveRun(word, flags.project);
  const runs = others.map((other) => resolveRun(other, flags.project));
  const stranger = runs.findIndex((run) => run.project !== project);
  if (stranger >= 0) {
    throw new AppError('USAGE_INVALID', {
      detail: `“${others[stranger]}” is a run of another project: only runs of the same photos can be compared`,
      command: ' compare',
    });
  }
  await withSession(output, async (session) => {
    await session.openProject(project);
    for (const { run: after } of runs) {
      const change = await session.client.results.compare({ before, after, split: flags.split });
      output.answer(change, report(change));
    }
  });
}
