/** Downloads of files with a pinned SHA-256, from a server on this machine that does it right, wrong, or not at all. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type IncomingMessage, type ServerResponse, request as ask } from 'node:http';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fetchPinned } from '../../../../scripts/setup/pinned-file.mjs';
import { type ArchiveServer, sendFile, sendPart, startServer } from './archive-server.ts';

const bytes = randomBytes(300_000);
const half = 150_000;
const sha256 = createHash('sha256').update(bytes).digest('hex');
let folder: string;
let target: string;
let server: ArchiveServer;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-pinned-'));
  target = join(folder, 'downloads', 'library.tar.gz');
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) vi.stubEnv(name, '');
  answer = (request, response) => sendFile(bytes, request, response);
  server = await startServer((request, response) => answer(request, response));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const order = () => ({
  node: process.execPath,
  url: `${server.url}library.tar.gz`,
  sha256,
  target,
  maxBytes: 1_000_000,
});
const inFolder = (): string[] => readdirSync(join(folder, 'downloads'));

/** Waits until what a download has written is there. */
const arrived = (size: number): Promise<void> =>
  vi.waitFor(() => expect(statSync(`${target}.partial`).size).toBe(size), { timeout: 60_000 });

test('puts a file with the expected SHA-256 in its place', async () => {
  await fetchPinned(order());
  expect(readFileSync(target).equals(bytes)).toBe(true);
  expect(inFolder()).toEqual(['library.tar.gz']);
});

test('refuses a file with another SHA-256, says both values, and keeps nothing of it', async () => {
  const other = Buffer.concat([bytes.subarray(1), Buffer.from([0])]);
  answer = (request, response) => sendFile(other, request, response);
  const received = createHash('sha256').update(other).digest('hex');
  await expect(fetchPinned(order())).rejects.toMatchObject({
    reason: `the downloaded library.tar.gz is not the expected file. Expected SHA-256: ${sha256}. Received: ${received}`,
    remedy: expect.stringContaining('please report both') as string,
  });
  expect(inFolder()).toEqual([]);
});

test('refuses a file that a mirror holds cut short', async () => {
  answer = (request, response) => sendFile(bytes.subarray(0, half), request, response);
  await expect(fetchPinned(order())).rejects.toMatchObject({
    reason: expect.stringContaining('is not the expected file') as string,
  });
  expect(inFolder()).toEqual([]);
});

test('continues where a connection broke off', async () => {
  answer = (request, response) => {
    if (server.ranges.length > 1) return sendFile(bytes, request, response);
    sendPart(bytes, half, request, response);
    void arrived(half).then(() => response.destroy());
  };
  await fetchPinned(order());
  expect(server.ranges).toEqual(['', `bytes=${half}-`]);
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test('gives up a connection that always breaks off, and the next set-up starts over where ranges are unknown', async () => {
  answer = (_, response) => {
    response.setHeader('content-length', bytes.length);
    response.write(bytes.subarray(0, half), () => response.destroy());
  };
  await expect(fetchPinned(order())).rejects.toMatchObject({
    reason: expect.stringContaining('could not be downloaded') as string,
    remedy: expect.stringContaining('HTTPS_PROXY') as string,
  });
  expect(existsSync(target)).toBe(false);
  answer = (_, response) => void response.end(bytes);
  await fetchPinned(order());
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test('starts over when what an earlier download left does not belong to the file', async () => {
  mkdirSync(join(folder, 'downloads'));
  writeFileSync(`${target}.partial`, randomBytes(half));
  await fetchPinned(order());
  expect(server.ranges).toEqual([`bytes=${half}-`, '']);
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test('uses a whole file that an earlier set-up left, and fetches it anew when it has changed', async () => {
  await fetchPinned(order());
  await fetchPinned(order());
  expect(server.ranges).toHaveLength(1);
  writeFileSync(target, 'changed');
  await fetchPinned(order());
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test('a set-up that is killed leaves no process behind, and the next one continues', async () => {
  const closed = new Promise<void>((done) => {
    answer = (request, response) => {
      response.on('close', done);
      sendPart(bytes, half, request, response);
    };
  });
  const module = pathToFileURL(join(import.meta.dirname, '../../../../scripts/setup/pinned-file.mjs')).href;
  const script = `import(${JSON.stringify(module)}).then((it) => it.fetchPinned(${JSON.stringify(order())}))`;
  const setUp = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
  await arrived(half);
  setUp.kill('SIGKILL');
  await closed;
  answer = (request, response) => sendFile(bytes, request, response);
  await fetchPinned(order());
  expect(server.ranges).toEqual(['', `bytes=${half}-`]);
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test('a server without the file is reported with its status', async () => {
  answer = (_, response) => {
    response.statusCode = 404;
    response.end('no such file');
  };
  await expect(fetchPinned(order())).rejects.toMatchObject({
    reason: 'the server has no library.tar.gz (HTTP status 404)',
  });
  expect(inFolder()).toEqual([]);
});

test('a download larger than the file can be is ended', async () => {
  answer = (_, response) => {
    const more = (): void => void (response.destroyed || response.write(bytes, more));
    more();
  };
  await expect(fetchPinned(order())).rejects.toMatchObject({
    reason: 'the download of library.tar.gz is larger than the expected file can be (1 MB)',
  });
  expect(inFolder()).toEqual([]);
});

test('a server that stops sending is given up', async () => {
  answer = (request, response) => sendPart(bytes, half, request, response);
  await expect(fetchPinned({ ...order(), stallSeconds: 1 })).rejects.toMatchObject({
    reason: 'the download of library.tar.gz does not proceed',
  });
  expect(existsSync(target)).toBe(false);
});

test.each(['HTTP_PROXY', 'https_proxy'])('goes through the proxy that %s names', async (name) => {
  const seen: string[] = [];
  const { port } = new URL(server.url);
  const proxy = await startServer((request, response) => {
    seen.push(new URL(request.url!).hostname);
    ask({ port, path: '/library.tar.gz' }, (reply) => reply.pipe(response)).end();
  });
  proxy.server.on('connect', (request: IncomingMessage, socket: Socket) => {
    seen.push(request.url!.split(':')[0]);
    const onward = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  vi.stubEnv(name, proxy.url);
  await fetchPinned({ ...order(), url: 'http://library.invalid/library.tar.gz' });
  expect(seen).toEqual(['library.invalid']);
  expect(readFileSync(target).equals(bytes)).toBe(true);
  await proxy.close();
});
