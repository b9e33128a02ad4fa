import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRendererFiles } from '../../../../src-main/hosts/page/renderer-files.ts';

let parent: string;
let get: (path: string, init?: RequestInit) => Promise<Response>;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'lenslet-files-'));
  mkdirSync(join(parent, 'renderer', 'assets'), { recursive: true });
  writeFileSync(join(parent, 'secret.txt'), 'secret');
  mkdirSync(join(parent, 'renderer-other'));
  writeFileSync(join(parent, 'renderer-other', 'secret.txt'), 'secret');
  writeFileSync(join(parent, 'renderer', 'index.html'), '<!doctype html>page');
  writeFileSync(join(parent, 'renderer', 'assets', 'main-abc.js'), 'export {}');
  const files = createRendererFiles(join(parent, 'renderer'));
  get = (path, init) => files(new Request(`http://localhost${path}`, init));
});

afterAll(() => rmSync(parent, { recursive: true, force: true }));

test('serves files with their type; hashed ones for ever, others checked each time', async () => {
  const page = await get('/');
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(await page.text()).toBe('<!doctype html>page');
  const script = await get('/assets/main-abc.js');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(await script.text()).toBe('export {}');
});

test('answers 304 while the file has not changed', async () => {
  const etag = (await get('/index.html')).headers.get('etag');
  expect((await get('/index.html', { headers: { 'if-none-match': etag! } })).status).toBe(304);
  expect((await get('/index.html', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
});

test('HEAD has the length and no body', async () => {
  const head = await get('/index.html', { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '19', '']);
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/..%5csecret.txt',
  '/%00',
  '/%',
  '/..%2frenderer-other%2fsecret.txt',
  '//secret.txt',
  '/assets',
  '/assets/',
  '/nothing.js',
])('%s is not found', async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('secret');
});

test('refuses to be written to', async () => {
  expect((await get('/index.html', { method: 'PUT', body: 'x' })).status).toBe(405);
});

test('says how to build the page when it is not there', async () => {
  const files = createRendererFiles(join(parent, 'missing'));
  const answer = await files(new Request('http://localhost/'));
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('npm run build:renderer');
});

test('does not follow a link out of the folder', async () => {
  symlinkSync(join(parent, 'secret.txt'), join(parent, 'renderer', 'linked.txt'));
  expect((await get('/linked.txt')).status).toBe(404);
});
