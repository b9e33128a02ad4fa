/**
 * What the way through the desktop's shell costs, beside the same core reached directly: its start, a request, a
 * thumbnail, the memory of the processes. `[--bundle]` starts the bundled core.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRouterClient } from '@orpc/server';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-main/contract/app/index.ts';
import { createNodeCore } from '../../src-main/hosts/node/node-core.ts';
import { programRoot } from '../../src-main/hosts/node/places.ts';
import { drawFolder } from '../e2e/support/photos.ts';
import { startDesktopCore } from '../fixtures/desktop-core.ts';

type Client = ContractRouterClient<Contract>;

const { values } = parseArgs({ options: { bundle: { type: 'boolean', default: false } } });
const program = values.bundle ? join(programRoot, 'build', 'core', 'core-process.js') : undefined;
const folder = await mkdtemp(join(tmpdir(), 'lenslet-bench-desktop-'));
process.env.LENSLET_HOME = join(folder, 'home');
await drawFolder(join(folder, 'photos'), { circles: 20, stripes: 20 });

/** Median and 95th percentile of a list, in milliseconds. */
function spread(list: number[]): { median: number; p95: number } {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share: number): number => Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(2));
  return { median: at(0.5), p95: at(0.95) };
}

async function timed(times: number, work: () => Promise<unknown>): Promise<{ median: number; p95: number }> {
  const list: number[] = [];
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    await work();
    list.push(performance.now() - began);
  }
  return spread(list.slice(Math.min(10, times - 1)));
}

/** Megabytes that a process has in memory. */
function resident(pid: number | 'self'): number {
  const [, pages] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Math.round((Number(pages) * 4096) / 1e6);
}

async function fill(client: Client, pick: string): Promise<void> {
  await client.projects.create({ name: 'Shapes' });
  await client.datasets.startImport({ picks: [pick] });
  while ((await client.datasets.summary()).images < 40) await new Promise((done) => setTimeout(done, 50));
}

async function measure(client: Client, fetch: (path: string) => Promise<Response>) {
  const picture = async (): Promise<number> =>
    (await (await fetch('media/thumbnail/1')).arrayBuffer()).byteLength;
  return {
    request: await timed(500, () => client.app.info()),
    summary: await timed(200, () => client.datasets.summary()),
    thumbnail: await timed(500, picture),
    hundredThumbnails: await timed(12, () => Promise.all(Array.from({ length: 100 }, picture))),
    bytes: await picture(),
  };
}

const starts: number[] = [];
for (let i = 0; i < 5; i++) {
  const began = performance.now();
  const desktop = startDesktopCore(program);
  await desktop.page().client.app.info();
  starts.push(performance.now() - began);
  await desktop.keeper.close();
}
const shellBefore = resident('self');
const desktop = startDesktopCore(program);
const { ask, pid } = await desktop.keeper.running();
const { client } = desktop.page();
await fill(client, (await ask.addPicks({ paths: [join(folder, 'photos')] })).picks[0]);
const relayed = await measure(client, (path) => desktop.fetch(path));
const memory = { shellBefore, shell: resident('self'), core: resident(pid!) };
await desktop.keeper.close();

process.env.LENSLET_HOME = join(folder, 'home 2');
const core = createNodeCore('cli');
const own = createRouterClient(core.router, { context: {} }) as unknown as Client;
await fill(own, core.context.pickedPaths.add(join(folder, 'photos')));
const direct = await measure(own, (path) => core.media(new Request(`lenslet://app/${path}`)));
await core.close();
console.log(JSON.stringify({ start: spread(starts), relayed, direct, memory }, null, 2));
await rm(folder, { recursive: true, force: true });
process.exit(0);
