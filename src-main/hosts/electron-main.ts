/** Electron's entry. Everything it does is in electron/, on the parts of Electron handed over here. */
import * as electron from 'electron';
import { isCommandLine, runCommandLine } from './electron/command-line.ts';
import { startDesktop } from './electron/desktop.ts';
import { commandLineFile, plainNode } from './node/places.ts';

// `electron FOLDER words…` in a checkout, `lenslet words…` when installed.
const words = process.argv.slice(process.defaultApp ? 2 : 1);

if (isCommandLine(words)) {
  electron.app.exit(runCommandLine(plainNode(), commandLineFile, words));
} else {
  startDesktop(electron, words);
}
