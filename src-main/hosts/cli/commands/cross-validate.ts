import type { CrossValidation } from '../../../contract/app/judging/cross-validation.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { count, percent, table } from '../text.ts';

function share(value: number | null, interval: readonly [number, number] | null): string {
  if (value === null) return 'not measured';
  return interval === null
    ? percent(value)
    : `${percent(value)} (${percent(interval[0])} to ${percent(interval[1])})`;
}

function report({
  folds,
  accuracy,
  interval,
  deviation,
  classes,
  images,
  backbone,
  grouped,
}: CrossValidation): string {
  const rows = classes.map((one) => [
    one.name,
    share(one.precision, one.precisionInterval),
    share(one.recall, one.recallInterval),
    count(one.support),
  ]);
  return [
    `${folds.length} folds of ${count(images)} training and validation photos, a linear head on ${backbone}: ` +
      `accuracy ${share(accuracy, interval)}, folds ${percent(Math.min(...folds.map((fold) => fold.accuracy)))} to ` +
      `${percent(Math.max(...folds.map((fold) => fold.accuracy)))}, standard deviation ${percent(deviation)}`,
    grouped
      ? 'Near-duplicates are in one fold.'
      : 'Near-duplicates are not known yet: lenslet check finds them.',
    '',
    table([['class', 'precision', 'recall', 'images'], ...rows]),
  ].join('\n');
}

/** `lenslet cross-validate --project DIR [--folds 5]`. */
export async function crossValidate(
  output: Output,
  { project, folds, seed }: { project: string; folds: number; seed: number },
): Promise<void> {
  await withSession(output, async (session) => {
    await session.openProject(project);
    for await (const event of await session.client.training.crossValidate({ folds, seed })) {
      if (event.type === 'done') output.answer(event.result, report(event.result));
      else output.progress(event.total === null ? Number.NaN : event.done / event.total, event.phase);
    }
  });
}
