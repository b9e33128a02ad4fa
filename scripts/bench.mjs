// @ts-check
/**
 * `npm run bench [-- --only NAME,NAME --long --rounds N --peer keras|none --list]`: sets up what is missing, then
 * measures, in turn with Keras, and writes docs/benchmarks.md. Nothing else should run meanwhile.
 */
import { join } from 'node:path';
import { runInPlace } from './app/run-node.mjs';
import { main } from './setup/main.mjs';
import { root } from './setup/paths.mjs';
import { createReporter } from './setup/reporter.mjs';
import { reportEngines, setUp } from './setup/set-up.mjs';

const args = process.argv.slice(2);
const grid = args.includes('--long') || args.some((word) => word.split(/[=,]/).includes('grid'));
await main(async () => {
  const reporter = createReporter(process.stderr);
  const ready = await setUp({ reporter, wants: { renderer: grid, chromium: grid } });
  reportEngines(ready, reporter);
  return runInPlace(ready.node, [join(root, 'test', 'bench', 'bench.ts'), ...args], { cwd: root });
});
