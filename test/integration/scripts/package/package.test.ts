/** The package: that the checks find what is wrong, and that ours is right as far as this machine can tell. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkPackage } from '../../../../scripts/package/check-package.mjs';
import { productionPackages } from '../../../../scripts/package/licences.mjs';

const root = resolve(import.meta.dirname, '..', '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'lenslet-package-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Asar {
  createPackageWithOptions(from: string, to: string, options: object): Promise<void>;
}
const fromBuilder = createRequire(createRequire(import.meta.url).resolve('app-builder-lib/package.json'));
const asar = fromBuilder('@electron/asar') as Asar;

/** An unpacked program in which everything is wrong. */
async function makeWrongProgram(): Promise<string> {
  const app = join(folder, 'app');
  const files = {
    'package.json': '{"main":"build/main/nothing.js"}',
    'build/renderer/index.html': '<script src="./assets/lost.js"></script>',
    'src-main/hosts/cli.ts': '',
    'node_modules/vite/package.json': '{}',
    'node_modules/@img/sharp-linux-x64/lib/sharp.node': 'packed',
    'assets/icon.png': 'not a picture',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(app, path, '..'), { recursive: true });
    writeFileSync(join(app, path), text);
  }
  const program = join(folder, 'program');
  mkdirSync(join(program, 'resources'), { recursive: true });
  writeFileSync(join(program, 'lenslet-desktop'), 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0009101100010');
  await asar.createPackageWithOptions(app, join(program, 'resources', 'app.asar'), {});
  return program;
}

test('each check finds what it is for', async () => {
  const problems: Record<string, string | null> = {};
  for await (const { name, problem } of checkPackage(root, await makeWrongProgram())) {
    problems[name] = problem;
  }
  expect(problems['entry points and page']).toMatch(
    /build\/main\/nothing\.js.*build\/core\/cli\.js.*lost\.js/,
  );
  expect(problems['nothing that does not belong']).toContain('development dependencies vite');
  expect(problems['places of the files']).toMatch(/plain Node cannot read: build/);
  expect(problems['native parts']).toMatch(/missing .*tfjs_binding/);
  expect(problems['fuses']).toBe('they are 101100010');
  expect(problems['licences and command']).toContain('licences/third-party.txt');
  const runs = Object.entries(problems).filter(([name]) => name.startsWith('it runs'));
  expect(runs.length).toBeGreaterThanOrEqual(5);
  for (const [name, problem] of runs) expect(problem, name).toMatch(/exit code [1-9]/);
  expect(problems['its core starts and ends']).toMatch(/it ended with/);
});

test('the licence list names everything that is shipped, with its licence', () => {
  const packages = productionPackages(root);
  const byName = new Map(packages.map(({ name, licence }) => [name, licence]));
  expect(byName.get('libheif-js')).toMatch(/LGPL/);
  expect(byName.get('sharp')).toBe('Apache-2.0');
  expect([...byName.keys()]).not.toContain('vitest');
  expect(packages.filter(({ licence }) => licence === 'see its files').map(({ name }) => name)).toEqual([]);
});

test(
  'npm run package builds a program that is right and runs from itself alone',
  { timeout: 600_000 },
  async () => {
    const child = spawn(process.execPath, [join(root, 'scripts', 'package.mjs'), '--check'], { cwd: root });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise((done) => child.once('close', done));
    expect(code, output).toBe(0);
    expect(output).not.toContain('WRONG');
    for (const check of [
      'configuration',
      'entry points',
      'native parts',
      'places of the files',
      'fuses',
      'size',
      'its core starts',
      'it runs: lenslet doctor',
    ]) {
      expect(output).toMatch(new RegExp(`ok +${check}`));
    }
    expect(output).toContain('not checked: whether Electron starts the window');
    expect(existsSync(join(root, 'dist', 'check'))).toBe(false);
  },
);
