/** The web server against whoever holds on to a connection: strangers, slow senders, readers who never read. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { os } from '@orpc/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Limits } from '../../../../src-main/hosts/web/limits.ts';
import { startWebServer, type Served, type WebServer } from '../../../../src-main/hosts/web/web-server.ts';
import { enterWeb, type WebVisit } from '../../../fixtures/web-visit.ts';

let folder: string;
let server: WebServer | null = null;
const sockets: Socket[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-strangers-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>the page');
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server?.close();
  server = null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readAll(request: Request): Promise<Response> {
  try {
    let bytes = 0;
    for await (const chunk of request.body ?? []) bytes += chunk.length;
    return new Response(String(bytes));
  } catch (error) {
    return new Response((error as Error).message, { status: 400 });
  }
}

async function start(limits: Partial<Limits> = {}, served: Partial<Served> = {}): Promise<number> {
  const all = { router: { echo: os.handler(({ input }): unknown => input) }, media: readAll, ...served };
  server = await startWebServer({ served: all, rendererFolder: folder, host: '127.0.0.1', port: 0, limits });
  return Number(new URL(server.address).port);
}

/** A raw connection that says something and never ends by itself. */
async function hold(
  port: number,
  text = '',
): Promise<{ socket: Socket; heard: () => string; ended: Promise<void> }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close']) socket.once(event, () => resolve());
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(text);
  return { socket, heard: () => heard, ended };
}

const upgrade = (port: number, more = ''): string =>
  `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n${more}\r\n`;

/** Resolves when the other end is really gone: something is written into nothing. */
async function gone(socket: Socket): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const poke = setInterval(() => socket.write('x'), 5);
  await closed;
  clearInterval(poke);
}

