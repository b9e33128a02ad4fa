#!/usr/bin/env node
/** The command line's entry. It loads little, so that `--help` is quick; each command loads what it needs. */
import { runCommandLine } from './cli/run-command-line.ts';

// `lenslet … | head`: the reader has seen enough, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2));
