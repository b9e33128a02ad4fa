import { resolve } from 'node:path';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Output } from '../output.ts';
import { resolveRun } from '../run-reference.ts';
import { withSession } from '../session.ts';
import { megabytes } from '../text.ts';

/** `lenslet report RUN --out FILE.html|FILE.pdf|README.md`. */
export async function report(
  output: Output,
  flags: { project?: string; out: string; overwrite?: boolean },
  word: string,
): Promise<void> {
  const { project, run } = resolveRun(word, flags.project);
  await withSession(output, async (session) => {
    await session.openProject(project);
    const out = session.core.context.pickedPaths.add(resolve(flags.out));
    const wanted = { run, out, overwrite: flags.overwrite ?? false };
    for await (const event of await session.client.reports.write(wanted, { signal: session.signal })) {
      if (event.type === 'progress') {
        const { phase, done, total } = event;
        output.progress(total === null ? Number.NaN : done / total, phase);
        continue;
      }
      if (event.withoutHeatmaps !== null) output.say(`Without heatmaps: ${event.withoutHeatmaps}`);
      const [{ kind, path, bytes }] = event.files;
      const answer = { run, kind, out: path, bytes, withoutHeatmaps: event.withoutHeatmaps };
      output.answer(answer, `${path} (${megabytes(bytes)})`);
      return;
    }
    throw new AppError('CANCELLED');
  });
}
