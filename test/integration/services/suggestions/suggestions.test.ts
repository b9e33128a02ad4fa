import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { packRanges, unpackIds } from '../../../../src-main/contract/shared/id-ranges.ts';
import type { SuggestionsState } from '../../../../src-main/contract/app/suggestions.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import { writeNarrowNetwork } from '../../../fixtures/models/small-backbone-file.ts';
import { type TrainingCore, importInto, quick, trainingCore } from '../../../fixtures/training-core.ts';

let core: TrainingCore;
beforeEach(async () => {
  core = await trainingCore();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await core.close();
});

/** Opens a project of drawn discs and stripes without labels, with a network beside it. */
async function openShapes(each = 16, network = true): Promise<Map<number, string>> {
  const given = join(core.folder, 'given');
  mkdirSync(given);
  if (network) await writeNarrowNetwork(given);
  vi.stubEnv('LENSLET_BACKBONES', given);
  const photos = join(core.folder, 'photos');
  await drawShapes(photos, each);
  await importInto(core, photos);
  return takeLabelsAway();
}

/** Takes all labels away. @returns what each photo really shows */
async function takeLabelsAway(): Promise<Map<number, string>> {
  const ids = [...unpackIds((await core.client.labels.list({})).ids)];
  const names = new Map((await core.client.datasets.summary()).classes.map(({ id, name }) => [id, name]));
  const truth = new Map<number, string>();
  for (let start = 0; start < ids.length; start += 1000) {
    const images = await core.client.datasets.getImages({ ids: ids.slice(start, start + 1000) });
    for (const { id, classId } of images) truth.set(id, names.get(classId!)!);
  }
  await core.client.labels.apply({ kind: 'label', images: packRanges(ids), classId: null });
  return truth;
}

const photosOf = (truth: Map<number, string>, name: string): number[] =>
  [...truth].filter(([, one]) => one === name).map(([id]) => id);
const label = (ids: number[], name: string) =>
  core.client.labels.apply({ kind: 'label-as', images: packRanges(ids), name });
async function settled(): Promise<SuggestionsState> {
  await core.core.suggestions.idle();
  return core.client.suggestions.state();
}
/** Share of the suggestions that name what is really there. */
async function rightShare(truth: Map<number, string>): Promise<number> {
  const { suggestions } = await core.client.suggestions.of({ ids: [...truth.keys()].slice(0, 5000) });
  const names = new Map((await core.client.datasets.summary()).classes.map(({ id, name }) => [id, name]));
  const right = suggestions.filter(({ id, classId }) => names.get(classId) === truth.get(id));
  return right.length / truth.size;
}

