import type { CheckRun, Finding } from '../../../contract/app/checks.ts';
import { AppError } from '../../../contract/shared/errors.ts';
import type { Output } from '../output.ts';
import { type Session, withSession } from '../session.ts';
import { count } from '../text.ts';

/** Findings read at a time. */
const page = 500;
/** Findings of a check that are written out as text; `--json` has all. */
const shown = 10;

function drawProgress(output: Output, { progress, checks, finished }: CheckRun): void {
  const part = progress.total === null || progress.total === 0 ? 0 : progress.done / progress.total;
  const label = `${progress.phase} (${finished.length} of ${checks.length} checks done)`;
  output.progress((finished.length + part) / Math.max(1, checks.length), label);
}

async function* findingsOf({ client }: Session, check: string): AsyncGenerator<Finding> {
  for (let offset = 0; ; offset += page) {
    const { findings, total } = await client.checks.findings({ check, offset, limit: page });
    yield* findings;
    if (offset + page >= total) return;
  }
}

/** Paths of a finding's photos inside their sources, and of files that are not photos. */
async function pathsOf({ client }: Session, finding: Finding): Promise<string[]> {
  const ids =
    finding.images > finding.sample.length
      ? await client.checks.imagesOf({ finding: finding.id })
      : finding.sample;
  const paths: string[] = [];
  for (let start = 0; start < ids.length; start += page) {
    const images = await client.datasets.getImages({ ids: ids.slice(start, start + page) });
    for (const { path } of images) paths.push(path);
  }
  return [...paths, ...finding.paths];
}

/** One line for each finding; as text, grouped by check, the first few of each. */
async function report(session: Session, output: Output, ran: readonly string[]): Promise<void> {
  const all = await session.client.checks.list();
  let total = 0;
  for (const info of all.filter(({ id }) => ran.includes(id))) {
    if (info.status === 'unavailable') output.say(`${info.label}: needs ${info.needs}; skipped.`);
    if (!output.json && info.findings > 0) output.answer({}, `${info.label} (${count(info.findings)})`);
    let printed = 0;
    for await (const finding of findingsOf(session, info.id)) {
      total++;
      if (output.json) {
        const images = (await pathsOf(session, finding)).map((path) => ({ path }));
        const { check, severity, message, score, suggestedClassId } = finding;
        output.answer({ check, severity, images, message, score, suggestedClassId }, null);
      } else if (printed++ < shown) output.answer({}, `  ${finding.severity.padEnd(8)} ${finding.message}`);
    }
    if (!output.json && printed > shown)
      output.answer({}, `  … and ${count(printed - shown)} more (--json lists all)`);
  }
  if (!output.json) output.answer({}, total === 0 ? 'Nothing found.' : `${count(total)} findings.`);
}

/** `lenslet check --project DIR [--only IDS]`. What is found changes nothing; the app offers fixes. */
export async function check(output: Output, flags: { project: string; only?: string[] }): Promise<void> {
  const only = flags.only ?? [];
  await withSession(output, async (session) => {
    await session.openProject(flags.project);
    const stop = session.core.context.events.on((event) => {
      if (event.type === 'checks') drawProgress(output, event.checks);
    });
    try {
      const run = await session.core.checks.runToEnd(only, session.signal);
      output.progress(null);
      if (run.error !== null) throw AppError.fromData(run.error);
      if (run.status === 'cancelled') throw new AppError('CANCELLED');
      await report(session, output, run.finished);
    } finally {
      stop();
    }
  });
}
