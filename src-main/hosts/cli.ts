#!/usr/bin/env node
/** The command line's entry. It loads little, so that `--help` is quick; each command loads what it needs. */
import { runCommandLine } from './cli/run-command-line.ts';

process.exitCode = await runCommandLine(process.argv.slice(2));
