import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../../../contract/shared/errors.ts';
import { hasDisplay } from '../../node/open-browser.ts';
import { programRoot } from '../../node/places.ts';
import type { ServerFlags } from '../flags.ts';
import type { Output } from '../output.ts';
import { serve } from './serve.ts';

/** Electron's executable in node_modules; null when it was not downloaded. */
export function electronBinary(root: string = programRoot): string | null {
  const folder = join(root, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist');
  const binary = join(dist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

/** Why the app cannot open in its own window; null when it can. */
function whyNoWindow(flags: ServerFlags, binary: string | null, main: string): string | null {
  if (!flags.open) return '';
  if (!hasDisplay()) return 'There is no display';
  if (binary === null) return 'Electron is not installed';
  return existsSync(main) ? null : 'The desktop app is not built (npm run build)';
}

/** Runs the desktop app until its window is closed. */
function runElectron(binary: string, words: string[]): Promise<void> {
  return new Promise((done, reject) => {
    const child = spawn(binary, words, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (error) =>
      reject(new AppError('INTERNAL_BUG', { detail: error.message }, { cause: error })),
    );
    child.once('close', (code) => {
      if (code === 0) done();
      else reject(new AppError('INTERNAL_BUG', { detail: `Electron ended with code ${code}` }));
    });
  });
}

/** `lenslet` without a command: the desktop app, or the same app in the browser where no window can be opened. */
export async function openApp(output: Output, flags: ServerFlags): Promise<void> {
  const binary = electronBinary();
  const main = join(programRoot, 'build', 'main', 'electron-main.js');
  const why = whyNoWindow(flags, binary, main);
  if (why === null && binary !== null) {
    await runElectron(binary, [
      programRoot,
      ...(flags.project === undefined ? [] : [resolve(flags.project)]),
    ]);
    return;
  }
  if (why) output.say(`${why}: the app opens in the browser instead.`);
  await serve(output, flags);
}
