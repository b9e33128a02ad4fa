// @ts-check
/** The checks that run the packaged program. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { defaultBackbone } from '../setup/backbone.mjs';
import { lastLines, runCommand } from '../setup/run-command.mjs';
import { linkFolder } from './archive.mjs';

/** @typedef {import('./archive.mjs').Archive} Archive */
/** @typedef {import('./check-package.mjs').Result} Result */

/** A picture of 32×32 pixels that needs no library to write. */
function smallBmp() {
  const bytes = Buffer.alloc(54 + 32 * 32 * 3, 120);
  bytes.fill(0, 0, 54).write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  [40, 32, 32].forEach((value, i) => bytes.writeUInt32LE(value, 14 + 4 * i));
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

/**
 * Two class folders: a PNG for sharp, a BMP for the pixel thread.
 * @param {Archive} archive
 * @param {string} folder
 */
function writePhotos(archive, folder) {
  for (const name of ['a', 'b']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'a', 'icon.png'), archive.read('assets/icon.png'));
  writeFileSync(join(folder, 'b', 'small.bmp'), smallBmp());
}

/** What the packaged program must answer, run by plain Node. @type {readonly [string[], RegExp][]} */
const questions = [
  [['build/core/cli.js', '--version'], /^\d+\.\d+\.\d+/],
  [['build/core/cli.js', 'summary', 'scratch', '--json'], /"params":3453121\b/],
  [['build/core/cli.js', 'doctor', '--json'], /"engine":"tensorflow".*"selfTest":"passed"/],
  [
    ['build/core/cli.js', 'import', '../photos', '--project', '../project', '--json'],
    /"images":2,"classes":\["a","b"\]/,
  ],
  [['--input-type=module', '-e', 'console.log(typeof (await import("heic-decode")).default)'], /^function/],
  [
    [
      '--input-type=module',
      '-e',
      'console.log((await import("onnxruntime-node")).default.env.versions.node)',
    ],
    /^\d+\.\d+\.\d+/,
  ],
  [
    [
      '--input-type=module',
      '-e',
      'import { createRequire } from "node:module"; const { statSync } = await import("node:fs"); console.log(typeof (await import("@litertjs/core")).loadLiteRt, statSync(createRequire(import.meta.url).resolve("@litertjs/core/wasm/litert_wasm_internal.wasm")).size)',
    ],
    /^function \d{7}/,
  ],
];

/**
 * Starts the core process as the window does, without saying anything to it, and lets go of it.
 * @param {string} node
 * @param {string} program the folder of the program
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | null>} what is wrong
 */
async function holdCore(node, program, env) {
  const file = join(program, 'build', 'core', 'core-process.js');
  const child = spawn(node, [file], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.on('data', (/** @type {Buffer} */ chunk) => (said += chunk.toString()));
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  const early = await Promise.race([ended, wait(3000, null, { ref: false })]);
  if (early !== null) return `it ended with ${early}: ${said}`;
  child.disconnect();
  const code = await Promise.race([ended, wait(20_000, 'no end', { ref: false })]);
  if (code === 0 && said === '') return null;
  child.kill('SIGKILL');
  return `it ended with ${code}: ${said}`;
}

/**
 * Runs the packaged program from a place of its own, with the Node that is in it: core process, command line, engine,
 * decoders.
 * @param {Archive} archive
 * @param {string} resources the folder that holds the archive
 * @returns {AsyncGenerator<Result>}
 */
export async function* runPackaged(archive, resources) {
  const folder = mkdtempSync(join(tmpdir(), 'lenslet-packaged-'));
  try {
    const program = join(folder, 'resources', 'app.asar.unpacked');
    linkFolder(resources, join(folder, 'resources'));
    const node = join(folder, 'resources', 'node', process.platform === 'win32' ? 'node.exe' : 'node');
    mkdirSync(program, { recursive: true });
    const inside = existsSync(join(resources, 'backbones', defaultBackbone));
    writePhotos(archive, join(folder, 'resources', 'photos'));
    const env = {
      ...process.env,
      LENSLET_HOME: join(folder, 'home'),
      LENSLET_CACHE: join(folder, 'cache'),
    };
    yield { name: 'its core starts and ends', problem: await holdCore(node, program, env) };
    const proof = /** @type {const} */ ([
      ['build/core/cli.js', 'backbones', 'verify', defaultBackbone, '--json'],
      /"known":"published","proved":true/,
    ]);
    for (const [words, expected] of inside ? [...questions, proof] : questions) {
      const result = await runCommand(node, words, { cwd: program, env, limitSeconds: 180 });
      const right = result.code === 0 && expected.test(result.output);
      const problem = right ? null : `exit code ${result.code}: ${lastLines(result.output, 4)}`;
      yield { name: `it runs: ${words.join(' ').replace('build/core/cli.js', 'lenslet')}`, problem };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
