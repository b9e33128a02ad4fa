// @ts-check
/**
 * Node 24 for everything after set-up: it runs TypeScript as it is and has `node:sqlite`. It comes as the npm
 * package `node`, whose install script (the only one we allow) fetches the binary from the npm registry.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from './dependencies.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailure } from './step-failure.mjs';

/** From here on Node strips types without being asked and has SQLite unflagged. */
const OLDEST_SUITABLE = [22, 18];
const WANTED_MAJOR = 24;

/**
 * The version of a Node binary.
 * @param {string} binary
 * @returns {[number, number] | null} major and minor; null when it does not run
 */
export function nodeVersion(binary) {
  if (!existsSync(binary)) return null;
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  const match = /^v(\d+)\.(\d+)\./.exec(stdout ?? '');
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

/** @param {[number, number] | null} version */
export function isSuitable(version) {
  if (version === null) return false;
  const [major, minor] = version;
  return major > OLDEST_SUITABLE[0] || (major === OLDEST_SUITABLE[0] && minor >= OLDEST_SUITABLE[1]);
}

/** @param {string} checkout */
export function bundledNode(checkout) {
  return join(checkout, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** @param {string} binary */
function isWanted(binary) {
  const version = nodeVersion(binary);
  return version !== null && version[0] >= WANTED_MAJOR;
}

/** @param {string} checkout @param {import('./reporter.mjs').Reporter} reporter */
async function fetchNode(checkout, reporter) {
  await reporter.step('Fetching Node.js 24 from the npm registry (npm rebuild node)', async () => {
    const npm = npmCommand();
    const args = [...npm.args, 'rebuild', 'node', '--ignore-scripts=false', '--foreground-scripts'];
    const result = await runCommand(npm.command, args, { cwd: checkout, limitSeconds: 600 });
    if (isWanted(bundledNode(checkout))) return;
    throw new StepFailure(
      `the package "node" brought no Node.js 24 (${lastLines(result.output) || `npm ended with ${result.code}`})`,
      'Install Node.js 24 from your system or from its makers, then run this again.',
    );
  });
}

/**
 * Makes Node 24 available.
 * @param {{ checkout: string, reporter: import('./reporter.mjs').Reporter }} context
 * @returns {Promise<string>} the path of the Node to run Lenslet with
 * @throws {StepFailure} when neither the package nor the Node we run on will do
 */
export async function ensureNode({ checkout, reporter }) {
  const bundled = bundledNode(checkout);
  if (isWanted(bundled)) return bundled;
  try {
    await fetchNode(checkout, reporter);
    return bundled;
  } catch (error) {
    const [major, minor] = process.versions.node.split('.').map(Number);
    if (!isSuitable([major, minor])) throw error;
    reporter.note(`Using the Node.js ${process.versions.node} that is here instead.`);
    return process.execPath;
  }
}
