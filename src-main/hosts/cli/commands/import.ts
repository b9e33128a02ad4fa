import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ImportState } from '../../../contract/app/datasets.ts';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Core } from '../../../services/core.ts';
import { countsTable } from '../counts-table.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { count, duration } from '../text.ts';

type ImportResult = Awaited<ReturnType<Core['imports']['importPaths']>>;

function drawProgress(output: Output, { progress }: ImportState): void {
  const of = progress.total === null ? '' : ` of ${count(progress.total)}`;
  const left = progress.secondsLeft === null ? '' : `, ${duration(progress.secondsLeft)} left`;
  const label = `${progress.phase} ${count(progress.done)}${of} (${progress.rate.toFixed(0)}/s${left})`;
  output.progress(progress.done / (progress.total ?? Number.NaN), label);
}

/** @throws AppError what ended the import; one class only is a remark, since the others may follow */
function checkEnd({ status, error }: ImportState): AppError | null {
  const problem = error === null ? null : AppError.fromData(error);
  if (status === 'cancelled') throw new AppError('CANCELLED');
  if (status === 'failed' && problem !== null) throw problem;
  return problem;
}

function report({ state, classes, splits, unlabelled, unassigned, quarantined }: ImportResult): string {
  const lines = [`${count(state.added)} images imported, ${count(state.known)} were known already.`];
  if (classes.length > 0) lines.push('', countsTable(classes, splits));
  else lines.push('There are no class folders, so the images have no labels yet.');
  if (classes.length > 0 && unlabelled > 0) lines.push('', `Images without a label: ${count(unlabelled)}`);
  if (unassigned > 0) lines.push('', `Images with a label but in no split: ${count(unassigned)}`);
  if (quarantined.length > 0) lines.push('', `Files that could not be used: ${count(quarantined.length)}`);
  for (const { path, code } of quarantined) lines.push(`  ${code.padEnd(26)} ${path}`);
  return lines.join('\n');
}

/** `lenslet import SOURCE... --project DIR`. */
export async function importSources(
  output: Output,
  flags: { project: string },
  sources: string[],
): Promise<void> {
  const paths = sources.map((source) => resolve(source));
  // Before a project is made for nothing.
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new AppError('DATASET_SOURCE_NOT_FOUND', { path: missing });
  await withSession(output, async (session) => {
    await session.openProject(flags.project, true);
    const result = await session.core.imports.importPaths(paths, {
      signal: session.signal,
      onProgress: (state) => drawProgress(output, state),
    });
    const remark = checkEnd(result.state);
    const { images, classes, splits, unlabelled, unassigned, quarantined, state } = result;
    const remarks = state.remarks.map(({ code, message, remedy }) => ({ code, message, remedy }));
    const counts = {
      images,
      classes,
      splits,
      quarantined,
      added: state.added,
      known: state.known,
      unlabelled,
      unassigned,
    };
    output.answer(
      {
        event: 'done',
        project: resolve(flags.project),
        ...counts,
        remarks,
        ...(remark && { warning: remark.toData() }),
      },
      report(result),
    );
    for (const { code, message, remedy } of remarks) output.say(`${code}: ${message} ${remedy}`);
    if (remark !== null) output.say(`${remark.code}: ${remark.message} ${remark.remedy}`);
  });
}
