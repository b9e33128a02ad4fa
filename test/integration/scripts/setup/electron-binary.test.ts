/** Electron's binary, with an install script that behaves as the real one does where its host is out of reach. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensureElectron } from '../../../../scripts/setup/electron-binary.mjs';
import { createReporter } from '../../../../scripts/setup/reporter.mjs';

let folder: string;
let electron: string;
let written: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-electron-'));
  electron = join(folder, 'node_modules', 'electron');
  mkdirSync(electron, { recursive: true });
  writeFileSync(join(electron, 'package.json'), JSON.stringify({ version: '1.2.3' }));
  written = '';
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(source: string): void {
  writeFileSync(join(electron, 'install.js'), source);
}

function ensure(retry = false): Promise<string | null> {
  const stream = { write: (text: string) => (written += text) !== '' } as unknown as NodeJS.WritableStream;
  const reporter = createReporter(stream);
  return ensureElectron({
    checkout: folder,
    cache: join(folder, 'cache'),
    node: process.execPath,
    retry,
    reporter,
  });
}

test('a failed download is told in two lines, remembered, and tried again only when asked', async () => {
  install(`console.error('TypeError: fetch failed\\n    at download'); process.exit(1)`);
  expect(await ensure()).toBeNull();
  expect(written).toMatch(
    /Downloading the Electron 1\.2\.3 window .* not done after .* \(TypeError: fetch failed\)\.\n {2}→ .*--retry\n$/,
  );

  written = '';
  expect(await ensure()).toBeNull();
  expect(written).toBe('');

  install(`
    const { mkdirSync, writeFileSync } = require('node:fs');
    mkdirSync(__dirname + '/dist');
    writeFileSync(__dirname + '/dist/electron', '');
    writeFileSync(__dirname + '/path.txt', 'electron');
  `);
  expect(await ensure(true)).toBe(join(electron, 'dist', 'electron'));
  written = '';
  expect(await ensure()).toBe(join(electron, 'dist', 'electron'));
  expect(written).toBe('');
});

test('the SHA-256 values of the locked package are used, whatever the environment asks for', async () => {
  vi.stubEnv('electron_use_remote_checksums', '1');
  vi.stubEnv('npm_config_electron_use_remote_checksums', '1');
  install(`
    console.error('Error: ' + Object.keys(process.env).filter((name) => name.includes('checksums')).join() + '!');
    process.exit(1);
  `);
  await ensure();
  vi.unstubAllEnvs();
  expect(written).toContain('(Error: !)');
});
