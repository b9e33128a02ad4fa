// @ts-check
/** The suites of `npm test` and how to run one. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand } from '../setup/dependencies.mjs';
import { root } from '../setup/paths.mjs';
import { countPlaywright, judge } from './counts.mjs';

/** @typedef {import('./counts.mjs').Counts} Counts */
/** @typedef {import('../setup/set-up.mjs').Ready} Ready */

/** The suites of `npm test`, in this order: the quick ones first. */
export const suiteNames = /** @type {const} */ ([
  'lint',
  'typecheck',
  'unit',
  'integration',
  'e2e',
  'e2e-desktop',
]);
/** The suites of `npm run test:long`. */
export const longSuiteNames = /** @type {const} */ (['integration-long', 'e2e-long']);
/** @typedef {(typeof suiteNames)[number] | (typeof longSuiteNames)[number]} SuiteName */

/** @param {string} name whether this suite drives a browser */
export const needsBrowser = (name) => name.startsWith('e2e');

/** A suite that takes longer hangs; the browser tests take half of this on two busy cores. */
const LIMIT_MINUTES = 45;

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} [held] whether its output is shown when it has ended, as other commands run at the same time
 * @returns {Promise<number>} exit code
 */
function run(command, args, env, held = false) {
  return new Promise((done) => {
    /** @type {import('node:child_process').StdioOptions} */
    const stdio = held ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    /** @type {import('node:child_process').SpawnOptions} */
    const options = { cwd: root, stdio, env: { ...process.env, ...env } };
    const child = spawn(command, [...args], options);
    /** @type {Buffer[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => output.push(chunk));
    const limit = setTimeout(() => {
      process.stdout.write(`Stopped after ${LIMIT_MINUTES} minutes.\n`);
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
    }, LIMIT_MINUTES * 60_000);
    // SIGINT lets Vitest and Playwright end what they have started; after SIGTERM it would run on.
    const forward = () => void child.kill('SIGINT');
    process.once('SIGTERM', forward);
    const finish = (/** @type {number} */ code) => {
      clearTimeout(limit);
      process.off('SIGTERM', forward);
      process.stdout.write(Buffer.concat(output));
      done(code);
    };
    child.once('error', () => finish(127));
    child.once('close', (code) => finish(code ?? 128));
  });
}

/** @param {'lint' | 'typecheck'} name @returns {Promise<Counts>} */
async function runCheck(name) {
  const npm = npmCommand();
  const code = await run(npm.command, [...npm.args, 'run', '-s', name], {}, true);
  return code === 0 ? { passed: 1, failed: [], skipped: [] } : { passed: 0, failed: [name], skipped: [] };
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {SuiteName} name @param {Ready} ready @param {string} report */
function testCommand(name, ready, report) {
  /** @type {NodeJS.ProcessEnv} */
  const env = name.endsWith('-long') ? { LENSLET_LONG: '1', LENSLET_PICTURES: '1' } : {};
  if (ready.chromium !== null) env.LENSLET_CHROMIUM = ready.chromium;
  if (needsBrowser(name)) {
    const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
    // Until the suite has passed a few times in a row at the first try: what fails once is tried once more, and named.
    const file = name === 'e2e-desktop' ? 'desktop.config.ts' : 'playwright.config.ts';
    const config = ['-c', `test/e2e/${file}`, '--retries=1'];
    const args = [cli, 'test', ...config, '--reporter=list,json'];
    if (name === 'e2e-long') args.push('--grep=@long');
    return {
      args,
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: report, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    };
  }
  const reporter = fileURLToPath(new URL('./vitest-counts.mjs', import.meta.url));
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const tags = `--tags-filter=${name.endsWith('-long') ? 'long' : '!long'}`;
  const reporters = ['--reporter=default', `--reporter=${reporter}`];
  const args = [vitest, 'run', '--project', name.replace('-long', ''), tags, ...reporters];
  return { args, env: { ...env, LENSLET_COUNTS_FILE: report } };
}

/** @param {Exclude<SuiteName, 'lint' | 'typecheck'>} name @param {Ready} ready @returns {Promise<Counts>} */
async function runTests(name, ready) {
  const folder = mkdtempSync(join(tmpdir(), 'lenslet-test-'));
  try {
    const report = join(folder, 'report.json');
    const { args, env } = testCommand(name, ready, report);
    const code = await run(ready.node, args, env);
    const found = readReport(report);
    return judge(name, code, needsBrowser(name) && found !== null ? countPlaywright(found) : found);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs one suite with its output shown.
 * @param {SuiteName} name
 * @param {Ready} ready
 * @returns {Promise<Counts>}
 */
export function runSuite(name, ready) {
  return name === 'lint' || name === 'typecheck' ? runCheck(name) : runTests(name, ready);
}
