/** Puts what was measured into `docs/benchmarks.json`, and from there into the generated part of `docs/benchmarks.md`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Result } from '../compare.ts';
import type { Busyness, Machine } from './machine.ts';
import type { Spread } from './statistics.ts';
import { type BenchWork, works } from '../works.ts';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const [begin, end] = ['<!-- bench: begin -->', '<!-- bench: end -->'];

/** A measured work. */
export interface Measured {
  readonly result: Result;
  /** ISO date. */
  readonly at: string;
  readonly long: boolean;
  readonly before: Busyness;
  readonly after: Busyness;
  readonly busy: boolean;
}

/** All that is known of one machine. */
export interface Report {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly works: Readonly<Record<string, Measured>>;
}

/** Adds results to those of earlier runs on the same machine with the same versions; others are dropped. */
export function addToReport(report: Report): Report {
  const path = join(docs, 'benchmarks.json');
  const about = (of: Report): string => JSON.stringify([of.machine, of.versions]);
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Report) : null;
  const isSame = known !== null && about(known) === about(report);
  return { ...report, works: { ...(isSame ? known.works : {}), ...report.works } };
}

/** Writes both files. */
export async function writeReport(report: Report): Promise<void> {
  const page = join(docs, 'benchmarks.md');
  const text = readFileSync(page, 'utf8');
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`${page} has no place between ${begin} and ${end}`);
  const written = `${text.slice(0, start + begin.length)}\n\n${markdown(report)}\n\n${text.slice(stop)}`;
  await writeFormatted(page, written);
  await writeFormatted(join(docs, 'benchmarks.json'), JSON.stringify(report));
}

async function writeFormatted(path: string, text: string): Promise<void> {
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

/** The report as Markdown. */
export function markdown({ machine, versions, works: measured }: Report): string {
  const found = works.flatMap((work) => (work.name in measured ? [{ work, ...measured[work.name] }] : []));
  const rows = found.flatMap((one) =>
    'table' in one.result && one.result.table !== undefined ? [] : [row(one)],
  );
  const tables = found.flatMap(({ work, result }) =>
    'table' in result && result.table !== undefined
      ? [`**${sentence(work.title)}**${result.note ? ` (${result.note})` : ''}\n\n${table(result.table)}`]
      : [],
  );
  const busy = found.filter((one) => one.busy).map(({ work }) => `\`${work.name}\``);
  return [
    `Machine: ${machineText(machine)}. ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(
        ', ',
      )}. \`×\`: how many times as fast as Keras; median, in brackets the middle half of the rounds.`,
    ...(busy.length > 0
      ? [`**Not quiet**: other programs were at work while these were measured: ${busy.join(', ')}.`]
      : []),
    ...(rows.length > 0
      ? [table([['work', 'Lenslet', 'Keras', 'result', 'target', '`--only`', 'measured', 'load'], ...rows])]
      : []),
    ...tables,
  ].join('\n\n');
}

function row({ work, result, at, before, after }: Measured & { work: BenchWork }): string[] {
  const about = [
    work.target,
    `\`${work.name}\``,
    at.slice(0, 10),
    `${before.load.toFixed(1)} → ${after.load.toFixed(1)}`,
  ];
  if ('skipped' in result) return [work.title, '–', '–', result.skipped, ...about];
  const { ratio, ours, theirs, note } = result;
  const title = note ? `${work.title} (${note})` : work.title;
  const verdict = ratio === undefined ? '' : `**${ratio.median.toFixed(2)}×** (${range(ratio, 2)})`;
  return [title, withUnit(ours), withUnit(theirs), verdict, ...about];
}

function withUnit(of: (Spread & { readonly unit: string }) | undefined): string {
  if (of === undefined) return '–';
  const digits = of.median < 10 ? 2 : of.median < 200 ? 1 : 0;
  return `${of.median.toFixed(digits)} ${of.unit} (${range(of, digits)})`;
}

const range = ({ low, high }: Spread, digits: number): string =>
  `${low.toFixed(digits)}–${high.toFixed(digits)}`;
const sentence = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function machineText({
  processor,
  cores,
  instructions,
  gpu,
  memoryGigabytes,
  system,
  node,
}: Machine): string {
  const parts = [`${cores} cores of ${processor}`, instructions.join(' '), gpu ?? 'no NVIDIA GPU'];
  return [...parts, `${memoryGigabytes} GB`, system, `Node ${node}`].filter((part) => part !== '').join(', ');
}

function table([headings, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One work for a terminal. */
export function lineOf(work: BenchWork, result: Result): string {
  if ('skipped' in result) return `${work.name}: skipped, ${result.skipped}`;
  const { ratio, ours, theirs, note, table: rows } = result;
  const parts = [
    ours && withUnit(ours),
    theirs && `Keras ${withUnit(theirs)}`,
    ratio && `${ratio.median.toFixed(2)}× (${range(ratio, 2)})`,
    work.target && `target ${work.target}`,
    note,
  ];
  const first = `${work.name}: ${parts.filter(Boolean).join('; ')}`;
  return [first, ...(rows ?? []).map((cells) => `  ${cells.join(' | ')}`)].join('\n');
}
