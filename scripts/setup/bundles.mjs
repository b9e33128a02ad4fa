// @ts-check
/** What has to be built before the app opens: the renderer always, the Node code for Electron only. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from './dependencies.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailure } from './step-failure.mjs';

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} checkout
 * @param {string} path
 */
function addToHash(hash, checkout, path) {
  const full = join(checkout, path);
  /** @type {import('node:fs').Dirent[]} */
  let entries;
  try {
    entries = readdirSync(full, { withFileTypes: true });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') {
      hash.update(`${path}\0`).update(readFileSync(full)).update('\0');
    }
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) addToHash(hash, checkout, `${path}/${entry.name}`);
    else if (entry.isFile())
      hash
        .update(`${path}/${entry.name}\0`)
        .update(readFileSync(join(full, entry.name)))
        .update('\0');
  }
}

/**
 * A hash over files and folders, by path and content.
 * @param {string} checkout
 * @param {readonly string[]} paths relative, with forward slashes
 */
export function sourceHash(checkout, paths) {
  const hash = createHash('sha256');
  for (const path of paths) addToHash(hash, checkout, path);
  return hash.digest('hex');
}

/** Written by the build itself, so they are no sources of it. */
const rendererSources = ['src-renderer', 'src-main/contract', 'assets', 'package-lock.json', 'tsconfig.json'];
const nodeSources = ['src-main', 'rolldown.config.mjs', 'package-lock.json', 'tsconfig.json'];

/** @param {string} file */
function readStamp(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * @param {{ checkout: string, sources: readonly string[], stamp: string, product: string, build: () => Promise<void> }} work
 */
async function buildWhenChanged({ checkout, sources, stamp, product, build }) {
  const stampFile = join(checkout, 'build', stamp);
  if (existsSync(join(checkout, product)) && readStamp(stampFile) === sourceHash(checkout, sources)) return;
  await build();
  mkdirSync(join(checkout, 'build'), { recursive: true });
  // After the build: it may have rewritten generated type files that lie among the sources.
  writeFileSync(stampFile, sourceHash(checkout, sources));
}

/** @param {import('./run-command.mjs').CommandResult} result @param {string} what */
function check(result, what) {
  if (result.code === 0) return;
  throw new StepFailure(
    `${what} failed: ${lastLines(result.output, 4)}`,
    'Mend what it names, then run this again.',
  );
}

/**
 * Builds the renderer into `build/renderer` when its sources changed; a server that is running goes on serving the
 * old one until the new one takes its place.
 * @param {{ checkout: string, node: string, reporter: import('./reporter.mjs').Reporter }} context
 * @throws {StepFailure} when the build fails
 */
export async function ensureRendererBundle({ checkout, node, reporter }) {
  const build = () =>
    reporter.step('Building the app’s pages (vite build)', async () => {
      const fresh = join(checkout, 'build', `renderer-${process.pid}`);
      const vite = join(checkout, 'node_modules', 'vite', 'bin', 'vite.js');
      const args = [
        'build',
        '--config',
        'src-renderer/vite.config.ts',
        '--logLevel',
        'warn',
        '--outDir',
        fresh,
        '--emptyOutDir',
      ];
      try {
        check(await runCommand(node, [vite, ...args], { cwd: checkout, limitSeconds: 600 }), 'vite build');
        replaceFolder(join(checkout, 'build', 'renderer'), fresh);
      } finally {
        rmSync(fresh, { recursive: true, force: true });
      }
    });
  await buildWhenChanged({
    checkout,
    sources: rendererSources,
    stamp: '.renderer',
    product: 'build/renderer/index.html',
    build,
  });
}

/** @param {string} folder @param {string} fresh */
function replaceFolder(folder, fresh) {
  const old = `${folder}-old-${process.pid}`;
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

/**
 * Bundles the Node code for Electron into `build/main` when its sources changed.
 * @param {{ checkout: string, reporter: import('./reporter.mjs').Reporter }} context
 * @throws {StepFailure} when the build fails
 */
export async function ensureNodeBundle({ checkout, reporter }) {
  const build = () =>
    reporter.step('Bundling the app for Electron (rolldown)', async () => {
      const npm = npmCommand();
      check(
        await runCommand(npm.command, [...npm.args, 'run', '-s', 'build:node'], {
          cwd: checkout,
          limitSeconds: 600,
        }),
        'rolldown',
      );
    });
  await buildWhenChanged({
    checkout,
    sources: nodeSources,
    stamp: '.main',
    product: 'build/main/electron-main.js',
    build,
  });
}
