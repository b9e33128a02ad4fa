/** A real cluster of Ray, head and two workers as processes on this machine: what it computes is what is computed here. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ExportProgress } from '../../../../src-main/contract/app/exports.ts';
import { largestDifferenceOf } from '../../../../src-main/engine/base/difference.ts';
import { listContents } from '../../../../src-main/project/images/photo-contents.ts';
import { wantedModel } from '../../../../src-main/services/shards/shards.ts';
import { giveNarrowNetwork } from '../../../fixtures/narrow-project.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import { pythonWith } from '../../../fixtures/python-environment.ts';
import { type RayCluster, rayPackages, startRay } from '../../../fixtures/ray-cluster.ts';
import { type TrainingCore, codeOf, importInto, trainingCore } from '../../../fixtures/training-core.ts';

const { python, missing } = process.env.LENSLET_LONG === '1' ? pythonWith(...rayPackages) : notNow();
function notNow() {
  return { python: null, missing: 'only in npm run test:long' };
}

const cores: TrainingCore[] = [];
let cluster: RayCluster;
let photos: string;

/** Another project with the same photos. */
async function openCore(): Promise<TrainingCore> {
  const core = await trainingCore();
  cores.push(core);
  await giveNarrowNetwork(core);
  await importInto(core, photos);
  return core;
}

const resources = { cpus: 0.5, gpus: 0, actors: 0 };
const onCluster = (
  { core }: TrainingCore,
  {
    perJob = 1000,
    ...work
  }: { perJob?: number; emit?: (event: ExportProgress) => void; signal?: AbortSignal },
) =>
  core.clusters.compute(
    {},
    { address: cluster.address, resources, install: false, perJob },
    { emit: work.emit ?? (() => undefined), signal: work.signal ?? new AbortController().signal },
  );

/** What Ray knows of its jobs. */
async function jobs(): Promise<{ status: string }[]> {
  return (await (await fetch(`${cluster.address}/api/jobs/`)).json()) as { status: string }[];
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** The features of all photos, in the order of their content. */
async function featuresOf({ core }: TrainingCore): Promise<Float32Array[]> {
  const model = await wantedModel(core.context, {});
  const all = await listContents(core.context.project().database);
  return model.compute(all, new AbortController().signal);
}

async function testAccuracy(core: TrainingCore): Promise<number> {
  const ended = core.untilStatus('done', 'failed');
  await core.client.training.start({ recipe: 'linear-probe', settings: { seed: 1 } });
  const { id } = await ended;
  return (await core.client.training.evaluate({ run: id, split: 'test' })).accuracy;
}

describe.skipIf(python === null)(`a cluster of Ray ${missing ?? ''}`, { tags: ['long'] }, () => {
  beforeAll(async () => {
    const drawn = await trainingCore();
    cores.push(drawn);
    photos = join(drawn.folder, 'photos');
    await drawShapes(photos, 150);
    cluster = await startRay(python!, 2);
  }, 400_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await cluster?.stop();
    for (const core of cores) await core.close();
  });

  test('is added once it answers, and only then', async () => {
    const { core } = cores[0];
    expect(await codeOf(core.clusters.add('http://127.0.0.1:1'))).toBe('CLUSTER_UNREACHABLE');
    expect(await core.clusters.list()).toEqual([]);
    expect(await core.clusters.add(cluster.address)).toMatchObject({
      address: cluster.address,
      ray: '2.60.0',
    });
    expect((await core.clusters.status(cluster.address)).resources?.CPU?.[1]).toBe(2);
    expect(await core.clusters.remove(cluster.address)).toBe(cluster.address);
    expect(await codeOf(core.clusters.remove(cluster.address))).toBe('CLUSTER_UNKNOWN');
  });

  test(
    'computes features that are those of this computer, in parts; a run learnt from them tests alike',
    { timeout: 400_000 },
    async () => {
      const [here, there] = [await openCore(), await openCore()];
      const work = { emit: () => undefined, signal: new AbortController().signal };
      await here.core.shards.compute({}, work);
      const phases = new Set<string>();
      const emit = ({ phase }: ExportProgress): void => void phases.add(phase);
      const done = await onCluster(there, { perJob: 200, emit });
      expect(done).toMatchObject({ there: 0, imported: 300, missing: 0, jobs: 2 });
      expect(phases).toContain('computing on the cluster');
      const [own, foreign] = [await featuresOf(here), await featuresOf(there)];
      expect(own).toHaveLength(300);
      const differences = own.map((values, at) => largestDifferenceOf(foreign[at], values));
      expect(Math.max(...differences)).toBeLessThan(1e-4);
      expect(await onCluster(there, {})).toMatchObject({ there: 300, imported: 0, jobs: 0 });
      expect(await testAccuracy(there)).toBe(await testAccuracy(here));
    },
  );

  test('ends a job right when one of its workers dies in the middle', { timeout: 400_000 }, async () => {
    const core = await openCore();
    const killed: Promise<void>[] = [];
    const emit = ({ phase, done }: ExportProgress): void => {
      if (phase === 'computing on the cluster' && done > 0) killed[0] ??= cluster.workers[0].stop();
    };
    expect(await onCluster(core, { emit })).toMatchObject({ imported: 300, missing: 0, jobs: 1 });
    expect(killed).toHaveLength(1);
    await killed[0];
  });

  test('stops the job when it is cancelled, and goes on where it was', { timeout: 400_000 }, async () => {
    const core = await openCore();
    const controller = new AbortController();
    const before = (await jobs()).length;
    const cancelled = codeOf(onCluster(core, { perJob: 100, signal: controller.signal }));
    // The first part is there, the second one is on its way or being computed.
    await until(
      async () =>
        (await jobs()).filter(({ status }) => status === 'RUNNING').length > 0 &&
        (await jobs()).length === before + 2,
    );
    controller.abort();
    expect(await cancelled).toBe('CANCELLED');
    await until(async () =>
      (await jobs()).every(({ status }) => status !== 'RUNNING' && status !== 'PENDING'),
    );
    expect((await jobs()).filter(({ status }) => status === 'STOPPED')).toHaveLength(1);
    const rest = await onCluster(core, { perJob: 300 });
    expect(rest.there).toBeGreaterThanOrEqual(100);
    expect(rest).toMatchObject({ imported: 300 - rest.there, missing: 0 });
  });
});
