/** Pictures from web addresses: real requests to servers of this machine, which is refused unless it was allowed. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import type { AddressState, FetchEvent } from '../../../../src-main/contract/shared/web-addresses.ts';
import { fetchAddresses } from '../../../../src-main/services/import/web-pictures/fetch-addresses.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { noisePicture } from '../../../fixtures/photos/photos.ts';

let test_: TestCore | undefined;
afterEach(async () => {
  await test_?.close();
  test_ = undefined;
});

/** A web server of this machine. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const budget = { bytes: 64 * 1024 * 1024, milliseconds: 60_000, millisecondsEach: 60_000 };
const rules = { allowed: ['127.0.0.1'], maxBytes: 1024 * 1024, patience: 400, budget };

interface FetchOptions {
  readonly allowed?: readonly string[];
  readonly signal?: AbortSignal;
  readonly limits?: Partial<typeof budget>;
}

async function fetchAll(
  addresses: readonly string[],
  { allowed = rules.allowed, signal = new AbortController().signal, limits = {} }: FetchOptions = {},
): Promise<{ states: AddressState[]; upload: string; fetched: number; folder: string }> {
  test_ ??= await openTestCore();
  const project = test_.core.context.project();
  const states: AddressState[] = [];
  const tell = (event: FetchEvent): void => {
    if (event.type === 'address') states[event.place] = event.state;
  };
  const { upload, fetched } = await fetchAddresses(
    project,
    addresses,
    { ...rules, allowed, budget: { ...budget, ...limits } },
    tell,
    signal,
  );
  return { states, upload, fetched, folder: join(project.uploadsFolder, upload) };
}

const codeOf = ({ error }: AddressState): string | undefined => error?.code;

test('pictures come in by their content, whatever the server calls them, and each failure says why', async () => {
  const picture = await noisePicture(1);
  const page = '<!doctype html><html><body>cats</body></html>';
  const address = await serve((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://server');
    if (pathname === '/cat.png') response.writeHead(200, { 'content-type': 'text/html' }).end(picture);
    else if (pathname === '/page.jpg') response.writeHead(200, { 'content-type': 'image/jpeg' }).end(page);
    else if (pathname === '/moved') response.writeHead(302, { location: '/cat.png?again' }).end();
    else if (pathname === '/round') response.writeHead(302, { location: '/round' }).end();
    else if (pathname === '/large') response.writeHead(200, { 'content-length': 5e9 }).end();
    else if (pathname === '/endless') {
      const more = (): void => {
        while (!response.destroyed && response.write(picture));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    } else if (pathname === '/silent') response.writeHead(200).flushHeaders();
    else if (pathname === '/empty') response.writeHead(200).end();
    else if (pathname === '/drawing.svg') response.end('<svg xmlns="http://www.w3.org/2000/svg"/>');
    else if (pathname === '/data.bin') response.end(Buffer.from([1, 2, 3, 250, 251]));
    else response.writeHead(404).end();
  });
  const paths = [
    ...['cat.png', 'page.jpg', 'moved', 'round', 'large', 'endless', 'silent', 'empty'],
    ...['drawing.svg', 'data.bin', 'missing'],
  ];
  const { states, fetched, folder } = await fetchAll([
    ...paths.map((path) => `${address}/${path}`),
    'ftp://127.0.0.1/cat.png',
    'http://name:word@127.0.0.1/cat.png',
    'nothing',
  ]);
  expect(states.map(codeOf)).toEqual([
    undefined,
    'ADDRESS_WEB_PAGE',
    undefined,
    'ADDRESS_REDIRECTED',
    'ADDRESS_TOO_LARGE',
    'ADDRESS_TOO_LARGE',
    'ADDRESS_TOO_SLOW',
    'ADDRESS_NOT_A_PICTURE',
    'IMAGE_FORMAT_UNSUPPORTED',
    'ADDRESS_NOT_A_PICTURE',
    'ADDRESS_REFUSED',
    'ADDRESS_INVALID',
    'ADDRESS_INVALID',
    'ADDRESS_INVALID',
  ]);
  expect(fetched).toBe(2);
  expect(states[0]).toMatchObject({ status: 'fetched', bytes: picture.length, total: null });
  // Named for what they are; nothing half of the others.
  expect(readdirSync(folder).sort()).toEqual(['001 cat.jpg', '003 cat.jpg']);
});

test('this machine and private networks are not asked, not by name, not by a redirect, in no notation', async () => {
  let asked = 0;
  const address = await serve((_request, response) => {
    asked++;
    response.writeHead(302, { location: `http://10.0.0.1/cat.jpg` }).end();
  });
  const { port } = new URL(address);
  const { states, fetched, folder } = await fetchAll(
    [
      address,
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://0x7f.1:${port}/`,
      `http://2130706433:${port}/`,
      'http://0.0.0.0/',
      'http://192.168.1.1/',
      'http://169.254.169.254/latest/meta-data',
      'http://[fe80::1]/',
      'http://[fd00::1]/',
    ],
    { allowed: [] },
  );
  expect(states.map(codeOf)).toEqual(states.map(() => 'ADDRESS_PRIVATE'));
  expect(asked).toBe(0);
  expect(fetched).toBe(0);
  expect(existsSync(folder)).toBe(false);

  const led = await fetchAll([address]);
  expect(led.states.map(codeOf)).toEqual(['ADDRESS_PRIVATE']);
  expect(asked).toBe(1);
});

test('a server that is not there is named', async () => {
  const address = await serve(() => undefined);
  const { port } = new URL(address);
  const nobody = Number(port) === 65_535 ? 65_534 : 1;
  const { states } = await fetchAll([`http://127.0.0.1:${nobody}/cat.jpg`]);
  expect(states[0].error).toMatchObject({
    code: 'ADDRESS_UNREACHABLE',
    message: `127.0.0.1:${nobody} cannot be reached (nobody answers there).`,
  });
});

test('cancelling leaves nothing behind', async () => {
  const picture = await noisePicture(2);
  const cancel = new AbortController();
  const address = await serve((request, response) => {
    if (request.url === '/first.jpg') response.end(picture);
    else {
      response.write(picture);
      setTimeout(() => cancel.abort(), 50);
    }
  });
  const cancelled = fetchAll([`${address}/first.jpg`, `${address}/second.jpg`], { signal: cancel.signal });
  await expect(cancelled).rejects.toThrow(AppError);
  await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(readdirSync(test_!.core.context.project().uploadsFolder)).toEqual([]);
});

test('what was fetched is imported with the class that was asked for', async () => {
  const picture = await noisePicture(3);
  const address = await serve((_request, response) => void response.end(picture));
  test_ = await openTestCore({ pictureServers: ['127.0.0.1'] });
  const { client } = test_;
  let upload: string | null = null;
  const events = await client.datasets.fetchAddresses({ addresses: [`${address}/a.jpg`], label: 'test' });
  for await (const event of events) if (event.type === 'done') upload = event.upload;
  await client.datasets.startImport({ uploads: [upload!] });
  await test_.core.imports.idle();
  expect(await client.datasets.importState()).toMatchObject({ status: 'done', added: 1, quarantined: 0 });
  const summary = await client.datasets.summary();
  // "test" is a class here, although a folder of that name would be a split.
  expect(summary.classes).toMatchObject([{ name: 'test', images: 1 }]);
  // The note stays, and says that the photo is in the project.
  const { uploadsFolder } = test_.core.context.project();
  expect(readdirSync(uploadsFolder)).toEqual([upload, `${upload}.capture.json`]);
  expect(readFileSync(join(uploadsFolder, `${upload}.capture.json`), 'utf8')).toContain('"imported":true');
});

test('several addresses at once share one budget of bytes; what came within it stays', async () => {
  const picture = await noisePicture(1);
  const address = await serve((_, response) => response.end(picture));
  const addresses = Array.from({ length: 12 }, (_, i) => `${address}/${i}.png`);
  const { states, fetched, folder } = await fetchAll(addresses, {
    limits: { bytes: Math.floor(picture.length * 4.5) },
  });
  expect(fetched).toBeGreaterThan(0);
  expect(fetched).toBeLessThanOrEqual(4);
  expect(readdirSync(folder)).toHaveLength(fetched);
  const failed = states.filter(({ status }) => status === 'failed');
  expect(failed).toHaveLength(12 - fetched);
  for (const state of failed) expect(codeOf(state)).toBe('ADDRESS_TOTAL_TOO_LARGE');
});

test('a server that sends a little now and then is not waited for for ever, nor are many of them', async () => {
  const picture = await noisePicture(1);
  const address = await serve((_, response) => {
    let sent = 0;
    const drip = setInterval(() => void response.write(picture.subarray(sent, ++sent)), 20);
    response.on('close', () => clearInterval(drip));
  });
  const one = await fetchAll([`${address}/a.png`], { limits: { millisecondsEach: 300 } });
  expect(one.states.map(codeOf)).toEqual(['ADDRESS_TAKES_TOO_LONG']);
  const addresses = Array.from({ length: 8 }, (_, i) => `${address}/${i}.png`);
  const all = await fetchAll(addresses, { limits: { milliseconds: 300 } });
  expect(all.states.map(codeOf)).toEqual(addresses.map(() => 'ADDRESS_TOTAL_TOO_SLOW'));
  expect(existsSync(all.folder)).toBe(false);
});
