/** What careless and hostile clients send: everything is answered or cut, and nothing is left behind. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { loadBackend } from '../../../../src-main/backends/ladder.ts';
import { apiAnswerSchema, apiFailureSchema } from '../../../../src-main/contract/api/prediction-api.ts';
import { temporaryPath } from '../../../../src-main/core/files/temporary-path.ts';
import { kerasNetwork } from '../../../../src-main/engine/keras/writing/keras-network.ts';
import { writeKerasZip } from '../../../../src-main/engine/keras/writing/write-keras.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { type ApiServer, startApiServer } from '../../../../src-main/hosts/api/api-server.ts';
import { admitting } from '../../../../src-main/hosts/api/tokens.ts';
import { createNodeCore } from '../../../../src-main/hosts/node/node-core.ts';

const folder = mkdtempSync(join(tmpdir(), 'lenslet-abuse-'));
const core = createNodeCore('cli');
const choice = { path: join(folder, 'model.keras'), preprocessing: 'none' } as const;
const headers = { authorization: 'Bearer right' };
let server: ApiServer;
/** A server of pictures on this machine, which is private. */
let pictures: Server;
let photo: Buffer;

const urlRules = (allowed: string[]) => ({
  allowed,
  maxBytes: 100_000,
  patience: 1000,
  budget: { bytes: 200_000, milliseconds: 5000, millisecondsEach: 2000 },
});

function start(allowed: string[] | null): Promise<ApiServer> {
  const model = { name: 'drawn', imageSize: 15, channels: 3, preprocessing: 'none', lenslet: 'Lenslet test' };
  return startApiServer({
    model: { ...model, classes: ['class 0', 'class 1'] },
    predict: (paths, signal) => core.training.models.predict(choice, paths, signal),
    heatmaps: async (paths, signal) =>
      (await core.explain.ofFiles(choice, paths, signal)).map(
        (found) => found && { label: found.label, layer: found.layer, map: found.map },
      ),
    urls: allowed === null ? undefined : urlRules(allowed),
    admits: admitting('right', undefined),
    host: '127.0.0.1',
    port: 0,
    limits: { bytes: 100_000, photos: 4, upload: 2000 },
  });
}

