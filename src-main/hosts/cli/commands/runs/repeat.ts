import type { AppEvent } from '../../../../contract/app/app.ts';
import type { Run } from '../../../../contract/app/runs.ts';
import { AppError } from '../../../../contract/shared/errors.ts';
import { trainingSettingsSchema } from '../../../../contract/shared/training-settings.ts';
import { meanOf, sampleDeviation } from '../../../../core/statistics/statistics.ts';
import { followRun, openEvents, sayStarted } from '../../follow-run.ts';
import type { Output } from '../../output.ts';
import { resolveRun } from '../../run-reference.ts';
import { type Session, withSession } from '../../session.ts';
import { count, percent } from '../../text.ts';

/** Mean and sample standard deviation of the test accuracies. */
function summaryOf(runs: readonly Run[]): { mean: number; deviation: number } | null {
  const accuracies = runs.flatMap(({ test }) => (test === null ? [] : [test.accuracy]));
  if (accuracies.length < 2) return null;
  return { mean: meanOf(accuracies), deviation: sampleDeviation(accuracies) };
}

/** The next run of the series. @throws AppError CANCELLED */
async function nextOf(
  events: AsyncIterator<AppEvent>,
  series: string | null,
  known: Set<string>,
): Promise<Run> {
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    const { value: event } = next;
    if (event.type === 'run' && event.run.series === series && !known.has(event.run.id)) return event.run;
  }
  throw new AppError('CANCELLED');
}

async function repeatAll(
  session: Session,
  output: Output,
  id: string,
  project: string,
  seeds: number,
): Promise<void> {
  const { client } = session;
  const model = await client.training.run({ run: id });
  const settings = trainingSettingsSchema.parse(model.settings);
  const first = model.settings.seed + 1;
  const events = await openEvents(session);
  let run = await client.training.repeat({
    recipe: model.recipe,
    settings,
    seeds: Array.from({ length: seeds }, (_, i) => first + i),
  });
  const done: Run[] = [];
  const known = new Set<string>();
  for (;;) {
    known.add(run.id);
    sayStarted(output, run);
    done.push(await followRun(output, events, { run, project, printed: 0 }));
    if (done.length === seeds) break;
    run = await nextOf(events, run.series, known);
  }
  const figures = summaryOf(done);
  const said =
    figures === null
      ? ''
      : `: test accuracy ${percent(figures.mean)} ± ${percent(figures.deviation)} (standard deviation)`;
  output.answer(
    { event: 'series', runs: done.map(({ id: one }) => one), accuracy: figures },
    `${count(done.length)} runs${said}.`,
  );
}

/** `lenslet repeat RUN --seeds N`: trains the same N times more with other seeds, to see how much is chance. */
export async function repeat(
  output: Output,
  flags: { project?: string; seeds: number },
  word: string,
): Promise<void> {
  const { project, run } = resolveRun(word, flags.project);
  await withSession(output, async (session) => {
    await session.openProject(project);
    await repeatAll(session, output, run, project, flags.seeds);
  });
}
