/** Electron's binary, by its own packages, from a server on this machine that does it right, wrong, or not at all. */
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ensureElectron } from '../../../../scripts/setup/electron-binary.mjs';
import { createReporter } from '../../../../scripts/setup/reporter.mjs';
import { type ArchiveServer, sendFile, sendPart, startServer } from './archive-server.ts';

const version = '45.1.2';
const file = `electron-v${version}-${process.platform}-${process.arch}.zip`;
const executable =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string] ??
  'electron';
const archive = Buffer.from(
  zipSync({
    [executable]: [strToU8('#!/bin/sh'), { attrs: 0o100_755 << 16, os: 3 }],
    version: strToU8(version),
    'resources/padding': [randomBytes(200_000), { level: 0 }],
  }),
);
const half = archive.length >> 1;
const modules = join(import.meta.dirname, '../../../../node_modules');

let folder: string;
let electron: string;
let written: string;
let server: ArchiveServer;
let paths: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-electron-'));
  electron = join(folder, 'node_modules', 'electron');
  mkdirSync(electron, { recursive: true });
  for (const name of ['@electron', '@electron-internal'])
    symlinkSync(join(modules, name), join(folder, 'node_modules', name), 'junction');
  writeFileSync(join(electron, 'package.json'), JSON.stringify({ name: 'electron', version }));
  const sha256 = createHash('sha256').update(archive).digest('hex');
  writeFileSync(join(electron, 'checksums.json'), JSON.stringify({ [file]: sha256 }));
  written = '';
  paths = [];
  answer = (request, response) => sendFile(archive, request, response);
  server = await startServer((request, response) => {
    paths.push(request.url!);
    answer(request, response);
  });
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) vi.stubEnv(name, '');
  vi.stubEnv('ELECTRON_MIRROR', server.url);
  vi.stubEnv('electron_config_cache', join(folder, 'electrons-own-cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function ensure(retry = false): Promise<string | null> {
  written = '';
  const stream = { write: (text: string) => (written += text) !== '' } as unknown as NodeJS.WritableStream;
  return ensureElectron({
    checkout: folder,
    cache: join(folder, 'cache'),
    node: process.execPath,
    retry,
    reporter: createReporter(stream),
  });
}

const left = (): string[] => {
  const place = join(folder, 'cache', 'downloads', `electron-${version}`);
  return existsSync(place) ? readdirSync(place) : [];
};

test('comes from the mirror in one line, runs, and is not asked for again', async () => {
  const path = await ensure();
  expect(path).toBe(join(electron, 'dist', executable));
  expect(readFileSync(path!, 'utf8')).toBe('#!/bin/sh');
  expect(readFileSync(join(electron, 'path.txt'), 'utf8')).toBe(executable);
  expect(paths).toEqual([`/v${version}/${file}`]);
  expect(written).toMatch(/^Downloading the Electron 45\.1\.2 window \(about 110 MB\) … [\d.]+ s\n$/);
  expect(left()).toEqual([]);
  expect(await ensure()).toBe(path);
  expect([written, paths.length]).toEqual(['', 1]);
});

test.each([
  ['a host without the file', 404, 'Not found', /the server has no electron-v.* \(HTTP status 404\)/],
  ['a host that refuses', 403, 'Forbidden', /the server has no electron-v.* \(HTTP status 403\)/],
  ['a page in the place of the file', 200, '<html>Please log in</html>', /is not the expected file/],
])('%s is told in two lines, remembered, and tried again when asked', async (_, status, text, reason) => {
  answer = (_request, response) => {
    response.statusCode = status;
    response.end(text);
  };
  expect(await ensure()).toBeNull();
  expect(written).toMatch(reason);
  expect(written).toMatch(
    /not done after [\d.]+ s: .*\n {2}→ Lenslet opens in the browser instead\. .*--retry.*\n$/,
  );
  expect(existsSync(join(electron, 'path.txt'))).toBe(false);
  const asked = paths.length;
  expect(await ensure()).toBeNull();
  expect([written, paths.length]).toEqual(['', asked]);
  answer = (request, response) => sendFile(archive, request, response);
  expect(await ensure(true)).toBe(join(electron, 'dist', executable));
});

test('another mirror or proxy is tried though the last one failed', async () => {
  answer = (_, response) => void response.writeHead(404).end();
  expect(await ensure()).toBeNull();
  answer = (request, response) => sendFile(archive, request, response);
  vi.stubEnv('ELECTRON_MIRROR', `${server.url}other/`);
  expect(await ensure()).not.toBeNull();
  expect(paths.at(-1)).toBe(`/other/v${version}/${file}`);
});

test('what a broken connection left is continued, also by the next start', async () => {
  answer = (request, response) => {
    // Each time only the first half arrives.
    sendPart(archive, half, request, response);
    setTimeout(() => response.destroy(), 50);
  };
  expect(await ensure()).toBeNull();
  expect(written).toContain('could not be downloaded');
  expect(left()).toEqual([`${file}.partial`]);
  answer = (request, response) => sendFile(archive, request, response);
  server.ranges.length = 0;
  expect(await ensure(true)).not.toBeNull();
  expect(server.ranges).toEqual([`bytes=${half}-`]);
});

test('an archive that cannot be unpacked leaves nothing that looks like Electron', async () => {
  const other = Buffer.from(zipSync({ version: strToU8(version) }));
  const sha256 = createHash('sha256').update(other).digest('hex');
  writeFileSync(join(electron, 'checksums.json'), JSON.stringify({ [file]: sha256 }));
  answer = (request, response) => sendFile(other, request, response);
  expect(await ensure()).toBeNull();
  expect(written).toContain(`Electron could not be unpacked (Error: ${file} holds no ${executable})`);
  expect(existsSync(join(electron, 'dist'))).toBe(false);
});

test('goes through the proxy that is named', async () => {
  vi.stubEnv('ELECTRON_MIRROR', 'http://mirror.invalid/');
  expect(await ensure()).toBeNull();
  vi.stubEnv('HTTPS_PROXY', server.url);
  let seen = '';
  server.server.on('connect', (request: IncomingMessage, socket: { end(text: string): void }) => {
    seen = request.url!;
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  expect(await ensure()).toBeNull();
  expect(seen).toBe('mirror.invalid:80');
});

test('a platform without an archive is told as that', async () => {
  writeFileSync(join(electron, 'checksums.json'), JSON.stringify({ 'electron-other.zip': '0' }));
  expect(await ensure()).toBeNull();
  expect(written).toContain(`Electron is not made for this computer (there is no ${file})`);
});
