/** Electron's entry. Everything it does is in electron/, on the parts of Electron handed over here. */
import { join } from 'node:path';
import * as electron from 'electron';
import { isCommandLine, runAsNode } from './electron/command-line.ts';
import { startDesktop } from './electron/desktop.ts';

// `electron FOLDER words…` in a checkout, `lenslet words…` when installed.
const words = process.argv.slice(process.defaultApp ? 2 : 1);

if (isCommandLine(words)) {
  electron.app.exit(runAsNode(process.execPath, join(import.meta.dirname, 'cli.js'), words));
} else {
  startDesktop(electron, words);
}