describe('labels suggested by a network', () => {
  test('are off at first: nothing is computed, nothing is said', async () => {
    const truth = await openShapes(6);
    expect(await core.client.suggestions.state()).toMatchObject({ on: false, status: 'off', version: null });
    await label(photosOf(truth, 'discs').slice(0, 4), 'discs');
    await label(photosOf(truth, 'stripes').slice(0, 4), 'stripes');
    await core.core.suggestions.idle();
    expect((await core.client.suggestions.of({ ids: [...truth.keys()] })).suggestions).toEqual([]);
    expect(core.told.filter(({ type }) => type === 'suggestions')).toEqual([]);
    expect(core.children).toHaveLength(0);
  });

  test('say what is missing, come with the labels, follow undo and classes, and end with the switch', async () => {
    const truth = await openShapes();
    const [discs, stripes] = [photosOf(truth, 'discs'), photosOf(truth, 'stripes')];
    const { client } = core;
    expect(await client.suggestions.switch({ on: true })).toMatchObject({ on: true, status: 'working' });
    const before = await settled();
    expect(before).toMatchObject({ status: 'waiting', waitsFor: 'labels', minPerClass: 3, version: null });
    // What to label first is known before there is anything to learn from: photos of both kinds.
    expect(before.order).not.toBeNull();
    const next = async () => [
      ...unpackIds((await client.labels.list({ sort: { by: 'next' }, filter: { unlabelled: true } })).ids),
    ];
    const firstOnes = (await next()).slice(0, 8).map((id) => truth.get(id));
    expect(new Set(firstOnes)).toEqual(new Set(['discs', 'stripes']));
    const phases = core.told.flatMap((event) =>
      event.type === 'suggestions' ? [event.suggestions.progress.phase] : [],
    );
    expect(phases).toContain('looking at photos');

    await label(discs.slice(0, 3), 'discs');
    await label(stripes.slice(0, 2), 'stripes');
    expect(await settled()).toMatchObject({ waitsFor: 'labels', version: null });
    await label([stripes[2]], 'stripes');
    const first = await settled();
    expect(first).toMatchObject({ status: 'fresh', learntFrom: 6, suggested: 26, waitsFor: null });

    // The least certain come first; those of labelled photos are there as well.
    const listed = [
      ...unpackIds(
        (await client.labels.list({ sort: { by: 'uncertainty' }, filter: { unlabelled: true } })).ids,
      ),
    ];
    const { suggestions } = await client.suggestions.of({ ids: listed });
    const certainty = suggestions.map(({ probability }) => probability);
    expect(certainty).toHaveLength(26);
    expect(certainty).toEqual([...certainty].sort((a, b) => a - b));

    // In the queue each photo comes once, and those without a label only.
    const queue = await next();
    expect([...queue].sort((a, b) => a - b)).toEqual([...listed].sort((a, b) => a - b));
    expect(queue).not.toEqual(listed);

    // Accepted and contradicted ones are counted, each once; undo takes them back.
    const { classes } = await client.datasets.summary();
    const [one, two] = suggestions.slice(-2);
    const other = classes.find(({ id }) => id !== two.classId)!.id;
    await client.labels.apply({ kind: 'label', images: String(one.id), classId: one.classId });
    await client.labels.apply({ kind: 'label', images: String(two.id), classId: other });
    expect((await settled()).agreement).toEqual({ asked: 2, agreed: 1 });
    expect((await settled()).version).toBeGreaterThan(first.version!);
    await client.labels.undo();
    expect(await settled()).toMatchObject({ agreement: { asked: 1, agreed: 1 }, learntFrom: 7 });

    // A new class is suggested once it has photos; a removed one no longer.
    const free = stripes.slice(3).filter((id) => id !== one.id && id !== two.id);
    await label(free.slice(0, 4), 'bars');
    await settled();
    const bars = (await client.datasets.summary()).classes.find(({ name }) => name === 'bars')!.id;
    const ofBars = await client.suggestions.of({ ids: stripes });
    expect(ofBars.suggestions.map(({ classId }) => classId)).toContain(bars);
    await client.labels.apply({ kind: 'class-delete', classId: bars });
    const atOnce = await client.suggestions.of({ ids: stripes });
    expect(atOnce.suggestions.map(({ classId }) => classId)).not.toContain(bars);
    await settled();
    await client.labels.undo();
    expect(await settled()).toMatchObject({ status: 'fresh', learntFrom: 11 });

    expect(await client.suggestions.switch({ on: false })).toMatchObject({ on: false, version: null });
    expect((await client.suggestions.of({ ids: stripes })).suggestions).toEqual([]);
    const told = core.told.length;
    await label([discs[10]], 'discs');
    await core.core.suggestions.idle();
    expect(core.told.slice(told).map(({ type }) => type)).not.toContain('suggestions');
  });

  test('are kept switched on across a restart, and survive an emptied cache and photos that come later', async () => {
    const truth = await openShapes(16);
    await label(photosOf(truth, 'discs').slice(0, 10), 'discs');
    await label(photosOf(truth, 'stripes').slice(0, 10), 'stripes');
    await core.client.suggestions.switch({ on: true });
    expect(await settled()).toMatchObject({ status: 'fresh', suggested: 12 });
    expect(await rightShare(truth)).toBeGreaterThan(0.75);
    const { folder, cacheFolder } = core.core.context.project();
    await core.core.projects.close();
    rmSync(cacheFolder, { recursive: true, force: true });
    await core.core.projects.openFolder(folder);
    expect(await core.client.suggestions.state()).toMatchObject({ on: true, status: 'working' });
    expect(await settled()).toMatchObject({ status: 'fresh', suggested: 12 });
    const more = join(core.folder, 'more');
    await drawShapes(more, 2, 99);
    await core.core.imports.importPaths([more]);
    expect(await settled()).toMatchObject({ status: 'fresh', learntFrom: 24 });
  });

  test('say that a network is missing, and begin when one comes', async () => {
    const truth = await openShapes(4, false);
    await label(photosOf(truth, 'discs'), 'discs');
    await label(photosOf(truth, 'stripes').slice(0, 3), 'stripes');
    await core.client.suggestions.switch({ on: true });
    expect(await settled()).toMatchObject({ on: true, status: 'waiting', waitsFor: 'backbone' });
    await writeNarrowNetwork(join(core.folder, 'given'));
    core.core.context.events.emit({ type: 'backbones', backbones: await core.client.backbones.list() });
    expect(await settled()).toMatchObject({ status: 'fresh', suggested: 1 });
  });

  test('wait while a training works, and go on after it', async () => {
    const truth = await openShapes(16);
    await label(photosOf(truth, 'discs'), 'discs');
    await label(photosOf(truth, 'stripes').slice(0, 14), 'stripes');
    await core.client.suggestions.switch({ on: true });
    expect(await settled()).toMatchObject({ status: 'fresh', suggested: 2 });
    const done = core.untilStatus('done');
    await core.client.training.start({ recipe: 'scratch', settings: { ...quick, epochs: 2 } });
    await label(photosOf(truth, 'stripes').slice(14, 15), 'stripes');
    const meanwhile = await settled();
    expect(meanwhile).toMatchObject({ status: 'waiting', waitsFor: 'training', learntFrom: 30 });
    await done;
    await vi.waitFor(async () => expect((await settled()).learntFrom).toBe(31), { timeout: 10_000 });
  });
});

const network = sharedData('backbones/mobilenet_v2_1.0_224');
const pets = sharedData('cats_and_dogs_original/train');
test.skipIf(network === null || pets === null)(
  'twenty labels tell cats from dogs (needs the shared data)',
  { tags: ['long'] },
  async () => {
    vi.stubEnv('LENSLET_BACKBONES', network!);
    await importInto(core, pets!);
    const truth = await takeLabelsAway();
    await label(photosOf(truth, 'cats').slice(0, 10), 'cats');
    await label(photosOf(truth, 'dogs').slice(0, 10), 'dogs');
    await core.client.suggestions.switch({ on: true });
    expect(await settled()).toMatchObject({ status: 'fresh', learntFrom: 20 });
    expect(await rightShare(truth)).toBeGreaterThan(0.9);
  },
);
