/** How fast photos are imported, and what is left for others meanwhile. */
import { type Bench, type Result } from './compare.ts';
import { runImport } from './import-run.ts';
import { spreadOf } from './support/statistics.ts';

/** Photos a second, whole imports, each into a fresh project in a process of its own. */
export async function measureImport(bench: Bench): Promise<Result> {
  const { folder, what } = await bench.photos();
  const runs = [];
  for (let round = 0; round < bench.rounds; round++) runs.push(await runImport(folder));
  const processor = spreadOf(runs.map(({ processorMilliseconds }) => processorMilliseconds)).median;
  const delay = spreadOf(runs.map(({ loopMilliseconds }) => loopMilliseconds)).median;
  const memory = Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes));
  return {
    ours: { ...spreadOf(runs.map(({ perSecond }) => perSecond)), unit: 'photos/s' },
    note: `${what}; ${processor.toFixed(2)} ms of processor time a photo; event loop held up ${delay.toFixed(0)} ms (95th percentile); ${memory.toFixed(0)} MB at most`,
  };
}
