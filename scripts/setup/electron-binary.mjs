// @ts-check
/** Electron's binary, for the window. Its maker's host may be out of reach; then the app opens in the browser. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { forgetFailure, recallFailure, rememberFailure } from './remembered-failure.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailure } from './step-failure.mjs';

/**
 * Electron's executable in a checkout.
 * @param {string} checkout
 * @returns {string | null} null when it has not been downloaded
 */
export function findElectron(checkout, env = process.env) {
  const folder = join(checkout, 'node_modules', 'electron');
  try {
    const executable = readFileSync(join(folder, 'path.txt'), 'utf8');
    const path = join(env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), executable);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/**
 * Electron's script compares the download with the SHA-256 values in its locked package, unless a variable has it ask
 * the server for them. Its temporary files go where they can be watched: a host that never answers is given up soon.
 * @param {string} temporary
 */
function installEnvironment(temporary) {
  const remote = /^(npm_config_)?electron_use_remote_checksums$/i;
  const kept = Object.entries(process.env).filter(([name]) => !remote.test(name));
  return { ...Object.fromEntries(kept), TMPDIR: temporary, TEMP: temporary, TMP: temporary };
}

/** @param {string} checkout @param {string} cache @param {string} node */
async function download(checkout, cache, node) {
  const temporary = join(cache, 'downloads', `electron-${process.pid}`);
  mkdirSync(temporary, { recursive: true });
  try {
    return await runCommand(node, [join(checkout, 'node_modules', 'electron', 'install.js')], {
      env: installEnvironment(temporary),
      stall: { folder: temporary, seconds: 30 },
      limitSeconds: 1200,
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Downloads Electron's binary when it is missing. That it cannot be had is no failure of set-up.
 * @param {{ checkout: string, cache: string, node: string, retry: boolean, reporter: import('./reporter.mjs').Reporter }} context
 * @returns {Promise<string | null>} its path, or null
 */
export async function ensureElectron({ checkout, cache, node, retry, reporter }) {
  const present = findElectron(checkout);
  if (present !== null) return present;
  const manifest = JSON.parse(
    readFileSync(join(checkout, 'node_modules', 'electron', 'package.json'), 'utf8'),
  );
  const memory = join(cache, 'failures', `electron-${manifest.version}.json`);
  const conditions = process.env.ELECTRON_MIRROR ?? '';
  if (!retry && recallFailure(memory, conditions) !== null) return null;
  try {
    await reporter.step(`Downloading the Electron ${manifest.version} window (about 110 MB)`, async () => {
      const result = await download(checkout, cache, node);
      if (findElectron(checkout) !== null) return;
      const why = result.stopped !== null ? 'its host does not answer' : errorLine(result.output);
      throw new StepFailure(
        `Electron could not be downloaded (${why})`,
        'Lenslet opens in the browser instead. To try again: npm run setup -- --retry',
      );
    });
    forgetFailure(memory);
  } catch (error) {
    rememberFailure(memory, conditions, StepFailure.from(error, 'To try again: npm run setup -- --retry'));
  }
  return findElectron(checkout);
}

/** The line that names the error, not the stack below it. */
/** @param {string} output */
function errorLine(output) {
  return /^\w*Error: .*$/m.exec(output)?.[0] ?? lastLines(output);
}
