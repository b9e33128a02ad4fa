/** The web host over real sockets: who gets in, who does not, and what travels. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { ORPCError, os, type RouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startWebServer, type WebServer } from '../../../../src-main/hosts/web/web-server.ts';
import { enterWeb, type WebVisit } from '../../../fixtures/web-visit.ts';

let server: WebServer;
let folder: string;
let cookie: string;
let visit: WebVisit;
let port: number;
const ticks = { running: 0 };
const uploads: { path: string; bytes: number }[] = [];

/** A router with one of each: an answer, a typed error, an endless stream. */
const router = {
  echo: os.handler(({ input }): unknown => input),
  fail: os.handler(() => {
    throw new ORPCError('DATASET_NO_IMAGES', {
      data: { code: 'DATASET_NO_IMAGES', kind: 'expected', params: { files: 3 } },
    });
  }),
  ticks: os.handler(async function* ({ signal }) {
    ticks.running++;
    try {
      for (let i = 0; !signal?.aborted; i++) {
        yield i;
        await wait(5);
      }
    } finally {
      ticks.running--;
    }
  }),
};

async function media(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method === 'PUT' && searchParams.get('path') === 'refused')
    return new Response('no', { status: 400 });
  if (request.method !== 'PUT') return new Response(pathname, { headers: { 'content-type': 'image/jpeg' } });
  let bytes = 0;
  for await (const chunk of request.body ?? []) bytes += chunk.length;
  uploads.push({ path: searchParams.get('path') ?? '', bytes });
  return new Response(null, { status: 204 });
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Plain HTTP without a browser's or fetch's own ideas about headers and paths. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const own = (): string => `http://127.0.0.1:${port}`;
const known = (more: Record<string, string> = {}): Record<string, string> => ({ cookie, ...more });
/** Our own page: cookie, key, origin. */
const page = (more: Record<string, string> = {}): Record<string, string> => ({ ...visit.headers, ...more });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lenslet-web-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>the page');
  server = await startWebServer({
    served: { router, media },
    rendererFolder: folder,
    host: '127.0.0.1',
    port: 0,
  });
  port = Number(new URL(server.address).port);
  visit = await enterWeb(server.url);
  cookie = visit.headers.cookie;
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('getting in', () => {
  test('the printed address sets the cookie and leads to the clean address', async () => {
    const answer = await send('GET', `/?token=${new URL(server.url).searchParams.get('token')}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toMatch(/^\/#key=[\w-]{43}\.[\w-]{22}$/);
    expect(answer.headers['set-cookie']![0]).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await send('GET', '/', { cookie })).text).toContain('the page');
  });

  test.each(['/', '/index.html', '/media/thumbnail/1', '/?token=wrong', '/?token='])(
    'without the cookie %s is a friendly 401',
    async (path) => {
      const answer = await send('GET', path);
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('Open the address it printed');
      expect(answer.text).not.toContain('the page');
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  test('the token opens the front page only, not a picture or an upload', async () => {
    const { search } = new URL(server.url);
    expect((await send('GET', `/media/thumbnail/1${search}`)).status).toBe(401);
    expect((await send('PUT', `/upload/u${search}&path=a`, { origin: own() }, 'x')).status).toBe(401);
  });

  test('a ticket works once', async () => {
    const { search } = new URL(server.ticketUrl());
    expect((await send('GET', `/${search}`)).status).toBe(303);
    expect((await send('GET', `/${search}`)).status).toBe(401);
  });

  test('the old address with a wrong token still leads a known browser to the page', async () => {
    const answer = await send('GET', '/?token=old', { cookie });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('a click from another site is tried again by the page itself, once', async () => {
    const refresh = /http-equiv="refresh"/;
    expect((await send('GET', '/', { 'sec-fetch-site': 'cross-site' })).text).toMatch(refresh);
    expect((await send('GET', '/', { 'sec-fetch-site': 'same-origin' })).text).not.toMatch(refresh);
  });
});

describe('keeping others out', () => {
  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1/;'])(
    'the name "%s" is refused even with the cookie',
    async (host) => {
      expect((await send('GET', '/', known({ host }))).status).toBe(421);
    },
  );

  test.each([undefined, 'http://evil.example', 'null', 'http://127.0.0.1:1', 'https'])(
    'a PUT from %s is refused',
    async (given) => {
      const origin = given === 'https' ? own().replace('http', 'https') : given;
      const before = uploads.length;
      const answer = await send(
        'PUT',
        '/upload/u?path=a.jpg',
        { cookie, 'lenslet-key': visit.headers['lenslet-key'], ...(origin ? { origin } : {}) },
        'x',
      );
      expect(answer.status).toBe(403);
      expect(uploads).toHaveLength(before);
    },
  );

  test.each(['POST', 'DELETE', 'PATCH'])('%s on the page is refused', async (method) => {
    expect((await send(method, '/index.html', known({ origin: own() }))).status).toBe(405);
  });

  test.each(['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/..%2f..%2f..%2fetc/passwd', '/%00'])(
    '%s leads nowhere',
    async (path) => {
      const answer = await send('GET', path, known());
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain('root:');
    },
  );

  test('media/../ cannot reach the files, nor the other way round', async () => {
    expect((await send('GET', '/media/../index.html', known())).text).toContain('the page');
    expect(
      (await send('GET', `/${visit.picture('assets/../media/thumbnail/1')}`, known())).headers[
        'content-type'
      ],
    ).toBe('image/jpeg');
    expect((await send('GET', '/media/../index.html')).status).toBe(401);
  });

  test('a malformed address does not bring the server down', async () => {
    expect((await send('GET', '//', known())).status).toBeGreaterThanOrEqual(400);
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end('GET http://[bad HTTP/1.1\r\n\r\n'));
      socket.on('close', () => resolve()).on('error', () => resolve());
      socket.resume();
    });
    expect((await send('GET', '/', known())).status).toBe(200);
  });

  test('every answer carries the policy: page, picture, refusal', async () => {
    const answers = [
      await send('GET', '/', known()),
      await send('GET', `/${visit.picture('media/thumbnail/1')}`, known()),
      await send('GET', '/'),
    ];
    for (const { headers } of answers) {
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port};`);
      expect(policy).not.toMatch(/\*|https?:|unsafe-eval/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['permissions-policy']).toContain('camera=(self)');
    }
  });
});

