/**
 * How fast folders are imported: `node test/bench/import.ts [--json] FOLDER...`. Prints photos per second, peak memory,
 * and how long the event loop was held up.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openTestCore } from '../fixtures/core-without-engine.ts';

/** One import. */
export interface ImportMeasurement {
  readonly images: number;
  readonly quarantined: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** A photo, all threads together. */
  readonly processorMilliseconds: number;
  /** The same folder once more, all known. */
  readonly againSeconds: number;
  /** 95th percentile of how late the event loop was. */
  readonly loopMilliseconds: number;
  readonly peakMegabytes: number;
}

async function measure(folder: string): Promise<ImportMeasurement> {
  const { core, close, logged } = await openTestCore();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const { state, quarantined } = await core.imports.importPaths([folder]);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  const againBegan = performance.now();
  await core.imports.importPaths([folder]);
  const againSeconds = (performance.now() - againBegan) / 1000;
  for (const line of logged) process.stderr.write(`  ${line}\n`);
  await close();
  if (state.status !== 'done') throw new Error(state.error?.message ?? state.status);
  const files = state.added + quarantined.length;
  return {
    images: state.added,
    quarantined: quarantined.length,
    seconds,
    perSecond: files / seconds,
    processorMilliseconds: (user + system) / 1000 / files,
    againSeconds,
    loopMilliseconds: delay.percentile(95) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
if (positionals.length === 0) {
  process.stderr.write('usage: node test/bench/import.ts [--json] FOLDER...\n');
  process.exit(2);
}
for (const folder of positionals) {
  const found = await measure(folder);
  const text =
    `${folder}: ${found.images} images, ${found.quarantined} quarantined in ${found.seconds.toFixed(1)} s, ` +
    `${found.perSecond.toFixed(0)}/s, ${found.processorMilliseconds.toFixed(2)} ms of processor each; again in ` +
    `${found.againSeconds.toFixed(1)} s; event loop p95 ${found.loopMilliseconds.toFixed(1)} ms; ` +
    `peak ${found.peakMegabytes.toFixed(0)} MB`;
  process.stdout.write(`${values.json ? JSON.stringify(found) : text}\n`);
}
