/** The core process as the desktop's shell keeps it: requests, crashes, the end. All of it without Electron. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drawFolder } from '../../../e2e/support/photos.ts';
import { type DesktopCore, type PageClient, startDesktopCore } from '../../../fixtures/desktop-core.ts';

const folder = mkdtempSync(join(tmpdir(), 'lenslet-keeper-'));
const homeBefore = process.env.LENSLET_HOME;
let desktop: DesktopCore;

beforeEach(() => {
  process.env.LENSLET_HOME = mkdtempSync(join(folder, 'home-'));
  desktop = startDesktopCore();
});
afterEach(() => desktop.keeper.close());
afterAll(() => {
  if (homeBefore === undefined) delete process.env.LENSLET_HOME;
  else process.env.LENSLET_HOME = homeBefore;
  rmSync(folder, { recursive: true, force: true });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function importPhotos(client: PageClient, photos: number): Promise<void> {
  const { ask } = await desktop.keeper.running();
  const { picks } = await ask.addPicks({ paths: [join(folder, 'photos')] });
  await client.datasets.startImport({ picks });
  await vi.waitFor(async () => expect((await client.datasets.summary()).images).toBe(photos), 60_000);
}

test(
  'a core that is killed is replaced, with the same project and everything that was acknowledged',
  { timeout: 120_000 },
  async () => {
    await drawFolder(join(folder, 'photos'), { circles: 4, stripes: 4 });
    const page = desktop.page();
    const project = await page.client.projects.create({ name: 'Shapes' });
    await importPhotos(page.client, 8);
    await page.client.labels.apply({ kind: 'label-as', images: '1-3', name: 'kept' });
    expect((await page.client.app.info()).crash).toBeNull();

    const { pid } = await desktop.keeper.running();
    process.kill(pid!, 'SIGKILL');
    await page.lost;
    await vi.waitFor(
      () => expect(desktop.crashes).toMatchObject([{ code: null, signal: 'SIGKILL' }]),
      10_000,
    );

    const next = desktop.page();
    expect((await next.client.projects.current())?.location).toBe(project.location);
    expect((await next.client.app.info()).crash).toEqual({ code: null, signal: 'SIGKILL' });
    const { classes } = await next.client.datasets.summary();
    expect(classes.find(({ name }) => name === 'kept')).toMatchObject({ images: 3 });
    expect((await desktop.keeper.running()).pid).not.toBe(pid);
  },
);

test('what a page asks while the core starts is answered when it has started', async () => {
  const { client } = desktop.page();
  const [info, projects] = await Promise.all([client.app.info(), client.projects.recent()]);
  expect(info).toMatchObject({ host: 'electron', nativePicker: true });
  expect(projects).toEqual([]);
});

test(
  'a core that crashes at each start is given up, and tried again when asked',
  { timeout: 60_000 },
  async () => {
    await desktop.keeper.running();
    const program = join(folder, 'broken.mjs');
    writeFileSync(program, `console.error('a part is missing'); process.exit(3);`);
    const broken = startDesktopCore(program);
    const again = await new Promise<() => void>((resolve) => (broken.gaveUp = resolve));
    expect(broken.crashes).toHaveLength(3);
    expect(broken.crashes[0]).toEqual({ code: 3, signal: null, stderr: 'a part is missing\n' });
    await expect(broken.keeper.running()).rejects.toThrow('again and again');
    expect((await broken.fetch('media/thumbnail/1')).status).toBe(503);
    const page = broken.page();
    await page.lost;
    again();
    await vi.waitFor(() => expect(broken.crashes).toHaveLength(6), 20_000);
    await broken.keeper.close();
  },
);

test('bytes arrive whole in both directions', { timeout: 60_000 }, async () => {
  const { client } = desktop.page();
  const { location } = await client.projects.create({ name: 'Bytes' });
  const { id } = await client.datasets.beginUpload({ name: 'photos' });
  const sizes = [0, 1, 65_536, 65_537, 20_000_000];
  for (const size of sizes) {
    const body = randomBytes(size);
    const answer = await desktop.fetch(`upload/${id}?path=${size}.jpg`, { method: 'PUT', body });
    expect(answer.status).toBe(204);
    const kept = readFileSync(join(location, 'uploads', id, `${size}.jpg`));
    expect(createHash('sha256').update(kept).digest('hex')).toBe(
      createHash('sha256').update(body).digest('hex'),
    );
  }
  expect(readdirSync(join(location, 'uploads', id))).toHaveLength(sizes.length);
  const refused = await desktop.fetch('media/thumbnail/1');
  expect(refused.status).toBe(404);
  expect(await refused.json()).toMatchObject({ code: 'NOT_FOUND' });
});

test('nobody else gets an answer', async () => {
  const { address, key } = await desktop.keeper.running();
  const ask = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sent = sendRequest({ socketPath: address, path: '/media/thumbnail/1', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on('error', reject).end();
    });
  expect(await ask({})).toBe(401);
  expect(await ask({ 'lenslet-core-key': `${key}x` })).toBe(401);
  expect(await ask({ 'lenslet-core-key': key })).not.toBe(401);
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  expect(await ask({ ...upgrade, 'sec-websocket-key': randomBytes(16).toString('base64') })).toBe(401);
  if (process.platform !== 'win32') expect(statSync(dirname(address)).mode & 0o777).toBe(0o700);
});

test('the core ends with the app, and by itself when the shell is gone', { timeout: 60_000 }, async () => {
  const { pid } = await desktop.keeper.running();
  await desktop.keeper.close();
  expect(isRunning(pid!)).toBe(false);
  expect(desktop.crashes).toEqual([]);

  const fixture = join(import.meta.dirname, '../../../fixtures/desktop-core.ts');
  const { spawn } = await import('node:child_process');
  const { plainNode } = await import('../../../../src-main/hosts/node/places.ts');
  const program = `
    const { startDesktopCore } = await import(${JSON.stringify(fixture)});
    console.log((await startDesktopCore().keeper.running()).pid);
  `;
  const shell = spawn(plainNode(), ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const core = Number(await new Promise<Buffer>((resolve) => shell.stdout.once('data', resolve)));
  expect(isRunning(core)).toBe(true);
  shell.kill('SIGKILL');
  await vi.waitFor(() => expect(isRunning(core)).toBe(false), 20_000);
});

test('the computer stays awake as long as something is at work', { timeout: 60_000 }, async () => {
  await drawFolder(join(folder, 'photos'), { circles: 4, stripes: 4 });
  const { client } = desktop.page();
  await client.projects.create({ name: 'Awake' });
  expect(desktop.isAwake()).toBe(false);
  const wasAwake = vi.waitFor(() => expect(desktop.isAwake()).toBe(true), { timeout: 30_000, interval: 1 });
  await importPhotos(client, 8);
  await wasAwake;
  await vi.waitFor(() => expect(desktop.isAwake()).toBe(false), 10_000);
});
