import { join, resolve } from 'node:path';
import type { SortingState } from '../../../../contract/app/sorting.ts';
import { AppError } from '../../../../contract/shared/errors.ts';
import { printableLine } from '../../../../core/text/printable-text.ts';
import type { Core } from '../../../../services/core.ts';
import { type SortedLine, sortedLines, tableRows } from '../../../../services/sorting/describe-sorting.ts';
import type { SortSession } from '../../../../project/sorting/session-database.ts';
import { listSessions } from '../../../../project/sorting/session-folders.ts';
import type { SortingTask } from '../../../../services/sorting/sorting-job.ts';
import { planSorting, realOrGiven } from '../../../../services/sorting/sorting-steps.ts';
import { writeCsv } from '../../csv.ts';
import type { Output } from '../../output.ts';
import { modelChoice, resolveModel } from '../../run-reference.ts';
import { withSession } from '../../session.ts';
import { type SortFlags, byOf, required } from './sort-flags.ts';
import { count, duration, percent, table } from '../../text.ts';

/** What a command works with. */
interface Work {
  readonly output: Output;
  readonly core: Core;
  readonly signal: AbortSignal;
  readonly flags: SortFlags;
  /** The folder to sort into, links on the way followed. */
  readonly out: string;
}

/** `lenslet sort RUN|MODEL FOLDER --out DIR`, `lenslet sort --undo --out DIR`. */
export async function sort(
  output: Output,
  flags: SortFlags,
  model: string | undefined,
  folder: string | undefined,
): Promise<void> {
  const out = realOrGiven(required(flags.out, '--out'));
  await withSession(output, async ({ core, signal }) => {
    const stop = core.context.events.on((event) => {
      if (event.type === 'sorting') showProgress(output, event.sorting);
    });
    try {
      const work: Work = { output, core, signal, flags, out };
      await (flags.undo === true ? undo(work, model, folder) : run(work, model, folder));
    } finally {
      stop();
    }
  });
}

function showProgress(output: Output, { progress, status }: SortingState): void {
  if (status !== 'running') return;
  const { phase, done, total, rate, secondsLeft } = progress;
  const of = total === null ? '' : ` of ${count(total)}`;
  const pace = rate > 0 ? `, ${rate.toFixed(rate < 10 ? 1 : 0)} a second` : '';
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
  output.progress(total === null ? Number.NaN : done / total, `${phase} ${count(done)}${of}${pace}${left}`);
}

/** Folders in which records of sortings may lie, for what was given. */
function basesOf({ core, flags }: Work, model: string | undefined): string[] {
  if (model !== undefined) {
    const reference = resolveModel(model, flags.project);
    return [reference.kind === 'run' ? reference.project : core.context.settingsFolder];
  }
  const { settingsFolder } = core.context;
  return flags.project === undefined ? [settingsFolder] : [resolve(flags.project), settingsFolder];
}

/** The newest sorting of these folders that fits; it is open then. */
function findSession(
  work: Work,
  model: string | undefined,
  folder: string | undefined,
  fits: (session: SortSession) => boolean,
): SortSession | null {
  const source = folder === undefined ? null : realOrGiven(folder);
  for (const base of basesOf(work, model)) {
    for (const id of listSessions(base)) {
      const found = work.core.sorting.open(base, id);
      const { about } = found;
      if (about.out === work.out && (source === null || about.source === source) && fits(found)) return found;
    }
  }
  return null;
}

const begun = new Set(['applying', 'applied', 'undoing']);

async function undo(work: Work, model: string | undefined, folder: string | undefined): Promise<void> {
  const { output, out } = work;
  const found = findSession(work, model, folder, ({ about }) => begun.has(about.stage));
  if (found === null) throw new AppError('SORT_NOTHING_TO_UNDO', { path: out });
  const before = performance.now();
  const state = await doTask(work, found, { kind: 'undo' });
  const { files, problems, photos, source } = state.sorting;
  for (const { path, error } of problems) {
    const { code, message, remedy } = error;
    output.answer(
      { image: join(source, path), error: { code, message, remedy } },
      printableLine(`${path}: ${code}: ${message}`),
    );
  }
  const seconds = (performance.now() - before) / 1000;
  output.answer(
    { event: 'done', images: photos, kept: files.kept, seconds },
    `All files are back where they were${files.kept === 0 ? '' : `, but for ${count(files.kept)} that were changed since`}.`,
  );
}