describe('a refused upgrade', () => {
  test('is destroyed after its refusal although the stranger keeps the connection', async () => {
    const port = await start({ refusal: 50 });
    const strangers = await Promise.all(Array.from({ length: 200 }, () => hold(port, upgrade(port))));
    const refused = strangers.filter(({ heard }) => heard() !== '');
    await Promise.all(strangers.map(({ socket }) => gone(socket)));
    for (const { heard } of refused) expect(heard()).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
  });

  test('with bytes still coming is read no further, and its sender gets the answer', async () => {
    const port = await start({ refusal: 50 });
    const { socket, heard } = await hold(port, upgrade(port) + 'x'.repeat(200_000));
    await gone(socket);
    expect(heard()).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('that is never read keeps nobody from closing', async () => {
    const port = await start();
    const { socket, ended } = await hold(port, upgrade(port));
    socket.pause();
    await server!.close();
    socket.resume();
    await ended;
  });
});

describe('strangers', () => {
  test('who never finish their headers are let go', async () => {
    const port = await start({ headers: 200 });
    const slow = await hold(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`);
    const silent = await hold(port);
    await Promise.all([slow.ended, silent.ended]);
    expect(slow.heard()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('are only so many, and the user comes in all the same', async () => {
    const port = await start({ strangers: 8 });
    const held = await Promise.all(Array.from({ length: 40 }, () => hold(port, 'GET / HTTP/1.1\r\n')));
    await Promise.all(held.slice(0, 32).map(({ ended }) => ended));
    const { headers } = await enterWeb(server!.url);
    expect(await (await fetch(server!.address, { headers })).text()).toContain('the page');
  });

  test('who send a body after their refusal are cut off', async () => {
    const port = await start({ refusal: 50 });
    const { socket, heard } = await hold(
      port,
      `PUT /upload/u?path=a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 1000000\r\n\r\nx`,
    );
    await gone(socket);
    expect(heard()).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('uploads', () => {
  const put = (port: number, length: number, headers: WebVisit['headers']): string =>
    `PUT /upload/u?path=a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\n` +
    `Cookie: ${headers.cookie}\r\nLenslet-Key: ${headers['lenslet-key']}\r\nContent-Length: ${length}\r\n\r\n`;

  test('may take any time as long as something comes', async () => {
    const port = await start({ headers: 200, upload: { bytes: 1, milliseconds: 400 } });
    const { headers } = await enterWeb(server!.url);
    const { socket, heard } = await hold(port, put(port, 30, headers));
    // Longer than any limit of the whole.
    for (let sent = 0; sent < 30; sent++) {
      socket.write('x');
      await wait(50);
    }
    await expect.poll(heard).toMatch(/^HTTP\/1\.1 200 OK[^]*\r\n\r\n(2\r\n)?30/);
  });

  test('that come to a standstill are refused with their reason, and the connection ends', async () => {
    const port = await start({ upload: { bytes: 1000, milliseconds: 100 } });
    const { headers } = await enterWeb(server!.url);
    const { socket, heard } = await hold(port, put(port, 1_000_000, headers) + 'x');
    await gone(socket);
    expect(heard()).toMatch(/^HTTP\/1\.1 400 [^]*arrives too slowly/);
  });

  test('wait for a slow disk without losing patience', async () => {
    const media = async (request: Request): Promise<Response> => {
      await wait(400);
      return readAll(request);
    };
    const port = await start({ upload: { bytes: 10, milliseconds: 100 } }, { media });
    const { headers } = await enterWeb(server!.url);
    const { heard } = await hold(port, put(port, 5, headers) + 'whole');
    await expect.poll(heard).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('a page that never reads', () => {
  test('is let go in the middle of an answer', async () => {
    const big = async (): Promise<Response> => new Response(new Uint8Array(64 * 1024 * 1024));
    const port = await start({ reader: 100 }, { media: big });
    const visit = await enterWeb(server!.url);
    const { headers } = visit;
    const { socket, ended } = await hold(port);
    socket.pause();
    socket.write(
      `GET /${visit.picture('media/thumbnail/1')} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${headers.cookie}\r\n\r\n`,
    );
    await gone(socket);
    await ended;
  });

  test('gets no event before it took the one before', async () => {
    let made = 0;
    const ticks = os.handler(async function* () {
      for (; made < 100_000; made++) yield 'x'.repeat(65_536);
    });
    await start({}, { router: { ticks } });
    const visit = await enterWeb(server!.url);
    const socket = visit.connect();
    await new Promise((resolve) => socket.once('open', resolve));
    socket.pause();
    socket.send(JSON.stringify({ i: '1', p: { u: '/ticks', b: {} } }));
    await expect.poll(() => made).toBeGreaterThan(0);
    let before = -1;
    // Until it stands still.
    await expect
      .poll(
        () => {
          const still = made === before;
          before = made;
          return still;
        },
        { interval: 300 },
      )
      .toBe(true);
    expect(made).toBeLessThan(1000);
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('other methods', () => {
  test.each([
    ['TRACE', '/'],
    ['OPTIONS', '/'],
    ['OPTIONS', '*'],
    ['PROPFIND', '/media/thumbnail/1'],
    ['POST', '/rpc'],
    ['DELETE', '/upload/u?path=a'],
    ['GET', '/upload/u?path=a'],
    ['PUT', '/index.html'],
    ['CONNECT', 'example.org:443'],
  ])('%s %s is not allowed, and what is stands in the answer', async (method, target) => {
    const port = await start({ refusal: 50 });
    const { headers } = await enterWeb(server!.url);
    for (const cookie of ['', `Cookie: ${headers.cookie}\r\n`]) {
      const { heard } = await hold(
        port,
        `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${cookie}\r\n`,
      );
      await expect.poll(heard).toMatch(/^HTTP\/1\.1 405 [^]*\r\nallow: (GET, HEAD|PUT)\r\n/i);
    }
  });
});

test('a link in the page’s folder leads to nothing outside it', async () => {
  const secret = join(folder, '..', `secret-${process.pid}`);
  writeFileSync(secret, 'secret');
  symlinkSync(secret, join(folder, 'link.txt'));
  symlinkSync(join(folder, '..'), join(folder, 'up'));
  symlinkSync(join(folder, 'index.html'), join(folder, 'inner.html'));
  try {
    await start();
    const { headers } = await enterWeb(server!.url);
    const get = (path: string): Promise<Response> => fetch(server!.address + path, { headers });
    expect((await get('link.txt')).status).toBe(404);
    expect((await get(`up/secret-${process.pid}`)).status).toBe(404);
    expect(await (await get('inner.html')).text()).toContain('the page');
  } finally {
    rmSync(secret);
  }
});

describe('closing', () => {
  test('ends whoever holds on: strangers, readers who never read, half-sent uploads, sockets', async () => {
    const port = await start();
    const visit = await enterWeb(server!.url);
    const { headers } = visit;
    const open = visit.connect();
    await new Promise((resolve) => open.once('open', resolve));
    const held = await Promise.all([
      hold(port),
      hold(port, upgrade(port)),
      hold(port, 'GET / HT'),
      hold(
        port,
        `PUT /upload/u?path=a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nCookie: ${headers.cookie}\r\nLenslet-Key: ${headers['lenslet-key']}\r\nContent-Length: 9\r\n\r\nx`,
      ),
    ]);
    await server!.close();
    await Promise.all(held.map(({ socket }) => gone(socket)));
    expect(open.readyState).not.toBe(WebSocket.OPEN);
  });

  test('sends answers under way first and takes in nothing new', async () => {
    let answer = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (answer = resolve));
    let asked = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    const media = async (): Promise<Response> => (asked(), await waiting, new Response('whole'));
    const port = await start({ closing: 60_000 }, { media });
    const visit = await enterWeb(server!.url);
    const { headers } = visit;
    const underWay = fetch(server!.address + visit.picture('media/thumbnail/1'), { headers });
    await arrived;
    server!.drain();
    await expect(fetch(server!.address)).rejects.toThrow();
    await new Promise<void>((refused) => connect(port, '127.0.0.1').once('error', () => refused()));
    const closed = server!.close();
    answer();
    expect(await (await underWay).text()).toBe('whole');
    await closed;
  });
});
