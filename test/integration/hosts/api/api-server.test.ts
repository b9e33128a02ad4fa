/** The prediction API as other programs meet it: over HTTP, with a real model behind it. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../../../src-main/backends/ladder.ts';
import {
  apiAnswerSchema,
  apiFailureSchema,
  apiHealthSchema,
  apiModelSchema,
} from '../../../../src-main/contract/api/prediction-api.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { kerasNetwork } from '../../../../src-main/engine/keras/writing/keras-network.ts';
import { writeKerasZip } from '../../../../src-main/engine/keras/writing/write-keras.ts';
import {
  type ApiOptions,
  type ApiServer,
  startApiServer,
} from '../../../../src-main/hosts/api/api-server.ts';
import { admitting } from '../../../../src-main/hosts/api/tokens.ts';
import { createNodeCore } from '../../../../src-main/hosts/node/node-core.ts';
import { drawnEndings } from '../../../fixtures/models/drawn-networks.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';

const folder = mkdtempSync(join(tmpdir(), 'lenslet-api-'));
const tokens = join(folder, 'tokens.txt');
const core = createNodeCore('cli');
const choice = { path: join(folder, 'model.keras'), preprocessing: 'none' } as const;
const photos: string[] = [];
let server: ApiServer;

function start(more: Partial<ApiOptions> = {}): Promise<ApiServer> {
  return startApiServer({
    model: {
      name: 'shapes',
      classes: ['class 0', 'class 1', 'class 2'],
      imageSize: 8,
      channels: 3,
      preprocessing: 'none',
      lenslet: 'Lenslet test',
    },
    predict: (paths, signal) => core.training.models.predict(choice, paths, signal),
    admits: admitting('right', tokens),
    host: '127.0.0.1',
    port: 0,
    ...more,
  });
}

beforeAll(async () => {
  const { tf } = (await loadBackend()).backend;
  registerLayers(tf);
  const drawn = await drawnEndings(tf)['0-1 3 channels, 3 softmax']();
  writeFileSync(choice.path, await writeKerasZip(kerasNetwork(drawn.model, drawn, 3), new Date()));
  await drawShapes(join(folder, 'shapes'), 3);
  for (const kind of readdirSync(join(folder, 'shapes')))
    for (const name of readdirSync(join(folder, 'shapes', kind)))
      photos.push(join(folder, 'shapes', kind, name));
  writeFileSync(tokens, 'other  # of the camera at the gate\n');
  // Starts the engine, as the command line does before it serves.
  await core.training.models.describe(choice);
  server = await start();
});
afterAll(async () => {
  await server.close();
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const right = { authorization: 'Bearer right' };

function formOf(paths: readonly string[]): FormData {
  const form = new FormData();
  for (const path of paths) form.append('image', new File([readFileSync(path)], path.split('/').at(-1)!));
  return form;
}

function ask(path: string, init: RequestInit = {}, at = server): Promise<Response> {
  return fetch(`${at.url}${path}`, { headers: right, ...init });
}

async function codeOf(response: Response): Promise<string> {
  const { error } = apiFailureSchema.parse(await response.json());
  expect(error.remedy).not.toBe('');
  return `${response.status} ${error.code}`;
}

describe('predictions', () => {
  it('are those of the command line, of several files in their order, with the classes asked for', async () => {
    const response = await ask('/v1/predict?top=2', { method: 'POST', body: formOf(photos) });
    expect(response.status).toBe(200);
    const { predictions } = apiAnswerSchema.parse(await response.json());
    expect(predictions.map(({ image }) => image)).toEqual(photos.map((path) => path.split('/').at(-1)));
    let place = 0;
    for await (const wanted of core.training.models.predict(choice, photos)) {
      const found = predictions[place++];
      expect(found.label).toBe(wanted.label);
      expect(found.probability).toBeCloseTo(wanted.probability!, 6);
      expect(found.top).toHaveLength(2);
      expect(found.top[0]).toEqual({ label: found.label, probability: found.probability });
    }
  });

  it('are given of a photo that is the whole body', async () => {
    const body = readFileSync(photos[0]);
    const headers = { ...right, 'content-type': 'image/png' };
    const response = await ask('/v1/predict', { method: 'POST', body, headers });
    const { predictions } = apiAnswerSchema.parse(await response.json());
    expect(predictions).toMatchObject([{ image: 'image', error: null, unknown: false }]);
  });

  it('name what cannot be read beside what can, and are 422 where nothing can', async () => {
    const text = join(folder, 'text.png');
    writeFileSync(text, 'no photo');
    const mixed = await ask('/v1/predict', { method: 'POST', body: formOf([text, photos[0]]) });
    expect(mixed.status).toBe(200);
    const { predictions } = apiAnswerSchema.parse(await mixed.json());
    expect(predictions[0]).toMatchObject({
      label: null,
      error: { code: expect.stringMatching(/^IMAGE_/) as string },
    });
    expect(predictions[1].error).toBeNull();
    expect((await ask('/v1/predict', { method: 'POST', body: formOf([text]) })).status).toBe(422);
  });

  it('of many clients at once are computed together', async () => {
    const before = await (await ask('/metrics')).text();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        ask('/v1/predict', { method: 'POST', body: formOf([photos[at % photos.length]]) }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
    const after = await (await ask('/metrics')).text();
    const grown = (name: string): number => {
      const [from, to] = [before, after].map((text) =>
        Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)![1]),
      );
      return to - from;
    };
    expect(grown('lenslet_photos_total')).toBe(40);
    expect(grown('lenslet_batches_total')).toBeLessThan(40);
  });
});

describe('what is refused', () => {
  it('has a code, and the status that programs know', async () => {
    const post = (init: RequestInit): Promise<Response> => ask('/v1/predict', { method: 'POST', ...init });
    expect(await codeOf(await post({ body: new FormData() }))).toBe('400 API_NO_PHOTO');
    expect(await codeOf(await post({ body: 'text' }))).toBe('415 API_TYPE_WRONG');
    const broken = { ...right, 'content-type': 'multipart/form-data; boundary=x' };
    expect(await codeOf(await post({ body: '--x\r\ncut', headers: broken }))).toBe('400 API_REQUEST_INVALID');
    expect(await codeOf(await ask('/v1/predict?top=all', { method: 'POST', body: formOf(photos) }))).toBe(
      '400 API_REQUEST_INVALID',
    );
    expect(await codeOf(await ask('/v1/elsewhere'))).toBe('404 API_NOT_FOUND');
  });

  it('is a token that is missing, wrong, or withdrawn', async () => {
    const model = (authorization?: string): Promise<Response> =>
      ask('/v1/model', { headers: authorization === undefined ? {} : { authorization } });
    expect(await codeOf(await model())).toBe('401 API_TOKEN_WRONG');
    expect(await codeOf(await model('Bearer wrong'))).toBe('401 API_TOKEN_WRONG');
    expect((await model('Bearer other')).status).toBe(200);
    writeFileSync(tokens, '# nobody\n');
    expect(await codeOf(await model('Bearer other'))).toBe('401 API_TOKEN_WRONG');
    expect((await model('Bearer right')).status).toBe(200);
  });

  it('is what is too large, and what comes while too many wait', async () => {
    const small = await start({ limits: { bytes: 20_000, photos: 2, waiting: 1 } });
    try {
      const body = new Uint8Array(30_000);
      const headers = { ...right, 'content-type': 'image/png' };
      expect(await codeOf(await ask('/v1/predict', { method: 'POST', body, headers }, small))).toBe(
        '413 API_TOO_LARGE',
      );
      const piece = new Uint8Array(15_000);
      const stream = new ReadableStream({
        start(controller) {
          for (const part of [piece, piece]) controller.enqueue(part);
          controller.close();
        },
      });
      const unsized = { method: 'POST', body: stream, headers, duplex: 'half' } as RequestInit;
      expect(await codeOf(await ask('/v1/predict', unsized, small))).toBe('413 API_TOO_LARGE');
      const busy = await ask('/v1/predict', { method: 'POST', body: formOf(photos.slice(0, 2)) }, small);
      expect(busy.headers.get('retry-after')).toBe('1');
      expect(await codeOf(busy)).toBe('503 API_BUSY');
    } finally {
      await small.close();
    }
  });

  it('is the page of another site, unless it was named', async () => {
    const origin = 'https://garden.example';
    const asked = { headers: { ...right, origin } };
    expect((await ask('/v1/model', asked)).headers.get('access-control-allow-origin')).toBeNull();
    const shared = await start({ cors: origin });
    try {
      const { headers } = await ask('/v1/model', asked, shared);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
    } finally {
      await shared.close();
    }
  });
});

it('describes itself: the model, its health, an OpenAPI document, a page', async () => {
  expect(apiModelSchema.parse(await (await ask('/v1/model')).json())).toMatchObject({ imageSize: 8 });
  const open = { headers: {} };
  expect(apiHealthSchema.parse(await (await ask('/health', open)).json()).status).toBe('ready');
  const document = (await (await ask('/openapi.json', open)).json()) as {
    openapi: string;
    paths: Record<string, object>;
    components: { schemas: Record<string, object> };
  };
  expect(document.openapi).toBe('3.1.0');
  // Generators of clients leave out what takes a type with a star.
  expect(JSON.stringify(document)).not.toMatch(/"\w+\/\*"/);
  expect(Object.keys(document.paths)).toContain('/v1/predict');
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(document.components.schemas).toHaveProperty(name);
  const page = await ask('/docs', open);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await page.text()).not.toMatch(/(?:src|href)="https?:/);
});

it('answers what is under way before it closes', async () => {
  const closing = await start();
  const answers = Array.from({ length: 8 }, (_, at) =>
    ask('/v1/predict', { method: 'POST', body: formOf([photos[at % photos.length]]) }, closing),
  );
  await answers[0];
  await closing.close();
  const statuses = await Promise.all(answers.map(async (answer) => (await answer).status));
  for (const status of statuses) expect([200, 503]).toContain(status);
  await expect(ask('/health', {}, closing)).rejects.toThrow();
});
