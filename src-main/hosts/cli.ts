#!/usr/bin/env node
/** The command line's entry. It loads little, so that `--help` is quick; each command loads what it needs. */
import { runCommandLine } from './cli/run-command-line.ts';

// `lenslet … | head`: the reader has seen enough, which is not an error. A command that listens too (`onInterrupt`) comes
// to a clean stop by itself; its further output is dropped.
let stopping = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  stopping ||= process.stdout.listenerCount('error') > 1;
  if (!stopping) process.exit(0);
});

process.exitCode = await runCommandLine(process.argv.slice(2));
