/** Whole epochs of the real program: the core with its engine process, on an imported project. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { createNodeCore } from '../../../src-main/hosts/node/node-core.ts';
import type { Work } from '../support/side.ts';
import type { Prepared } from './lenslet-side.ts';

type Core = ReturnType<typeof createNodeCore>;

/** A core with a project that holds a folder's images. */
async function openProject(
  folder: string,
): Promise<{ core: Core; added: number; close: () => Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), 'lenslet-bench-'));
  process.env.LENSLET_HOME = home;
  const core = createNodeCore('cli');
  await core.projects.openFolder(join(home, 'project'), { name: 'bench' });
  const { state } = await core.imports.importPaths([folder]);
  if (state.status !== 'done') throw new Error(state.error?.message ?? state.status);
  const close = async (): Promise<void> => {
    await core.close();
    rmSync(home, { recursive: true, force: true });
  };
  return { core, added: state.added, close };
}

/** Milliseconds from the wish to train to the first step, on an engine that runs already. */
export async function startRun({ folder, recipe }: Work): Promise<Prepared> {
  const { core, close } = await openProject(folder as string);
  const client = createRouterClient(core.router, { context: {} });
  const { pid } = await core.context.engine.describe();
  const facts = { enginePeakMegabytes: 0 };
  const once = async (): Promise<number> => {
    const begun = performance.now();
    const first = new Promise<number>((resolve) => {
      const stop = core.context.events.on((event) => {
        if (event.type !== 'run' || event.run.status !== 'training') return;
        if ((event.run.progress?.step ?? 0) < 1) return;
        stop();
        resolve(performance.now() - begun);
      });
    });
    const { id } = await client.training.start({
      recipe: recipe as string,
      settings: { epochs: 1, seed: 1 },
    });
    const milliseconds = await first;
    if (process.platform === 'linux') {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      facts.enginePeakMegabytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
    }
    await client.training.stop({ run: id });
    return milliseconds;
  };
  const run = async (times: number): Promise<number[]> => {
    const values: number[] = [];
    for (let time = 0; time < times; time++) values.push(await once());
    return values;
  };
  return { run, facts, close };
}

/** Imports a folder and trains a recipe on it; each epoch after a run's first counts, validation included. */
export async function trainEpochs({ folder, recipe }: Work): Promise<Prepared> {
  const { core, added, close } = await openProject(folder as string);
  const client = createRouterClient(core.router, { context: {} });
  const run = async (times: number): Promise<number[]> => {
    const ends: number[] = [];
    const over = new Promise<string | null>((resolve) => {
      const stop = core.context.events.on((event) => {
        if (event.type !== 'run') return;
        const { history, status, error } = event.run;
        while (ends.length < history.length) ends.push(performance.now());
        if (history.length <= times && status !== 'failed' && status !== 'interrupted') return;
        stop();
        resolve(error?.message ?? null);
      });
    });
    const settings = { epochs: times + 2, seed: 1 };
    const { id } = await client.training.start({ recipe: recipe as string, settings });
    const failure = await over;
    if (failure !== null) throw new Error(failure);
    await client.training.stop({ run: id });
    return ends.slice(1, times + 1).map((end, index) => end - ends[index]);
  };
  return { run, facts: { images: added }, close };
}
