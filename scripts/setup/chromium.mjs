// @ts-check
/** A Chromium for the browser tests. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findProgram } from './find-program.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { StepFailure } from './step-failure.mjs';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];

const usualPlaces = [
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The Chromium that Playwright keeps in its own cache. */
/** @param {string} checkout */
function playwrightChromium(checkout) {
  try {
    const require = createRequire(join(checkout, 'package.json'));
    return require('@playwright/test').chromium.executablePath();
  } catch {
    return undefined;
  }
}

/**
 * Finds a Chromium: `LENSLET_CHROMIUM`, the system's, Playwright's own.
 * @param {string} checkout
 * @returns {string | null}
 */
export function findChromium(checkout, env = process.env) {
  return (
    findProgram([env.LENSLET_CHROMIUM, ...names, ...usualPlaces], env) ??
    findProgram([playwrightChromium(checkout)], env)
  );
}

/** How to run a program as root here without being asked anything; null when that is not possible. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const sudo = findProgram(['sudo']);
  if (sudo === null) return null;
  return (await runCommand(sudo, ['-n', 'true'])).code === 0 ? [sudo, '-n'] : null;
}

/** Ubuntu's `chromium` is a stand-in for a snap, which does not work in containers. */
function isDebian() {
  if (!existsSync('/etc/os-release')) return false;
  return (
    /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8')) &&
    !/^ID=ubuntu/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

/** @param {import('./reporter.mjs').Reporter} reporter */
async function installWithApt(reporter) {
  const apt = findProgram(['apt-get']);
  const prefix = apt === null || !isDebian() ? null : await rootPrefix();
  if (apt === null || prefix === null) return;
  await reporter
    .step('Installing Chromium for the browser tests (apt-get, about 100 MB)', async () => {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      for (const args of [
        ['update'],
        ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'],
      ]) {
        const [command, ...rest] = [...prefix, apt, '-o', 'DPkg::Lock::Timeout=300', ...args];
        const result = await runCommand(command, rest, { env, limitSeconds: 1200 });
        if (result.code !== 0 && args[0] === 'install') {
          throw new StepFailure(
            `apt-get failed: ${lastLines(result.output)}`,
            'Trying Playwright’s own Chromium next.',
          );
        }
      }
    })
    .catch(() => undefined);
}

/** @param {string} checkout @param {string} node @param {import('./reporter.mjs').Reporter} reporter */
async function installWithPlaywright(checkout, node, reporter) {
  const cli = join(checkout, 'node_modules', '@playwright', 'test', 'cli.js');
  await reporter
    .step('Installing Playwright’s own Chromium for the browser tests', async () => {
      const result = await runCommand(node, [cli, 'install', 'chromium'], {
        cwd: checkout,
        limitSeconds: 900,
      });
      if (findChromium(checkout) !== null) return;
      throw new StepFailure(
        `Playwright could not install it (${lastLines(result.output)})`,
        'Install Chromium or Chrome, or set LENSLET_CHROMIUM to its path. Without it the browser tests fail.',
      );
    })
    .catch(() => undefined);
}

/**
 * Makes a Chromium available for the tests; installs Debian's, else Playwright's.
 * @param {{ checkout: string, node: string, reporter: import('./reporter.mjs').Reporter }} context
 * @returns {Promise<string | null>} its path; null (said on the way, with a remedy) when none can be had
 */
export async function ensureChromium({ checkout, node, reporter }) {
  if (findChromium(checkout) === null) await installWithApt(reporter);
  if (findChromium(checkout) === null) await installWithPlaywright(checkout, node, reporter);
  return findChromium(checkout);
}