async function run(work: Work, model: string | undefined, folder: string | undefined): Promise<void> {
  const { output, flags, out } = work;
  const word = required(model, 'the run or model');
  const source = required(folder, 'the folder to sort');
  const began = performance.now();
  const choice = modelChoice(word, flags.project);
  const earlier = findSession(work, model, folder, ({ about }) => about.stage !== 'applied');
  if (earlier !== null && flags.resume !== true && begun.has(earlier.about.stage))
    throw new AppError('SORT_UNFINISHED', { path: earlier.about.source });
  if (earlier === null && flags.resume === true)
    throw new AppError('SORT_NOTHING_TO_RESUME', { path: source });
  const session = flags.resume === true && earlier !== null ? earlier : await begin(work, word, source);
  if (session.about.stage === 'undoing') {
    await doTask(work, session, { kind: 'undo' });
    output.say('The undo that was cut short is done.');
    return;
  }
  if (session.about.stage === 'looking' || session.about.stage === 'predicting')
    await doTask(work, session, { kind: 'predict', model: choice });
  await place(work, session);
  report(work, session, (performance.now() - began) / 1000, out);
}

async function begin({ core, flags, out }: Work, word: string, source: string): Promise<SortSession> {
  const reference = resolveModel(word, flags.project);
  const boxes =
    flags.boxes === undefined ? null : { path: resolve(flags.boxes), confidence: flags.boxConfidence };
  return core.sorting.begin(reference.kind === 'run' ? reference.project : core.context.settingsFolder, {
    source: resolve(source),
    run: reference.kind === 'run' ? reference.run : null,
    model: modelChoice(word, flags.project),
    threshold: flags.threshold ?? null,
    burst: flags.burst ?? null,
    boxes,
    out,
  });
}

/** Says the plan, and carries it out unless only that was wanted. */
async function place(work: Work, session: SortSession): Promise<void> {
  const { output, flags, out, signal } = work;
  if (session.about.stage === 'applying') {
    await doTask(work, session, { kind: 'apply', by: session.about.by ?? 'copy', out });
    return;
  }
  const { folders, sidecars, renamed, inPlace, failed } = await planSorting(session, out, signal);
  const rows = folders.map(({ folder, photos }) => [folder, count(photos)]);
  if (rows.length > 0) output.say(table([['folder', 'photos'], ...rows]));
  const notes = [
    [sidecars, 'files beside photos go with them'],
    [renamed, 'photos get a number, as their name is taken'],
    [inPlace, 'photos are in their place already'],
    [failed, 'files cannot be read and stay'],
    [session.about.boxesMissing, 'photos of the detections are not in the folder'],
    [session.about.links, 'links were passed over'],
  ] as const;
  for (const [files, what] of notes) if (files > 0) output.say(`${count(files)} ${what}.`);
  if (flags.dryRun === true) return;
  await doTask(work, session, { kind: 'apply', by: byOf(flags), out });
}

/** @throws AppError what the task failed with; CANCELLED, with how to go on */
async function doTask(work: Work, session: SortSession, task: SortingTask): Promise<SortingState> {
  const state = await work.core.sorting.work(session, task, work.signal);
  work.output.progress(null);
  if (state.error !== null) throw AppError.fromData(state.error);
  if (state.status === 'cancelled') throw new AppError('CANCELLED');
  return state;
}

function report({ output, core, flags }: Work, session: SortSession, seconds: number, out: string): void {
  const { source } = session.about;
  const pathOf = (path: string): string => join(source, path);
  const targetOf = (path: string): string => join(out, path);
  const counts = { images: 0, sorted: 0, unknown: 0, aside: 0, failed: 0 };
  for (const line of sortedLines(session, pathOf, targetOf)) {
    counts.images++;
    counts[kindOf(line)]++;
    output.answer(line, lineText(line));
  }
  if (flags.csv !== undefined) writeCsv(resolve(flags.csv), [...tableRows(session, pathOf, targetOf)]);
  const { files, by, id } = core.sorting.describe(session);
  const rate = session.about.seconds > 0 ? counts.images / session.about.seconds : null;
  const { sorted, unknown, aside, failed } = counts;
  output.answer(
    { event: 'done', ...counts, seconds, rate, by, out, files: files.placed, session: id },
    `${count(counts.images)} photos: ${count(sorted)} sorted, ${count(unknown)} unknown, ${count(aside)} set aside, ${count(failed)} stay (${duration(seconds)})`,
  );
}

function kindOf(line: SortedLine): 'sorted' | 'unknown' | 'aside' | 'failed' {
  if (line.error !== undefined) return 'failed';
  if (line.aside !== undefined) return 'aside';
  return line.unknown === true ? 'unknown' : 'sorted';
}

function lineText({ image, label, probability, unknown, to, error, aside }: SortedLine): string {
  if (error !== undefined) return printableLine(`${image}: ${error.code}: ${error.message}`);
  const said = aside ?? (unknown === true ? 'I don’t know' : (label ?? ''));
  const sure = probability === null ? '' : ` ${percent(probability)}`;
  return printableLine(`${image}: ${said}${sure}${to === null ? '' : ` → ${to}`}`);
}
