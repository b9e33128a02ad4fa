// @ts-check
/** The checks that run the packaged program. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultBackbone } from '../setup/backbone.mjs';
import { lastLines, runCommand } from '../setup/run-command.mjs';
import { layOut } from './archive.mjs';

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
  [['build/main/cli.js', '--version'], /^\d+\.\d+\.\d+/],
  [['build/main/cli.js', 'summary', 'scratch', '--json'], /"params":3453121\b/],
  [['build/main/cli.js', 'doctor', '--json'], /"engine":"tensorflow".*"selfTest":"passed"/],
  [
    ['build/main/cli.js', 'import', '../photos', '--project', '../project', '--json'],
    /"images":2,"classes":\["a","b"\]/,
  ],
  [['--input-type=module', '-e', 'console.log(typeof (await import("heic-decode")).default)'], /^function/],
];

/**
 * Runs the packaged program from a place of its own, with plain Node: command line, engine, decoders.
 * @param {Archive} archive
 * @param {string} resources the folder that holds the archive
 * @param {string} node
 * @returns {AsyncGenerator<Result>}
 */
export async function* runPackaged(archive, resources, node) {
  const folder = mkdtempSync(join(tmpdir(), 'lenslet-packaged-'));
  try {
    // The names of a package, as the program finds its pretrained network beside its archive.
    layOut(archive, join(folder, 'app.asar'));
    const inside = existsSync(join(resources, 'backbones', defaultBackbone));
    if (inside) symlinkSync(join(resources, 'backbones'), join(folder, 'backbones'));
    writePhotos(archive, join(folder, 'photos'));
    const proof = /** @type {const} */ ([
      ['build/main/cli.js', 'backbones', 'verify', defaultBackbone, '--json'],
      /"known":"published","proved":true/,
    ]);
    for (const [words, expected] of inside ? [...questions, proof] : questions) {
      const result = await runCommand(node, words, {
        cwd: join(folder, 'app.asar'),
        env: { ...process.env, LENSLET_HOME: join(folder, 'home'), LENSLET_CACHE: join(folder, 'cache') },
        limitSeconds: 180,
      });
      const right = result.code === 0 && expected.test(result.output);
      const problem = right ? null : `exit code ${result.code}: ${lastLines(result.output, 4)}`;
      yield { name: `it runs: ${words.join(' ').replace('build/main/cli.js', 'lenslet')}`, problem };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