beforeAll(async () => {
  const { tf } = (await loadBackend()).backend;
  registerLayers(tf);
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [15, 15, 3], filters: 4, kernelSize: 3, activation: 'relu' }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  const ending = { activation: 'softmax', outputs: 2 } as const;
  const network = kerasNetwork(model, { preprocessing: '0-1', imageSize: 15, channels: 3, ending }, 3);
  writeFileSync(choice.path, await writeKerasZip(network, new Date()));
  // Starts the engine, as the command line does before it serves.
  await core.training.models.describe(choice);
  const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 37) % 256);
  photo = await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer();
  pictures = createServer(({ url }, answer) => {
    if (url === '/photo.png') return void answer.end(photo);
    if (url === '/large.png') return void answer.end(Buffer.concat([photo, Buffer.alloc(200_000)]));
    if (url === '/away') return void answer.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    answer.end('<html>');
  });
  await new Promise<void>((ready) => pictures.listen(0, '127.0.0.1', ready));
  server = await start(null);
});
afterAll(async () => {
  await server.close();
  pictures.close();
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = (body: BodyInit, type?: string, path = '/v1/predict', at = server): Promise<Response> =>
  fetch(`${at.url}${path}`, {
    method: 'POST',
    body,
    headers: type === undefined ? headers : { ...headers, 'content-type': type },
  });

async function codeOf(answer: Response): Promise<string> {
  return `${answer.status} ${apiFailureSchema.parse(await answer.json()).error.code}`;
}

/** Files that this process has in its private folder. */
const leftBehind = (): string[] =>
  readdirSync(dirname(temporaryPath('look'))).filter((name) => /api-photo|prediction|heatmap/.test(name));

/** Sends bytes as they are. @returns what came back until the server closed, or 5 seconds were over */
async function raw(parts: readonly string[], pause = 0): Promise<string> {
  const { port, hostname } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let said = '';
  socket.on('data', (part: Buffer) => (said += part.toString()));
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const part of parts) {
    socket.write(part);
    if (pause > 0) await wait(pause);
  }
  await Promise.race([closed, wait(5000)]);
  socket.destroy();
  return said;
}

const head = (length: number): string =>
  `POST /v1/predict HTTP/1.1\r\nhost: x\r\nauthorization: Bearer right\r\ncontent-type: image/png\r\ncontent-length: ${length}\r\n\r\n`;

describe('the prediction API', () => {
  it('gives the heatmap of each photo that is asked for, and refuses more than it can make', async () => {
    const form = new FormData();
    form.append('image', new File([new Uint8Array(photo)], 'a.png'));
    form.append('image', new File(['no photo'], 'b.png'));
    const answer = await post(form, undefined, '/v1/predict?heatmap=true');
    const { predictions } = apiAnswerSchema.parse(await answer.json());
    const [{ label, heatmap }, broken] = predictions;
    expect(heatmap!.label).toBe(label);
    expect(heatmap!.map.length).toBeGreaterThan(5);
    for (const value of heatmap!.map.flat()) expect(value >= 0 && value <= 1).toBe(true);
    expect(broken.heatmap).toBeNull();
    expect(broken.error).not.toBeNull();
    const without = apiAnswerSchema.parse(await (await post(new Uint8Array(photo), 'image/png')).json());
    expect(without.predictions[0]).not.toHaveProperty('heatmap');
    expect(await codeOf(await post(new Uint8Array(photo), 'image/png', '/v1/predict?heatmap=maybe'))).toBe(
      '400 API_REQUEST_INVALID',
    );
  });

  it('fetches photos only where that is allowed, and never from a private network', async () => {
    const { port } = pictures.address() as AddressInfo;
    const at = (path: string): string => JSON.stringify({ urls: [`http://127.0.0.1:${port}${path}`] });
    const ask = (body: string, to: ApiServer) => post(body, 'application/json', '/v1/predict', to);
    expect(await codeOf(await ask(at('/photo.png'), server))).toBe('415 API_URL_REFUSED');
    const closed = await start([]);
    const open = await start(['127.0.0.1']);
    try {
      for (const url of [
        `http://127.0.0.1:${port}/photo.png`,
        `http://localhost:${port}/photo.png`,
        `http://[::ffff:127.0.0.1]:${port}/photo.png`,
        `http://2130706433:${port}/photo.png`,
        'http://169.254.169.254/latest/meta-data',
        'http://10.0.0.1/',
      ])
        expect(await codeOf(await ask(JSON.stringify({ urls: [url] }), closed))).toBe('422 ADDRESS_PRIVATE');
      expect(await codeOf(await ask('{"urls":["file:///etc/passwd"]}', closed))).toBe('422 ADDRESS_INVALID');
      expect(await codeOf(await ask('{"url":1}', closed))).toBe('400 API_REQUEST_INVALID');
      const { predictions } = apiAnswerSchema.parse(await (await ask(at('/photo.png'), open)).json());
      expect(predictions).toMatchObject([{ image: `http://127.0.0.1:${port}/photo.png`, error: null }]);
      expect(await codeOf(await ask(at('/large.png'), open))).toBe('422 ADDRESS_TOO_LARGE');
      expect(await codeOf(await ask(at('/away'), open))).toBe('422 ADDRESS_PRIVATE');
      expect(await codeOf(await ask(at('/page'), open))).toMatch(/^422 ADDRESS_/);
    } finally {
      await closed.close();
      await open.close();
    }
  });

  it('cuts slow and truncated uploads, and answers what is broken, too large, or a bomb', async () => {
    expect(await raw([head(photo.length), photo.toString('latin1').slice(0, 50)])).toMatch(
      /^HTTP\/1\.1 (408|400)|^$/,
    );
    expect(await raw([head(5000), ...'slowly'.split('')], 600)).toMatch(/^HTTP\/1\.1 (408|400)|^$/);
    expect(await codeOf(await post(new Uint8Array(150_000), 'image/png'))).toBe('413 API_TOO_LARGE');
    // A few kilobytes that would become ten gigabytes of pixels.
    const bomb = Buffer.from(photo);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    const answer = await post(new Uint8Array(bomb), 'image/png');
    expect(answer.status).toBe(422);
    const { predictions } = apiAnswerSchema.parse(await answer.json());
    expect(predictions[0].error!.code).toMatch(/^IMAGE_/);
  });

  it('is the same after a thousand bad requests as before', { timeout: 60_000 }, async () => {
    const kinds: (() => Promise<Response>)[] = [
      () => post('text', 'text/plain'),
      () => post(new FormData()),
      () => post(new Uint8Array(photo.subarray(0, 100)), 'image/png'),
      () => post('--x\r\ncut', 'multipart/form-data; boundary=x'),
      () => post(new Uint8Array(photo), 'image/png', '/v1/predict?top=-1'),
      () => post('{}', 'application/json'),
      () => fetch(`${server.url}/v1/model`, { headers: { authorization: 'Bearer wrong' } }),
      () => fetch(`${server.url}/${'a'.repeat(3000)}`, { headers }),
    ];
    const send = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        const answers = await Promise.all(kinds.map((kind) => kind()));
        for (const answer of answers) {
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).toBeLessThan(500);
          await answer.arrayBuffer();
        }
      }
    };
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', onWarning);
    await send(25);
    const before = process.memoryUsage().rss;
    await send(100);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    process.off('warning', onWarning);
    // A connection serves many requests, and keeps nothing of each.
    expect(warnings).toEqual([]);
    expect((await post(new Uint8Array(photo), 'image/png')).status).toBe(200);
    await expect.poll(leftBehind).toEqual([]);
    const health = (await (await fetch(`${server.url}/health`)).json()) as { waiting: number };
    expect(health.waiting).toBe(0);
  });
});
