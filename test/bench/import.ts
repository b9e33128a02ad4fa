/**
 * How fast folders are imported: `node test/bench/import.ts FOLDER...`. Prints photos per second, peak memory, and how
 * long the event loop was held up.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openTestCore } from '../fixtures/core-without-engine.ts';

const folders = process.argv.slice(2);
if (folders.length === 0) {
  process.stderr.write('usage: node test/bench/import.ts FOLDER...\n');
  process.exit(2);
}

for (const folder of folders) {
  const { core, close, logged } = await openTestCore();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const result = await core.imports.importPaths([folder]);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  const againBegan = performance.now();
  const again = await core.imports.importPaths([folder]);
  const againSeconds = (performance.now() - againBegan) / 1000;
  const { state, images, quarantined } = result;
  process.stdout.write(
    `${folder}: ${state.status}, ${images} images, ${quarantined.length} quarantined in ${seconds.toFixed(1)} s, ` +
      `${((state.added + quarantined.length) / seconds).toFixed(0)}/s, ` +
      `${((user + system) / 1000 / (state.added + quarantined.length)).toFixed(2)} ms of processor each; again: ${again.state.known} known in ` +
      `${againSeconds.toFixed(1)} s; event loop p95 ${(delay.percentile(95) / 1e6).toFixed(1)} ms, ` +
      `most ${(delay.max / 1e6).toFixed(0)} ms; peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB\n`,
  );
  if (state.error !== null) process.stdout.write(`  ${state.error.code}: ${state.error.message}\n`);
  for (const line of logged) process.stdout.write(`  ${line}\n`);
  await close();
}