describe('another server of this machine, which gets the cookie from the browser', () => {
  test('can open no socket with it', async () => {
    const stolen = known({ origin: own() });
    expect(await upgrade(stolen, '/rpc', [])).toBe(401);
    expect(await upgrade(stolen, '/rpc', ['lenslet'])).toBe(401);
    expect(await upgrade(stolen, '/rpc', ['lenslet', `key.${'A'.repeat(43)}`])).toBe(401);
    const cookieOnly = cookie.split('=')[1];
    expect(await upgrade(stolen, '/rpc', ['lenslet', `key.${cookieOnly}`])).toBe(401);
  });

  test('can upload nothing with it', async () => {
    const before = uploads.length;
    for (const more of [
      {} as Record<string, string>,
      { 'lenslet-key': '' },
      { 'lenslet-key': cookie.split('=')[1] },
    ]) {
      const answer = await send('PUT', '/upload/u?path=a.jpg', known({ origin: own(), ...more }), 'x');
      expect(answer.status).toBe(401);
    }
    expect(uploads).toHaveLength(before);
  });

  test('can read no picture with it, and is not given the keys', async () => {
    for (const path of ['/media/thumbnail/1', '/~/media/thumbnail/1', '/~AAAA/media/thumbnail/1']) {
      const answer = await send('GET', path, known());
      expect([path, answer.headers['content-type']]).not.toEqual([path, 'image/jpeg']);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    for (const path of ['/', '/index.html', '/?token=', '/?token=wrong']) {
      const { headers, text } = await send('GET', path, known());
      expect(JSON.stringify([headers, text])).not.toContain('key=');
    }
  });

  test('and its pages can show none either, whatever they know', async () => {
    const path = `/${visit.picture('media/thumbnail/1')}`;
    for (const site of ['same-site', 'cross-site'])
      expect((await send('GET', path, known({ 'sec-fetch-site': site }))).status).toBe(403);
    for (const site of ['same-origin', 'none'])
      expect((await send('GET', path, known({ 'sec-fetch-site': site }))).status).toBe(200);
    expect((await send('GET', path)).status).toBe(401);
  });
});

describe('a page', () => {
  test('lies below its key too, and below an old one leads to where it lies now', async () => {
    expect((await send('GET', `/${visit.picture('')}`, known())).text).toContain('the page');
    const old = await send('GET', '/~AAAAAAAAAAAAAAAAAAAAAA/', known());
    expect([old.status, old.headers.location]).toEqual([303, '/']);
    expect((await send('GET', `/${visit.picture('')}`)).status).toBe(401);
  });

  test('whose socket was refused can ask whether it is known', async () => {
    expect((await send('HEAD', '/rpc', page())).status).toBe(204);
    expect((await send('HEAD', '/rpc', known())).status).toBe(401);
    expect((await send('HEAD', '/rpc')).status).toBe(401);
  });
});

describe('uploads', () => {
  test('arrive whole', async () => {
    const answer = await send('PUT', '/upload/u?path=cats%2Fa.jpg', page(), 'x'.repeat(3_000_000));
    expect(answer.status).toBe(204);
    expect(uploads.at(-1)).toEqual({ path: 'cats/a.jpg', bytes: 3_000_000 });
  });

  test('are read only as fast as they are taken', async () => {
    const slow = await startWebServer({
      served: { router, media: async () => (await wait(1500), new Response(null, { status: 204 })) },
      rendererFolder: folder,
      host: '127.0.0.1',
      port: 0,
    });
    try {
      const at = new URL(slow.url);
      const { headers } = await enterWeb(slow.url);
      const socket = connect(Number(at.port), '127.0.0.1');
      const size = 64 * 1024 * 1024;
      socket.write(
        `PUT /upload/u?path=a HTTP/1.1\r\nHost: ${at.host}\r\nOrigin: ${at.origin}\r\nCookie: ${headers.cookie}\r\nLenslet-Key: ${headers['lenslet-key']}\r\nContent-Length: ${size}\r\n\r\n`,
      );
      socket.write(Buffer.alloc(size));
      await wait(700);
      // The kernel's buffers take some; the rest waits at the sender instead of in the server's memory.
      expect(socket.writableLength).toBeGreaterThan(size / 2);
      socket.destroy();
    } finally {
      await slow.close();
    }
  });

  test('that are refused early still get their answer', async () => {
    const answer = await send('PUT', '/upload/u?path=refused', page(), 'x'.repeat(5_000_000));
    expect([answer.status, answer.text]).toEqual([400, 'no']);
  });
});

/** How the server answers an upgrade: `open`, or the status of its refusal. */
function upgrade(
  headers: Record<string, string>,
  path = '/rpc',
  protocols: string[] = [...visit.protocols],
): Promise<'open' | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
    socket.on('open', () => {
      resolve('open');
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

describe('the socket', () => {
  test('opens for our own page only', async () => {
    expect(await upgrade(known({ origin: own() }))).toBe('open');
    expect(await upgrade({ origin: own() })).toBe(401);
    expect(await upgrade({ origin: own(), cookie: cookie.replace(/.$/, '~') })).toBe(401);
    expect(await upgrade(known())).toBe(403);
    expect(await upgrade(known({ origin: 'http://evil.example' }))).toBe(403);
    expect(await upgrade(known({ origin: own().replace('http', 'https') }))).toBe(403);
    expect(await upgrade(known({ origin: own(), host: 'evil.example' }))).toBe(421);
    expect(await upgrade(known({ origin: own() }), '/other')).toBe(404);
  });

  test('carries answers, typed errors and streams that end with their reader', async () => {
    const socket = visit.connect();
    const client: RouterClient<typeof router> = createORPCClient(new RPCLink({ websocket: socket }));
    expect(await client.echo({ name: 'Übung 猫', list: [1, 2] })).toEqual({ name: 'Übung 猫', list: [1, 2] });
    await expect(client.fail()).rejects.toMatchObject({
      code: 'DATASET_NO_IMAGES',
      data: { params: { files: 3 } },
    });
    const seen: number[] = [];
    for await (const tick of await client.ticks()) {
      seen.push(tick);
      if (tick === 3) break;
    }
    expect(seen).toEqual([0, 1, 2, 3]);
    await expect.poll(() => ticks.running).toBe(0);
    // A page that goes away without a word ends its streams too.
    const iterator = (await client.ticks())[Symbol.asyncIterator]();
    await iterator.next();
    expect(ticks.running).toBe(1);
    socket.terminate();
    await expect.poll(() => ticks.running).toBe(0);
  });
});

describe('starting and ending', () => {
  test('a taken port is a clear error', async () => {
    const second = startWebServer({
      served: { router, media },
      rendererFolder: folder,
      host: '127.0.0.1',
      port,
    });
    await expect(second).rejects.toMatchObject({ code: 'SERVER_PORT_BUSY', params: { port } });
  });

  test('an address of another machine is a clear error', async () => {
    const other = startWebServer({
      served: { router, media },
      rendererFolder: folder,
      host: '192.0.2.1',
      port: 0,
    });
    await expect(other).rejects.toMatchObject({ code: 'SERVER_CANNOT_LISTEN' });
  });

  test('close ends open sockets and frees the port', async () => {
    const other = await startWebServer({
      served: { router, media },
      rendererFolder: folder,
      host: '127.0.0.1',
      port: 0,
    });
    const socket = (await enterWeb(other.url)).connect();
    await new Promise((resolve) => socket.on('open', resolve));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await other.close();
    await closed;
    await expect(fetch(other.address)).rejects.toThrow();
  });
});
