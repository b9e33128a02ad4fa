// @ts-check
/**
 * `npm run test:tfjs [-- --stock --names]`: sets up what is missing, then runs the tests of tfjs-core against the
 * engine that Lenslet ships. See test/tfjs/suite.ts.
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
  return runInPlace(ready.node, [join(root, 'test', 'tfjs', 'suite.ts'), ...process.argv.slice(2)], {
    cwd: root,
  });
});
