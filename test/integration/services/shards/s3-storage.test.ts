/** Storage that speaks S3: a real server of that kind on this machine, and what can go wrong on the way to it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isResultName } from '../../../../src-main/services/shards/read-results.ts';
import { openStorage, parseStorageAddress } from '../../../../src-main/services/shards/s3-storage.ts';
import { pythonWith } from '../../../fixtures/python-environment.ts';
import { type RunningProgram, answers, freePort, startProgram } from '../../../fixtures/ready-server.ts';
import { codeOf } from '../../../fixtures/training-core.ts';

const { python, missing } = pythonWith('moto[server]==5.2.5');
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'lenslet-s3-'));
const programs: RunningProgram[] = [];
afterAll(async () => {
  for (const program of programs) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A server; with `strict` it knows no key at all. */
async function startServer(strict: boolean): Promise<string> {
  const port = await freePort();
  const environment = strict ? { INITIAL_NO_AUTH_ACTION_COUNT: '0' } : {};
  const words = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  programs.push(startProgram(python!, words, environment));
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/moto-api/`);
  return url;
}

const access = (url: string): NodeJS.ProcessEnv => ({
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_ENDPOINT_URL: url,
});

/** Stores a letter under a name that no client would send as it is. */
function putRaw(url: string, path: string): Promise<void> {
  const key =
    'AWS4-HMAC-SHA256 Credential=key/20261201/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=x';
  const lines = [
    `PUT ${path} HTTP/1.1`,
    'Host: x',
    'Content-Length: 1',
    `Authorization: ${key}`,
    'Connection: close',
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
      socket.write(`${lines.join('\r\n')}\r\n\r\nx`),
    );
    socket
      .resume()
      .once('close', () => resolve())
      .once('error', reject);
  });
}

test('addresses name a bucket and a path in it, and lead nowhere else', () => {
  expect(parseStorageAddress('s3://photos/traps/2026/')).toEqual({ bucket: 'photos', prefix: 'traps/2026' });
  expect(parseStorageAddress('s3://photos')).toEqual({ bucket: 'photos', prefix: '' });
  for (const address of ['s3://', 's3:///x', 's3://photos/../other', 's3://photos/a/../../b', 's3://p'])
    expect(() => parseStorageAddress(address)).toThrow(
      expect.objectContaining({ code: 'SHARD_STORAGE_INVALID' }),
    );
  expect(() => openStorage('s3://photos/x', {})).toThrow(
    expect.objectContaining({ code: 'SHARD_STORAGE_INVALID' }),
  );
});

test('only files named as results count as such', () => {
  for (const name of ['results.jsonl', 'results-0001.jsonl']) expect(isResultName(name)).toBe(true);
  for (const name of ['manifest.jsonl', 'results/../../x.jsonl', 'results\\..\\x.jsonl', 'results.json'])
    expect(isResultName(name)).toBe(false);
});

describe.skipIf(python === null)(`a server that speaks S3 ${missing ?? ''}`, () => {
  let url: string;
  beforeAll(async () => {
    url = await startServer(false);
    expect((await fetch(`${url}/photos`, { method: 'PUT' })).status).toBe(200);
  }, 180_000);

  test('large files go in parts and come back byte by byte; listings name what lies there', async () => {
    const storage = openStorage('s3://photos/traps/a', access(url));
    const [large, small] = [randomBytes(20 * 2 ** 20), Buffer.from('{}\n')];
    writeFileSync(join(folder, 'large'), large);
    writeFileSync(join(folder, 'small'), small);
    await storage.put('photos-000000.tar', join(folder, 'large'), signal);
    await storage.put('results.jsonl', join(folder, 'small'), signal);
    await storage.put('golden/one.png', join(folder, 'small'), signal);
    const head = await fetch(`${url}/photos/traps/a/photos-000000.tar`, { method: 'HEAD' });
    // What parts leave behind: the number of them.
    expect(head.headers.get('etag')).toMatch(/-3"?$/);
    expect((await storage.list(signal)).sort()).toEqual([
      'golden/one.png',
      'photos-000000.tar',
      'results.jsonl',
    ]);
    await storage.fetch('photos-000000.tar', join(folder, 'back'), signal);
    const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(hash(readFileSync(join(folder, 'back')))).toBe(hash(large));
  });

  test('an object whose name leads out of the address is refused', async () => {
    const storage = openStorage('s3://photos/evil', access(url));
    expect(await storage.list(signal)).toEqual([]);
    await putRaw(url, '/photos/evil/');
    expect(await storage.list(signal)).toEqual([]);
    await putRaw(url, '/photos/evil/../../up.jsonl');
    expect(await codeOf(storage.list(signal))).toBe('PATH_OUTSIDE');
    expect(await codeOf(storage.fetch('nothing.jsonl', join(folder, 'x'), signal))).toBe(
      'SHARD_RESULTS_MISSING',
    );
  });

  test('a server that is busy for a while is asked again; one that stays so is named', async () => {
    let failures = 2;
    const proxy: Server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        if (failures-- > 0) {
          response.writeHead(503).end();
          return;
        }
        const headers = { ...request.headers };
        delete headers.host;
        delete headers.connection;
        const body = parts.length === 0 ? {} : { body: Buffer.concat(parts) };
        const asked = {
          method: request.method ?? 'GET',
          headers: headers as Record<string, string>,
          ...body,
        };
        void fetch(`${url}${request.url}`, asked).then(async (answer) => {
          const length = answer.headers.get('content-length');
          const kept = length === null ? {} : { 'content-length': length };
          response.writeHead(answer.status, kept).end(Buffer.from(await answer.arrayBuffer()));
        });
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { port: number };
    const storage = openStorage('s3://photos/busy', access(`http://127.0.0.1:${port}`), [1, 1]);
    await storage.put('small', join(folder, 'small'), signal);
    await storage.fetch('small', join(folder, 'again'), signal);
    expect(readFileSync(join(folder, 'again'), 'utf8')).toBe('{}\n');
    failures = 100;
    expect(await codeOf(storage.put('small', join(folder, 'small'), signal))).toBe('SHARD_STORAGE_FAILED');
    proxy.close();
    proxy.closeAllConnections();
  });

  test('a key that is not known is refused in words, and so is a bucket that is not there', async () => {
    const strict = openStorage('s3://photos/x', access(await startServer(true)), []);
    expect(await codeOf(strict.put('small', join(folder, 'small'), signal))).toBe('SHARD_STORAGE_DENIED');
    const nowhere = openStorage('s3://no-such-bucket/x', access(url), []);
    expect(await codeOf(nowhere.put('small', join(folder, 'small'), signal))).toBe('SHARD_STORAGE_FAILED');
    const dead = openStorage('s3://photos/x', access(`http://127.0.0.1:${await freePort()}`), []);
    expect(await codeOf(dead.put('small', join(folder, 'small'), signal))).toBe('SHARD_STORAGE_FAILED');
  });
});
