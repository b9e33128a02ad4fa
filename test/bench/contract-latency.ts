/**
 * How long requests take while a run trains: the whole core behind a real WebSocket, the real engine.
 * `node test/bench/contract-latency.ts PROJECT [seconds]` — the project must hold a dataset that can be trained on.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../src-main/contract/app/index.ts';
import { createNodeCore } from '../../src-main/hosts/node/node-core.ts';
import { startWebServer } from '../../src-main/hosts/web/web-server.ts';
import { enterWeb } from '../fixtures/web-visit.ts';

const [project, seconds = '30'] = process.argv.slice(2);
if (project === undefined) throw new Error('usage: contract-latency.ts PROJECT [seconds]');

const home = mkdtempSync(join(tmpdir(), 'lenslet-latency-'));
process.env.LENSLET_HOME = home;
const core = createNodeCore('web');
await core.projects.openFolder(resolve(project));
const server = await startWebServer({ served: core, rendererFolder: home, host: '127.0.0.1', port: 0 });
const visit = await enterWeb(server.url);
const { headers } = visit;
const socket = visit.connect();
const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ websocket: socket }));

const ids = await client.datasets.listImages({});
const { key } = (await client.projects.current())!;
const [version] = await client.datasets.photoVersions({ ids: ids.slice(0, 1) });
const thumbnail = server.address + visit.picture(`media/project/${key}/thumbnail/${ids[0]}/${version}`);
const calls: Record<string, (run: string) => Promise<unknown>> = {
  'datasets.summary': () => client.datasets.summary(),
  'datasets.listImages': () => client.datasets.listImages({}),
  'datasets.getImages': () => client.datasets.getImages({ ids: ids.slice(0, 200) }),
  'training.plan': () => client.training.plan({}),
  'training.run': (run) => client.training.run({ run }),
  'training.runs': () => client.training.runs(),
  'app.engine': () => client.app.engine(),
  'media thumbnail': () =>
    fetch(thumbnail, { headers }).then((answer) => {
      if (!answer.ok) throw new Error(`the thumbnail's address answers with ${answer.status}`);
      return answer.arrayBuffer();
    }),
};

const run = await client.training.start({ recipe: 'scratch', settings: { epochs: 1000, seed: 1 } });
while ((await client.training.run({ run: run.id })).progress?.phase !== 'training')
  await new Promise((wait) => setTimeout(wait, 200));

const times: Record<string, number[]> = Object.fromEntries(Object.keys(calls).map((name) => [name, []]));
const until = performance.now() + Number(seconds) * 1000;
while (performance.now() < until) {
  for (const [name, call] of Object.entries(calls)) {
    const started = performance.now();
    await call(run.id);
    times[name].push(performance.now() - started);
  }
  await new Promise((wait) => setTimeout(wait, 20));
}
const epochs = (await client.training.run({ run: run.id })).history.length;
await client.training.stop({ run: run.id });
while ((await client.training.run({ run: run.id })).progress !== null)
  await new Promise((wait) => setTimeout(wait, 200));
await client.training.removeRun({ run: run.id });

/** The value below which this share of the sorted values lies. */
const quantile = (values: number[], share: number): string =>
  [...values]
    .sort((a, b) => a - b)
    [Math.min(values.length - 1, Math.floor(values.length * share))].toFixed(1);
const row = (name: string, values: number[]): string =>
  `${name.padEnd(22)}${String(values.length).padStart(6)}${quantile(values, 0.5).padStart(9)}${quantile(values, 0.95).padStart(9)}${quantile(values, 1).padStart(9)}`;
console.log(
  `while training (${epochs} epochs ended meanwhile), milliseconds\nrequest                calls   median      p95      max`,
);
for (const [name, values] of Object.entries(times)) console.log(row(name, values));
console.log(row('all', Object.values(times).flat()));
const memory = /VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
if (memory !== null) console.log(`memory of this process: ${Math.round(Number(memory[1]) / 1024)} MB`);

socket.close();
await server.close();
await core.close();
rmSync(home, { recursive: true, force: true });
