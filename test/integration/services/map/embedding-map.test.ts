import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { unpackIds } from '../../../../src-main/contract/shared/id-ranges.ts';
import { photoFlags } from '../../../../src-main/contract/app/map.ts';
import { stream } from '../../../../src-main/core/random/random.ts';
import { SignalStore } from '../../../../src-main/analysis/checks/measure/signal-store.ts';
import { makeMap } from '../../../../src-main/analysis/map/map-thread.ts';
import { type TestCore, openTestCore } from '../../../fixtures/core-without-engine.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import { writeNarrowNetwork } from '../../../fixtures/models/small-backbone-file.ts';
import { type TrainingCore, codeOf, importInto, trainingCore } from '../../../fixtures/training-core.ts';

/** Photos of two kinds that colours and shapes tell apart: red above, blue below; and the other way round. */
async function drawHalves(folder: string, each: number, from = 0): Promise<void> {
  const kinds = { sunsets: ['#c03010', '#203060'], seas: ['#a0c8f0', '#105060'] };
  for (const [name, [above, below]] of Object.entries(kinds)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = from; i < from + each; i++) {
      const random = stream(3, name, i);
      const line = 40 + random.integer(20);
      const spot = `<circle cx="${random.integer(96)}" cy="${random.integer(96)}" r="${4 + random.integer(8)}" fill="#fff"/>`;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="${above}"/><rect y="${line}" width="96" height="96" fill="${below}"/>${spot}</svg>`;
      writeFileSync(join(folder, name, `${name} ${i}.jpg`), await sharp(Buffer.from(svg)).jpeg().toBuffer());
    }
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly group: number;
}

/** Share of photos whose nearest other photo on the map is of their class. */
function neighboursAgree(places: readonly Place[]): number {
  const right = places.filter((place) => {
    const others = places.filter((other) => other !== place);
    const distance = (other: Place): number => Math.hypot(other.x - place.x, other.y - place.y);
    const nearest = others.reduce((best, other) => (distance(other) < distance(best) ? other : best));
    return nearest.group === place.group;
  });
  return right.length / places.length;
}

async function readPlaces(client: TestCore['client']): Promise<Place[]> {
  const [map, marks] = await Promise.all([client.map.get(), client.map.marks()]);
  const classes = unpackIds(marks!.classes);
  return Array.from(unpackIds(map!.positions), (place, at) => ({
    x: place >>> 16,
    y: place & 0xffff,
    group: classes[at],
  }));
}

describe('a map by colours and shapes', () => {
  let open: TestCore;
  let photos: string;
  beforeAll(async () => {
    open = await openTestCore();
    photos = join(open.folder, 'photos');
    await drawHalves(photos, 30);
    await open.core.imports.importPaths([photos]);
  });
  afterAll(() => open.close());
  const client = (): TestCore['client'] => open.client;

  test('is not there at first, and says what it would be made of', async () => {
    expect(await client().map.get()).toBeNull();
    expect(await client().map.marks()).toBeNull();
    expect(await client().map.state()).toMatchObject({
      status: 'none',
      photos: 60,
      missing: 60,
      available: { kind: 'signals' },
    });
  });

  test('is computed in the background, with progress, and puts alike photos together', async () => {
    const phases = new Set<string>();
    const stop = open.core.context.events.on((event) => {
      if (event.type === 'map') phases.add(event.map.progress.phase);
    });
    expect(await client().map.compute({})).toMatchObject({ status: 'running' });
    expect(await codeOf(client().map.compute({}))).toBe('DATASET_MAP_RUNNING');
    expect(await open.core.map.idle()).toMatchObject({ status: 'done', error: null });
    stop();
    expect([...phases]).toContain('laying out');
    expect(await client().map.state()).toMatchObject({ status: 'fresh', missing: 0, photos: 60 });
    const places = await readPlaces(client());
    expect(places).toHaveLength(60);
    expect(neighboursAgree(places)).toBe(1);
  });

  test('is the same when it is computed again', async () => {
    const before = await client().map.get();
    await client().map.compute({});
    await open.core.map.idle();
    const after = await client().map.get();
    expect(after!.positions).toBe(before!.positions);
    expect(after!.version).not.toBe(before!.version);
    await client().map.compute({ seed: 5 });
    await open.core.map.idle();
    expect((await client().map.get())!.positions).not.toBe(before!.positions);
  });

  test('knows labels, splits, findings and what is left out', async () => {
    const map = await client().map.get();
    const [first, second] = unpackIds(map!.ids);
    await client().labels.apply({ kind: 'label', images: String(first), classId: null });
    await client().labels.apply({ kind: 'split', images: String(first), split: 'test' });
    await client().labels.apply({ kind: 'exclude', images: String(second) });
    await open.core.checks.runToEnd(['too-few-photos']);
    const marks = await client().map.marks();
    expect(unpackIds(marks!.classes)[0]).toBe(-1);
    expect(unpackIds(marks!.splits)[0]).toBe(2);
    expect(unpackIds(marks!.flags)[1]).toBe(photoFlags.excluded);
    expect(marks!.run).toBeNull();
    const found = marks!.checks.findIndex(({ id }) => id === 'too-few-photos');
    expect(found).toBeGreaterThanOrEqual(0);
    expect(unpackIds(marks!.findings).filter((bits) => (bits >> found) & 1).length).toBeGreaterThan(20);
    // An excluded photo is no news for the map; neither is a label.
    expect(await client().map.state()).toMatchObject({ status: 'fresh', photos: 59 });
    for (let i = 0; i < 3; i++) await client().labels.undo();
  });

  test('is kept: after a restart it is there without being computed', async () => {
    const before = await client().map.get();
    const { folder } = open.core.context.project();
    await open.core.projects.close();
    await open.core.projects.openFolder(folder);
    expect(await client().map.get()).toEqual(before);
    expect(await client().map.state()).toMatchObject({ status: 'fresh', run: null });
  });

  test('is out of date after an import, until it is computed again', async () => {
    const more = join(open.folder, 'more');
    await drawHalves(more, 4, 100);
    await open.core.imports.importPaths([more]);
    expect(await client().map.state()).toMatchObject({ status: 'stale', missing: 8, photos: 68 });
    await client().map.compute({});
    await open.core.map.idle();
    expect(await client().map.state()).toMatchObject({ status: 'fresh', missing: 0 });
    expect(neighboursAgree(await readPlaces(client()))).toBe(1);
  });

  test('can be cancelled, and the one before stays', async () => {
    const before = await client().map.get();
    await client().map.compute({ seed: 9 });
    await client().map.cancel();
    expect(await open.core.map.idle()).toMatchObject({ status: 'cancelled', error: null });
    expect(await client().map.get()).toEqual(before);
  });

  test('a cancelled thread ends at once, in the middle of its work', async () => {
    const store = join(open.core.context.project().cacheFolder, 'signals.db');
    const known = new SignalStore(store);
    known.close();
    const hash = open.core.context.project().database.prepare('SELECT hash FROM image').get()!.hash as string;
    // Enough photos to take seconds.
    const rows = { kind: 'signals' as const, store, hashes: new Array<string>(4000).fill(hash) };
    const stop = new AbortController();
    const work = makeMap({ rows, seed: 1 }, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(await codeOf(work)).toBe('CANCELLED');
  });

  test('photos whose files are gone keep the others from nothing', async () => {
    const project = open.core.context.project();
    await rename(photos, `${photos} away`);
    rmSync(project.cacheFolder, { recursive: true, force: true });
    mkdirSync(project.cacheFolder);
    await client().map.compute({});
    const run = await open.core.map.idle();
    await rename(`${photos} away`, photos);
    expect(run).toMatchObject({ status: 'done' });
    expect(await client().map.state()).toMatchObject({ status: 'stale', missing: 60, photos: 68 });
  });

  test('an empty project says so', async () => {
    await open.core.projects.close();
    await open.core.projects.create({ name: 'Empty' });
    await client().map.compute({});
    expect(await open.core.map.idle()).toMatchObject({
      status: 'failed',
      error: { code: 'DATASET_MAP_EMPTY' },
    });
  });
});

describe('a map by what a network sees', () => {
  let core: TrainingCore;
  afterEach(async () => {
    vi.unstubAllEnvs();
    await core.close();
  });

  test('uses the features of the best network on this machine, and the same ones the next time', async () => {
    core = await trainingCore();
    const given = join(core.folder, 'given');
    await writeNarrowNetwork(given);
    vi.stubEnv('LENSLET_BACKBONES', given);
    const photos = join(core.folder, 'photos');
    await drawShapes(photos, 16);
    await importInto(core, photos);
    expect(await core.client.map.state()).toMatchObject({ available: { kind: 'backbone' } });
    const phases = (): string[] =>
      core.told.splice(0).flatMap((event) => (event.type === 'map' ? [event.map.progress.phase] : []));
    await core.client.map.compute({});
    expect(await core.core.map.idle()).toMatchObject({ status: 'done', error: null });
    expect(phases()).toContain('computing features');
    const map = await core.client.map.get();
    expect(map!.features).toEqual({
      kind: 'backbone',
      label: expect.stringContaining('MobileNet') as string,
    });
    expect(neighboursAgree(await readPlaces(core.client))).toBeGreaterThan(0.8);

    await core.client.map.compute({ features: 'signals' });
    await core.core.map.idle();
    expect((await core.client.map.get())!.features.kind).toBe('signals');
    await core.client.map.compute({});
    await core.core.map.idle();
    expect((await core.client.map.get())!.positions).toBe(map!.positions);
  });

  const network = sharedData('backbones/mobilenet_v2_1.0_224');
  const pets = sharedData('cats_and_dogs_original/train');
  test.skipIf(network === null || pets === null)(
    'cats lie among cats and dogs among dogs (needs the shared data)',
    { tags: ['long'] },
    async () => {
      core = await trainingCore();
      vi.stubEnv('LENSLET_BACKBONES', network!);
      await importInto(core, pets!);
      await core.client.map.compute({});
      expect(await core.core.map.idle()).toMatchObject({ status: 'done', error: null });
      expect(neighboursAgree(await readPlaces(core.client))).toBeGreaterThan(0.9);
    },
  );
});
