#!/usr/bin/env node
// @ts-check
/** `npm run -s lenslet -- ARGS`: the command line from a checkout. Set-up's lines go to stderr, and only when it works. */
import { join } from 'node:path';
import { openApp } from './app/open-app.mjs';
import { runInPlace } from './app/run-node.mjs';
import { main } from './setup/main.mjs';
import { root } from './setup/paths.mjs';
import { createReporter } from './setup/reporter.mjs';
import { setUp } from './setup/set-up.mjs';

/** npm changes to the checkout before it runs a script; paths are meant from where the user stands. */
function userFolder() {
  const { INIT_CWD, npm_lifecycle_event: script } = process.env;
  return script === 'lenslet' && process.cwd() === root ? (INIT_CWD ?? root) : process.cwd();
}

const args = process.argv.slice(2);
await main(async () => {
  if (args.length === 0) return openApp(args, process.stderr);
  const reporter = createReporter(process.stderr);
  const { node } = await setUp({ reporter, wants: { renderer: args[0] === 'serve' } });
  return runInPlace(node, [join(root, 'src-main', 'hosts', 'cli.ts'), ...args], { cwd: userFolder() });
});
