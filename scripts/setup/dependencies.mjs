// @ts-check
/** The npm packages: `node_modules` as the lock file says. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailure } from './step-failure.mjs';

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage */
/** @typedef {{ packages?: Record<string, LockedPackage> }} LockFile */

/**
 * The packages that a lock file asks for and an installation lacks or has in another version.
 * Optional ones (the other platforms' binaries) may be missing.
 * @param {LockFile} wanted package-lock.json
 * @param {LockFile} installed node_modules/.package-lock.json, which npm writes when it has finished
 * @param {(path: string) => boolean} isThere whether a package's folder exists
 * @returns {string[]} paths such as `node_modules/vue`
 */
export function missingPackages(wanted, installed, isThere) {
  const present = installed.packages ?? {};
  return Object.entries(wanted.packages ?? {})
    .filter(([path, entry]) => path !== '' && !entry.optional && !entry.devOptional && !entry.link)
    .filter(([path, entry]) => present[path]?.version !== entry.version || !isThere(path))
    .map(([path]) => path);
}

/** @param {string} file @returns {LockFile | null} */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} checkout */
function areInstalled(checkout) {
  const installed = readLock(join(checkout, 'node_modules', '.package-lock.json'));
  const wanted = readLock(join(checkout, 'package-lock.json'));
  if (wanted === null || installed === null) return false;
  return missingPackages(wanted, installed, (path) => existsSync(join(checkout, path))).length === 0;
}

/**
 * How to call npm: as the npm that called us was called, or the one beside our Node, or the one on the PATH.
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(env = process.env) {
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const script = [env.npm_execpath, beside].find((path) => path?.endsWith('npm-cli.js') && existsSync(path));
  // npm must not run on the Node inside the folder that it is about to replace.
  const node = env.npm_node_execpath ?? process.execPath;
  if (script !== undefined && existsSync(node) && !node.includes('node_modules')) {
    return { command: node, args: [script] };
  }
  if (process.platform === 'win32') return { command: 'cmd.exe', args: ['/d', '/s', '/c', 'npm'] };
  return { command: 'npm', args: [] };
}

/**
 * Installs the npm packages when they are not there as locked. No install script of any package runs (`.npmrc`).
 * @param {{ checkout: string, reporter: import('./reporter.mjs').Reporter }} context
 * @throws {StepFailure} when npm fails
 */
export async function ensureDependencies({ checkout, reporter }) {
  if (areInstalled(checkout)) return;
  await reporter.step('Installing the npm packages of the lock file (npm ci, about 800 MB)', async () => {
    const npm = npmCommand();
    const result = await runCommand(npm.command, [...npm.args, 'ci', '--no-audit', '--no-fund'], {
      cwd: checkout,
    });
    if (result.code === 127) {
      throw new StepFailure('npm was not found', 'Install Node.js with npm, then run this again.');
    }
    if (result.code !== 0) {
      throw new StepFailure(
        `npm ci ended with ${result.code}: ${lastLines(result.output, 3)}`,
        'Check the connection to your npm registry (npm ping) and the free space, then run this again.',
      );
    }
  });
}
