// @ts-check
/**
 * Node 24 for everything after set-up: it runs TypeScript as it is and has `node:sqlite`. It comes from the npm
 * registry as the platform's package with a pinned hash; the package `node`, whose install script would fetch it
 * without one, only gives it its place (`node_modules/.bin/node`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { npmCommand } from './dependencies.mjs';
import { nodePackages } from './node-packages.mjs';
import { stateFolder } from './paths.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailure } from './step-failure.mjs';

/** From here on Node strips types without being asked and has SQLite unflagged. */
const OLDEST_SUITABLE = [22, 18];
const WANTED_MAJOR = 24;
const platform = `${process.platform}-${process.arch}`;

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

/**
 * Puts the binary where npm scripts and the tests find it: `node_modules/.bin`. npm makes that link only for a file
 * that is there when it installs.
 * @param {string} checkout
 */
export function linkNode(checkout) {
  const bin = join(checkout, 'node_modules', '.bin');
  const windows = process.platform === 'win32';
  const link = join(bin, windows ? 'node.cmd' : 'node');
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(bin, { recursive: true });
  if (windows) writeFileSync(link, '@"%~dp0\\..\\node\\bin\\node.exe" %*\r\n');
  else symlinkSync(join('..', 'node', 'bin', 'node'), link);
}

/** @param {string} binary */
function isWanted(binary) {
  const version = nodeVersion(binary);
  return version !== null && version[0] >= WANTED_MAJOR;
}

/**
 * Installs one package with its pinned hash, in a folder of its own: `npm ci` refuses whatever has another hash.
 * @param {string} stage
 * @param {import('./node-packages.mjs').NodePackage} wanted
 */
function installPinned(stage, { name, version, integrity }) {
  const dependencies = { [name]: version };
  const root = { name: 'node-stage', version: '1.0.0', dependencies };
  const packages = { '': root, [`node_modules/${name}`]: { version, integrity } };
  const lock = { ...root, dependencies: undefined, lockfileVersion: 3, requires: true, packages };
  mkdirSync(stage, { recursive: true });
  writeFileSync(join(stage, 'package.json'), JSON.stringify({ ...root, private: true }));
  writeFileSync(join(stage, 'package-lock.json'), JSON.stringify(lock));
  const npm = npmCommand();
  const args = [...npm.args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  return runCommand(npm.command, args, { cwd: stage, limitSeconds: 600 });
}

/** Node.js' licence, which has to travel with its binary. @param {string} checkout */
export function nodeLicence(checkout) {
  return join(checkout, 'node_modules', 'node', 'LICENSE');
}

/**
 * Downloads the platform's Node.js and hands it over before it is removed again.
 * @param {string} checkout
 * @param {import('./reporter.mjs').Reporter} reporter
 * @param {import('./node-packages.mjs').NodePackage | undefined} wanted
 * @param {(folder: string) => boolean} take takes what it needs of the package; false: it is not in it
 * @throws {StepFailure}
 */
async function takeOfPackage(checkout, reporter, wanted, take) {
  const remedy = 'Install Node.js 24 from your system or from its makers, then run this again.';
  await reporter.step('Fetching Node.js 24 from the npm registry', async () => {
    if (wanted === undefined) throw new StepFailure(`there is no Node.js package for ${platform}`, remedy);
    // Set-ups of one checkout take turns: what lies here was left by one that was killed.
    const stage = join(stateFolder(checkout), 'node-stage');
    rmSync(stage, { recursive: true, force: true });
    try {
      const result = await installPinned(stage, wanted);
      if (result.code === 0 && take(join(stage, 'node_modules', wanted.name))) return;
      if (/EINTEGRITY/.test(result.output)) {
        const what = `the downloaded ${wanted.name} ${wanted.version} is not the expected file (its SHA-512 differs)`;
        throw new StepFailure(what, 'A mirror or proxy may have changed it. Check the settings of npm.');
      }
      const reason = lastLines(result.output) || `npm ended with ${result.code}`;
      throw new StepFailure(`the package "${wanted.name}" brought no Node.js 24 (${reason})`, remedy);
    } finally {
      rmSync(stage, { recursive: true, force: true });
    }
  });
}

/** @param {string} checkout @param {string} folder of the package */
function takeLicence(checkout, folder) {
  const licence = join(folder, 'LICENSE');
  if (existsSync(licence)) renameSync(licence, nodeLicence(checkout));
  return existsSync(nodeLicence(checkout));
}

/**
 * Downloads the platform's Node.js and puts it in its place once it has proved to run.
 * @param {string} checkout
 * @param {import('./reporter.mjs').Reporter} reporter
 * @param {import('./node-packages.mjs').NodePackage | undefined} wanted
 * @throws {StepFailure}
 */
export async function fetchNode(checkout, reporter, wanted = nodePackages[platform]) {
  await takeOfPackage(checkout, reporter, wanted, (folder) => {
    const target = bundledNode(checkout);
    const binary = join(folder, 'bin', basename(target));
    if (!isWanted(binary)) return false;
    mkdirSync(dirname(target), { recursive: true });
    renameSync(binary, target);
    takeLicence(checkout, folder);
    return true;
  });
}

/**
 * Makes Node.js' licence available, which earlier set-ups did not keep.
 * @param {{ checkout: string, reporter: import('./reporter.mjs').Reporter }} context
 * @throws {StepFailure}
 */
export async function ensureNodeLicence({ checkout, reporter }) {
  if (existsSync(nodeLicence(checkout))) return;
  const wanted = nodePackages[platform];
  await takeOfPackage(checkout, reporter, wanted, (folder) => takeLicence(checkout, folder));
}

/**
 * Makes Node 24 available.
 * @param {{ checkout: string, reporter: import('./reporter.mjs').Reporter }} context
 * @returns {Promise<string>} the path of the Node to run Lenslet with
 * @throws {StepFailure} when neither the package nor the Node we run on will do
 */
export async function ensureNode({ checkout, reporter }) {
  const bundled = bundledNode(checkout);
  try {
    if (!isWanted(bundled)) await fetchNode(checkout, reporter);
    linkNode(checkout);
    return bundled;
  } catch (error) {
    const [major, minor] = process.versions.node.split('.').map(Number);
    if (!isSuitable([major, minor])) throw error;
    reporter.note(`Using the Node.js ${process.versions.node} that is here instead.`);
    return process.execPath;
  }
}
