/**
 * The benchmarks, in turn with Keras: `npm run bench -- [--only NAME,NAME] [--long] [--rounds N] [--peer keras|none]
 * [--json] [--no-write] [--list]`. Results go to `docs/benchmarks.md` and `docs/benchmarks.json`; those of works that
 * were not measured this time stay when they are of the same machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTensorflowCandidate } from '../../src-main/backends/tensorflow.ts';
import type { Bench } from './compare.ts';
import { type KerasPeer, NoPeer, findKeras } from './keras-peer.ts';
import { describeMachine, isBusy, lookAtLoad } from './support/machine.ts';
import { type Photos, originalPhotos } from './support/photos.ts';
import { type Measured, addToReport, lineOf, writeReport } from './support/report.ts';
import { type BenchWork, works } from './works.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    long: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    peer: { type: 'string', default: 'keras' },
    json: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Ends with a sentence instead of a stack: it is the caller's to mend. */
function giveUp(text: string): never {
  say(text);
  process.exit(2);
}

function chosenWorks(): BenchWork[] {
  if (options.only === undefined) return works.filter(({ onlyLong }) => options.long || onlyLong !== true);
  const names = options.only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !works.some((work) => work.name === name));
  if (unknown.length > 0) giveUp(`There is no work "${unknown.join('", "')}". See --list.`);
  return works.filter(({ name }) => names.includes(name));
}

function findPeer(chosen: readonly BenchWork[]): KerasPeer | null {
  if (options.peer !== 'keras' && options.peer !== 'none') giveUp('--peer is keras or none.');
  if (options.peer === 'none' || !chosen.some(({ needsPeer }) => needsPeer)) return null;
  try {
    return findKeras(say);
  } catch (error) {
    if (error instanceof NoPeer) giveUp(error.message);
    throw error;
  }
}

async function measure(work: BenchWork, bench: Bench, cores: number): Promise<Measured> {
  const before = await lookAtLoad();
  if (isBusy(before, cores)) {
    const used = before.used === null ? '' : `, ${(before.used * 100).toFixed(0)}% of the processors in use`;
    say(
      `  The machine is not quiet (load ${before.load.toFixed(1)}${used}): the ratio may be off, the times are too long.`,
    );
  }
  const result = await work.measure(bench).catch((error: unknown) => {
    return { skipped: error instanceof Error ? `failed: ${error.message.split('\n')[0]}` : String(error) };
  });
  const after = await lookAtLoad();
  const busy = isBusy(before, cores) || (after.used ?? 0) > 0.1;
  return { result, at: new Date().toISOString(), long: options.long, before, after, busy };
}

async function main(): Promise<void> {
  if (options.list) {
    for (const { name, title, target } of works)
      process.stdout.write(`${name.padEnd(20)} ${title}${target ? `; ${target}` : ''}\n`);
    return;
  }
  const chosen = chosenWorks();
  const peer = findPeer(chosen);
  const machine = describeMachine();
  const { version } = await createTensorflowCandidate().load();
  const folder = mkdtempSync(join(tmpdir(), 'lenslet-bench-'));
  let photos: Promise<Photos> | null = null;
  const bench: Bench = {
    long: options.long,
    rounds: Number(options.rounds ?? (options.long ? 9 : 5)),
    peer,
    folder,
    say,
    photos: () => (photos ??= originalPhotos(join(folder, 'photos'), options.long ? 5 : 1)),
  };
  const measured: Record<string, Measured> = {};
  try {
    for (const work of chosen) {
      say(`${work.name}: ${work.title}`);
      measured[work.name] = await measure(work, bench, machine.cores);
      if (!options.json) process.stdout.write(`${lineOf(work, measured[work.name].result)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const keras: Record<string, string> =
    peer === null ? {} : { Keras: `${peer.keras} on TensorFlow ${peer.tensorflow}` };
  const report = addToReport({ machine, versions: { TensorFlow: version, ...keras }, works: measured });
  if (options.json) process.stdout.write(`${JSON.stringify({ ...report, works: measured })}\n`);
  if (!options['no-write']) await writeReport(report);
  const failed = Object.values(measured).some(
    ({ result }) => 'skipped' in result && result.skipped.startsWith('failed'),
  );
  process.exitCode = failed ? 1 : 0;
}

await main();
// The native library keeps threads of its own.
process.exit();
