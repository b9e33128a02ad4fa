import { followRun, openEvents, sayStarted } from '../../follow-run.ts';
import type { Output } from '../../output.ts';
import { resolveRun } from '../../run-reference.ts';
import { withSession } from '../../session.ts';

/** `lenslet extend RUN --epochs N`: more epochs of the last stage of a finished run. */
export async function extend(
  output: Output,
  flags: { project?: string; epochs: number },
  word: string,
): Promise<void> {
  const { project, run: id } = resolveRun(word, flags.project);
  await withSession(output, async (session) => {
    await session.openProject(project);
    const events = await openEvents(session);
    const run = await session.client.training.extend({ run: id, epochs: flags.epochs });
    sayStarted(output, run);
    await followRun(output, events, { run, project, printed: run.history.at(-1)?.epoch ?? 0 });
  });
}
