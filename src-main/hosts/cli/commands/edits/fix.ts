import { AppError } from '../../../../contract/shared/errors.ts';
import type { Output } from '../../output.ts';
import { withSession } from '../../session.ts';
import { count } from '../../text.ts';

interface Flags {
  readonly project: string;
  readonly dryRun?: boolean;
}

/** `lenslet fix CHECK --project DIR [--dry-run]`: runs the check and fixes all that it finds, as one edit that can be undone. */
export async function fix(output: Output, flags: Flags, check: string): Promise<void> {
  await withSession(output, async (session) => {
    await session.openProject(flags.project);
    const { client, core, signal } = session;
    const run = await core.checks.runToEnd([check], signal);
    if (run.error !== null) throw AppError.fromData(run.error);
    if (run.status === 'cancelled') throw new AppError('CANCELLED');
    const info = (await client.checks.list()).find(({ id }) => id === check);
    const findings = info?.findings ?? 0;
    const about = { check, findings, dryRun: flags.dryRun === true };
    const planned = findings === 0 ? null : (await client.checks.previewFix({ check })).preview;
    if (planned === null || planned.images === 0) {
      const why = findings === 0 ? 'Nothing found.' : `${count(findings)} found, none of which it can fix.`;
      output.answer({ ...about, images: 0, sentence: null, warnings: [] }, why);
      return;
    }
    for (const warning of planned.warnings) output.say(`Note: ${warning}`);
    const { images, sentence, warnings } = planned;
    if (flags.dryRun === true) {
      output.answer(
        { ...about, images, sentence, warnings },
        `Would change ${count(images)} photos: ${sentence}`,
      );
      return;
    }
    const { entry } = await client.checks.applyFix({ check });
    const done = entry?.sentence ?? sentence;
    output.answer({ ...about, images, sentence: done, warnings }, `${done} Take it back with: lenslet undo`);
  });
}
