// @ts-check
/**
 * `npm run package [-- --check] [--keep]`: builds the packages for this system and checks them. Where Electron's binary
 * cannot be had, and with `--check`, it builds the unpacked folder around a stand-in, checks that, and says what it
 * could not check. `--keep` leaves that folder in dist/check.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage } from './package/check-package.mjs';
import { createStandIn } from './package/stand-in-electron.mjs';
import { writeLicences } from './package/licences.mjs';
import { defaultBackbone } from './setup/backbone.mjs';
import { ensureNodeBundle } from './setup/bundles.mjs';
import { main } from './setup/main.mjs';
import { ensureNodeLicence } from './setup/node-runtime.mjs';
import { root } from './setup/paths.mjs';
import { createReporter } from './setup/reporter.mjs';
import { lastLines, runCommand } from './setup/run-command.mjs';
import { setUp } from './setup/set-up.mjs';
import { StepFailure } from './setup/step-failure.mjs';

const systemFlag = { linux: '--linux', win32: '--win', darwin: '--mac' };

/**
 * Runs electron-builder.
 * @param {string} node
 * @param {readonly string[]} words
 * @throws {StepFailure}
 */
async function runBuilder(node, words) {
  const builder = join(root, 'node_modules', 'electron-builder', 'cli.js');
  const common = ['--config', 'electron-builder.yml', '--publish', 'never'];
  const result = await runCommand(node, [builder, ...common, ...words], { cwd: root, limitSeconds: 1800 });
  if (result.code === 0) return;
  throw new StepFailure(
    `electron-builder failed: ${lastLines(result.output, 6)}`,
    'Mend what it names, then run this again.',
  );
}

/** The unpacked program in electron-builder's output folder. @param {string} output */
function unpackedFolder(output) {
  const name = readdirSync(output).find((entry) => /-unpacked$|^mac/.test(entry));
  if (name === undefined)
    throw new StepFailure('electron-builder left no unpacked folder', 'Look at its output.');
  const folder = join(output, name);
  const app = join(folder, 'Lenslet.app', 'Contents');
  return existsSync(app) ? app : folder;
}

/** @param {string} output */
function installers(output) {
  return readdirSync(output)
    .filter((name) => /\.(AppImage|deb|exe|dmg)$/.test(name))
    .map((name) => ({ name, bytes: statSync(join(output, name)).size }));
}

/**
 * Checks an unpacked program and prints every result.
 * @param {string} folder
 * @returns {Promise<boolean>} true when everything that could be checked is right
 */
async function report(folder) {
  let right = true;
  for await (const { name, problem, detail } of checkPackage(root, folder)) {
    right &&= problem === null;
    process.stdout.write(
      problem === null
        ? `  ok       ${name}${detail ? `: ${detail}` : ''}\n`
        : `  WRONG    ${name}: ${problem}\n`,
    );
  }
  return right;
}

/**
 * Puts the default network, with its notice and licence, where electron-builder takes it from. A package without it
 * works; its users add a network themselves.
 * @param {string | null} backbones the folder that set-up made it in
 * @param {import('./setup/reporter.mjs').Reporter} reporter
 */
function collectBackbone(backbones, reporter) {
  const folder = join(root, 'build', 'backbones');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (backbones === null) reporter.note('The package is built without a pretrained network.');
  else cpSync(join(backbones, defaultBackbone), join(folder, defaultBackbone), { recursive: true });
}

const unchecked = [
  'whether Electron starts the window, and whether asar integrity and the sandbox hold in it',
  'the installers (AppImage, deb, NSIS, dmg), their signatures and icons',
  'the packages of other systems: run `npm run package` on each',
];

/** @param {string} node @param {import('./setup/reporter.mjs').Reporter} reporter @param {boolean} keep */
async function packageWithStandIn(node, reporter, keep) {
  reporter.note(
    'Electron’s binary cannot be had here: building around a stand-in, to check what can be checked.',
  );
  const temporary = mkdtempSync(join(tmpdir(), 'lenslet-package-'));
  const output = join(root, 'dist', 'check');
  rmSync(output, { recursive: true, force: true });
  try {
    const standIn = createStandIn(root, join(temporary, 'electron'));
    await reporter.step('Building the unpacked program (electron-builder --dir)', () =>
      runBuilder(node, ['--dir', '--linux', `-c.electronDist=${standIn}`, `-c.directories.output=${output}`]),
    );
    const right = await report(unpackedFolder(output));
    for (const what of unchecked) process.stdout.write(`  not checked: ${what}\n`);
    return right;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    if (!keep) rmSync(output, { recursive: true, force: true });
  }
}

/** @param {string} node @param {import('./setup/reporter.mjs').Reporter} reporter */
async function packageForReal(node, reporter) {
  const output = join(root, 'dist');
  const flag = systemFlag[/** @type {keyof typeof systemFlag} */ (process.platform)];
  await reporter.step('Building the packages (electron-builder)', () => runBuilder(node, [flag]));
  const right = await report(unpackedFolder(output));
  for (const { name, bytes } of installers(output))
    process.stdout.write(`  ${name}: ${Math.round(bytes / 1e6)} MB\n`);
  process.stdout.write('  not checked: signatures, and the packages of other systems\n');
  return right;
}

await main(async () => {
  const reporter = createReporter();
  const check = process.argv.includes('--check');
  const { node, electron, backbones } = await setUp({
    reporter,
    wants: { renderer: true, electron: !check },
  });
  await ensureNodeBundle({ checkout: root, reporter });
  await ensureNodeLicence({ checkout: root, reporter });
  await reporter.step('Collecting the licences', async () =>
    writeLicences(root, join(root, 'build', 'licences')),
  );
  collectBackbone(backbones, reporter);
  const keep = process.argv.includes('--keep');
  const right =
    electron === null ? await packageWithStandIn(node, reporter, keep) : await packageForReal(node, reporter);
  process.stdout.write(
    right ? 'The package is right as far as it could be checked.\n' : 'The package is wrong: see above.\n',
  );
  return right ? 0 : 1;
});
