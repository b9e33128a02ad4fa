// @ts-check
/**
 * `npm run test:faults [-- --rounds N --only NAME,NAME --seed N --list]`: sets up what is missing, then breaks Lenslet
 * in every way of test/faults and counts what was lost.
 */
import { join } from 'node:path';
import { runInPlace } from './app/run-node.mjs';
import { main } from './setup/main.mjs';
import { root } from './setup/paths.mjs';
import { createReporter } from './setup/reporter.mjs';
import { reportEngines, setUp } from './setup/set-up.mjs';

await main(async () => {
  const reporter = createReporter(process.stderr);
  const ready = await setUp({ reporter, wants: { renderer: false, chromium: false } });
  reportEngines(ready, reporter);
  return runInPlace(ready.node, [join(root, 'test', 'faults', 'faults.ts'), ...process.argv.slice(2)], {
    cwd: root,
  });
});
