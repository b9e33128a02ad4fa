// @ts-check
/** Electron's binary, for the window. Its maker's host may be out of reach; then the app opens in the browser. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { fetchPinned, withProxy } from './pinned-file.mjs';
import { forgetFailure, recallFailure, rememberFailure } from './remembered-failure.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailure } from './step-failure.mjs';

const script = fileURLToPath(new URL('./electron-archive.mjs', import.meta.url));
const instead = 'Lenslet opens in the browser instead.';
const remedy = `${instead} To try again: npm run setup -- --retry`;
/** More than twice the largest archive. */
const maxBytes = 400e6;

/** @typedef {{ checkout: string, cache: string, node: string, retry: boolean, reporter: import('./reporter.mjs').Reporter }} Context */

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
 * Runs a part of `electron-archive.mjs`.
 * @param {Context} context
 * @param {string[]} words
 * @param {string} what it does, for its failure
 * @returns {Promise<{ path?: string, url: string, file: string, sha256?: string }>} what it answered
 * @throws {StepFailure}
 */
async function ask({ checkout, node }, [verb, ...rest], what) {
  const env = withProxy(process.env);
  const result = await runCommand(node, [script, verb, checkout, ...rest], { env, limitSeconds: 300 });
  const answer = /^\{.*\}$/m.exec(result.output)?.[0];
  if (result.code === 0 && answer !== undefined) return JSON.parse(answer);
  if (/ENOSPC/.test(result.output)) throw StepFailure.diskFull();
  const why = /^\w*Error: .*$/m.exec(result.output)?.[0] ?? lastLines(result.output);
  throw new StepFailure(`${what} (${why})`, remedy);
}

/**
 * The archive: one that is here, or downloaded. What a broken download leaves is continued by the next.
 * @param {Context} context
 * @param {string} folder for the download
 * @param {(detail: string) => void} progress
 * @throws {StepFailure}
 */
async function archiveOf(context, folder, progress) {
  const found = await ask(context, ['find'], 'Electron’s archive could not be found');
  if (found.path !== undefined) return found.path;
  const { url, file, sha256 } = found;
  if (sha256 === undefined) {
    throw new StepFailure(`Electron is not made for this computer (there is no ${file})`, remedy);
  }
  const target = join(folder, file);
  const onBytes = (/** @type {number} */ bytes) => progress(`${Math.round(bytes / 1e6)} MB`);
  await fetchPinned({ node: context.node, url, sha256, target, maxBytes, onBytes, stallSeconds: 30 }).catch(
    (/** @type {StepFailure} */ error) => {
      throw error.isDiskFull ? error : new StepFailure(error.reason, `${instead} ${error.remedy}`, error);
    },
  );
  return target;
}

/**
 * What the result depends on: mirrors and proxies. As a hash, since there may be passwords among them.
 * @param {NodeJS.ProcessEnv} env
 */
function conditionsOf(env) {
  const asked = /^((npm_config_|npm_package_config_)?electron_|https?_proxy$)/i;
  const named = Object.entries(env).filter(([name]) => asked.test(name));
  return createHash('sha256').update(JSON.stringify(named.sort())).digest('hex');
}

/** @param {Context} context @param {string} folder @param {(detail: string) => void} progress */
async function install(context, folder, progress) {
  mkdirSync(folder, { recursive: true });
  const path = await archiveOf(context, folder, progress);
  progress('unpacking');
  await ask(context, ['unpack', path], 'Electron could not be unpacked');
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Downloads Electron's binary when it is missing. That it cannot be had is no failure of set-up.
 * @param {Context} context
 * @returns {Promise<string | null>} its path, or null
 */
export async function ensureElectron(context) {
  const { checkout, cache, retry, reporter } = context;
  const present = findElectron(checkout);
  if (present !== null) return present;
  const manifest = JSON.parse(
    readFileSync(join(checkout, 'node_modules', 'electron', 'package.json'), 'utf8'),
  );
  const name = `electron-${manifest.version}`;
  const memory = join(cache, 'failures', `${name}.json`);
  const conditions = conditionsOf(process.env);
  if (!retry && recallFailure(memory, conditions) !== null) return null;
  try {
    await reporter.step(`Downloading the Electron ${manifest.version} window (about 110 MB)`, (progress) =>
      withLock(
        join(cache, 'locks', name),
        () => install(context, join(cache, 'downloads', name), progress),
        () => progress('waiting for another Lenslet that is downloading it'),
      ),
    );
    forgetFailure(memory);
  } catch (error) {
    rememberFailure(memory, conditions, StepFailure.from(error, remedy));
  }
  return findElectron(checkout);
}
