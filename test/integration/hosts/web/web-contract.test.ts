/** The whole core behind the web server: the contract over a real WebSocket, photos up and pictures down over HTTP. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { type ErrorData, AppError } from '../../../../src-main/contract/shared/errors.ts';
import {
  type AppEvent,
  type Contract,
  thumbnailAddress,
  uploadAddress,
} from '../../../../src-main/contract/app/index.ts';
import { createNodeCore } from '../../../../src-main/hosts/node/node-core.ts';
import { startWebServer, type WebServer } from '../../../../src-main/hosts/web/web-server.ts';
import type { Core } from '../../../../src-main/services/core.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import { enterWeb, type WebVisit } from '../../../fixtures/web-visit.ts';

const home = mkdtempSync(join(tmpdir(), 'lenslet-web-contract-'));
let homeBefore: string | undefined;
let core: Core;
let server: WebServer;
let headers: Record<string, string>;
let visit: WebVisit;
let client: ContractRouterClient<Contract>;
let socket: WebSocket;

beforeAll(async () => {
  homeBefore = process.env.LENSLET_HOME;
  process.env.LENSLET_HOME = home;
  await drawShapes(join(home, 'photos'), 4);
  core = createNodeCore('web');
  server = await startWebServer({ served: core, rendererFolder: home, host: '127.0.0.1', port: 0 });
  visit = await enterWeb(server.url);
  headers = visit.headers;
  socket = visit.connect();
  client = createORPCClient(new RPCLink({ websocket: socket }));
});

afterAll(async () => {
  socket.close();
  await server.close();
  await core.close();
  if (homeBefore === undefined) delete process.env.LENSLET_HOME;
  else process.env.LENSLET_HOME = homeBefore;
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function put(upload: string, path: string, body: Uint8Array | string): Promise<Response> {
  return fetch(server.address + uploadAddress(upload, path), {
    method: 'PUT',
    headers,
    body: body as BodyInit,
  });
}

/** The error the service meant, as the renderer sees it. */
async function failure(call: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ORPCError);
  return AppError.fromData((thrown as ORPCError<string, ErrorData>).data);
}

test('errors arrive with their code, their words and the place of a wrong input', async () => {
  const none = await failure(client.datasets.summary());
  expect([none.code, none.message]).toEqual(['PROJECT_NOT_OPEN', 'No project is open.']);
  expect((await failure(client.projects.open({ pick: 'pick-of-nobody' }))).code).toBe('NOT_FOUND');
  const invalid = await failure(client.projects.create({ name: '' }));
  expect(invalid.code).toBe('INPUT_INVALID');
  expect(invalid.message).toContain('name');
});

test('a dropped folder is uploaded, imported, told about by events, and shown', async () => {
  const project = await client.projects.create({ name: 'Über / Wölfe' });
  expect(basename(project.location)).not.toMatch(/[/\\]/);
  const events = await client.app.events();
  const { id } = await client.datasets.beginUpload({ name: 'photos' });
  for (const path of readdirSync(join(home, 'photos'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.jpg')) continue;
    const answer = await put(id, path, readFileSync(join(home, 'photos', path)));
    expect(answer.ok, await answer.text()).toBe(true);
  }
  const { importId } = await client.datasets.startImport({ uploads: [id] });
  const states: AppEvent['type'][] = [];
  for await (const event of events) {
    states.push(event.type);
    if (event.type === 'import' && event.import.id === importId && event.import.status === 'done') break;
  }
  expect(states.slice(0, 2).sort()).toEqual(['engine', 'project']);
  const summary = await client.datasets.summary();
  expect(summary.classes.map(({ name, images }) => [name, images])).toEqual([
    ['discs', 4],
    ['stripes', 4],
  ]);
  const [image] = await client.datasets.listImages({});
  const [current, [version]] = await Promise.all([
    client.projects.current(),
    client.datasets.photoVersions({ ids: [image] }),
  ]);
  const picture = await fetch(
    server.address + visit.picture(thumbnailAddress({ project: current!.key, id: image, version: version! })),
    { headers },
  );
  expect(picture.headers.get('content-type')).toBe('image/jpeg');
  expect(await sharp(await picture.arrayBuffer()).metadata()).toMatchObject({ width: 64, height: 64 });
});

test.each([
  '../escaped.jpg',
  'a/../../escaped.jpg',
  '/etc/escaped.jpg',
  'a\\..\\..\\escaped.jpg',
  'a\0b.jpg',
  '',
  '.',
])('an upload to %j is refused and leaves nothing', async (path) => {
  const { id } = await client.datasets.beginUpload({ name: 'bad' });
  const before = readdirSync(home, { recursive: true, encoding: 'utf8' }).length;
  const answer = await put(id, path, 'x');
  expect(answer.status).toBeGreaterThanOrEqual(400);
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => name.includes('escaped'))).toEqual([]);
  expect(names).toHaveLength(before);
});

test('an upload nobody began, and pictures that are none, are not found', async () => {
  expect((await put('upload-unknown', 'a.jpg', 'x')).status).toBe(404);
  expect((await put('..', 'a.jpg', 'x')).status).toBeGreaterThanOrEqual(400);
  for (const path of [
    'media/thumbnail/999999',
    'media/thumbnail/x',
    'media/picture/..%2f..%2fproject.db',
    'media/',
  ]) {
    expect(
      (await fetch(server.address + visit.picture(path), { headers })).status,
      path,
    ).toBeGreaterThanOrEqual(400);
  }
});

test('an upload that breaks off leaves no file', async () => {
  const { id } = await client.datasets.beginUpload({ name: 'broken' });
  const broken = new AbortController();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      controller.enqueue(new Uint8Array(65_536));
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  });
  setTimeout(() => broken.abort(), 150);
  const init = { method: 'PUT', headers, body, duplex: 'half', signal: broken.signal };
  await expect(fetch(server.address + uploadAddress(id, 'a.jpg'), init as RequestInit)).rejects.toThrow();
  const folder = join((await client.projects.current())!.location, 'uploads', id);
  await expect.poll(() => readdirSync(folder)).toEqual([]);
});
