import { resolve } from 'node:path';
import type { ExportResult } from '../../../contract/app/exports.ts';
import { AppError } from '../../../contract/shared/errors.ts';
import type { exportPrecisions } from '../ids/export-ids.ts';
import type { Output } from '../output.ts';
import { resolveRun } from '../run-reference.ts';
import { withSession } from '../session.ts';
import { count, megabytes } from '../text.ts';

interface Flags {
  readonly project?: string;
  readonly format: string;
  readonly precision?: (typeof exportPrecisions)[number];
  readonly out: string;
  readonly overwrite?: boolean;
}

function report({ out, files, bytes, checkedBy, largestDifference, images, accuracy }: ExportResult): string {
  const difference = largestDifference.toExponential(1);
  const compared = `${count(images)} photos compared by ${checkedBy}: largest difference ${largestDifference === 0 ? 0 : difference}`;
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
  const cost =
    accuracy === null
      ? ''
      : `right on ${percent(accuracy.export)} of ${count(accuracy.photos)} photos, the run on ${percent(accuracy.run)}; same answer on ${percent(accuracy.same)}\n`;
  return `${compared}\n${cost}${count(files.length)} files, ${megabytes(bytes)}: ${out}`;
}

/** `lenslet export RUN --format ID --out PATH`. */
export async function exportRun(output: Output, flags: Flags, word: string): Promise<void> {
  const { project, run } = resolveRun(word, flags.project);
  const { overwrite, precision = 'float32' } = flags;
  const format = precision === 'float32' ? flags.format : `${flags.format}-${precision}`;
  await withSession(output, async (session) => {
    await session.openProject(project);
    const out = session.core.context.pickedPaths.add(resolve(flags.out));
    const stream = await session.client.exports.write(
      { run, format, out, overwrite },
      { signal: session.signal },
    );
    for await (const event of stream) {
      if (event.type === 'progress') {
        const { phase, done, total } = event;
        output.progress(total === null ? Number.NaN : done / total, phase);
        continue;
      }
      const { files, bytes, checkedBy, largestDifference, images, accuracy, problems } = event;
      const proof = { checkedBy, largestDifference, images, ...(accuracy && { accuracy }) };
      const answer = { format: event.format, out: event.out, files, bytes, ...proof, problems };
      for (const { path, code, message } of problems) output.say(`${path}: ${code}: ${message}`);
      output.answer(answer, report(event));
      return;
    }
    throw new AppError('CANCELLED');
  });
}
