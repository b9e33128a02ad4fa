/** From one run to the next: what changed on the same photos, and the training photos a photo is like. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Run, SimilarPhoto } from '../../../../src-main/contract/app/index.ts';
import { packRanges, unpackIds, unpackRanges } from '../../../../src-main/contract/shared/id-ranges.ts';
import { importShapesWithNetwork } from '../../../fixtures/narrow-project.ts';
import { type TrainingCore, codeOf, quick, trainingCore } from '../../../fixtures/training-core.ts';

let core: TrainingCore;
const discs: number[] = [];
const stripes: number[] = [];
/** A test photo of stripes that is labelled as discs, and a copy of it that is not taught. */
let planted: number;

async function train(recipe: string): Promise<Run> {
  const done = core.untilStatus('done', 'failed');
  const settings = recipe === 'scratch' ? { ...quick, epochs: 1 } : {};
  await core.client.training.start({ recipe, settings });
  const run = await done;
  await vi.waitUntil(async () => (await core.client.training.evaluations({ run: run.id })).length > 0, 5000);
  return run;
}
const split = (ids: number[], to: 'train' | 'validation' | 'test') =>
  core.client.labels.apply({ kind: 'split', images: packRanges(ids), split: to });
async function similar(run: string, image: number): Promise<{ features: string; photos: SimilarPhoto[] }> {
  for await (const event of await core.client.results.similar({ run, image, count: 5 }))
    if (event.type === 'done') return event;
  throw new Error('it ended without an answer');
}

beforeAll(async () => {
  core = await trainingCore();
  await importShapesWithNetwork(core, 20);
  const ids = [...unpackIds((await core.client.labels.list({})).ids)];
  for (const { id, path } of await core.client.datasets.getImages({ ids }))
    (path.includes('discs') ? discs : stripes).push(id);
  await split([...discs.slice(0, 10), ...stripes.slice(0, 10)], 'train');
  await split([...discs.slice(10, 12), ...stripes.slice(10, 12)], 'validation');
  await split([...discs.slice(12), ...stripes.slice(12)], 'test');
  planted = stripes[15];
  await core.client.labels.apply({ kind: 'label-as', images: String(planted), name: 'discs' });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await core.close();
});

test('says which photos flipped, judged by the present labels, and what each run was measured on', async () => {
  const { client } = core;
  const first = await train('scratch');
  const second = await train('linear-probe');
  expect(second.test!.accuracy).toBe(15 / 16);

  const change = await client.results.compare({ before: first.id, after: second.id });
  expect(change).toMatchObject({ split: 'test', images: 16, relabelled: 0 });
  expect(change.before).toMatchObject({ run: first.id, tested: first.test!.accuracy, missing: 0 });
  expect(change.accuracy.before).toBeCloseTo(first.test!.accuracy, 12);
  expect(change.accuracy.after).toBeCloseTo(second.test!.accuracy, 12);
  expect(change.better - change.worse).toBe(Math.round(16 * (second.test!.accuracy - first.test!.accuracy)));
  expect(change.flips).toHaveLength(change.better + change.worse + change.other);
  const better = change.flips.filter((flip) => flip.change === 'better');
  expect(packRanges(better.map(({ image }) => image))).toBe(change.changed.better);
  for (const { before, after, label } of better) {
    expect(after.label).toBe(label);
    expect(before.label).not.toBe(label);
  }
  // The list of them can be shown.
  const shown = await client.labels.list({ filter: { images: change.changed.better } });
  expect([...unpackIds(shown.ids)]).toEqual(unpackRanges(change.changed.better));

  // The same answers, judged by a label that was put right: both gain the photo.
  const wrong = await client.labels.list({ filter: { run: second.id, prediction: 'wrong', split: 'test' } });
  expect([...unpackIds(wrong.ids)]).toContain(planted);
  await client.labels.apply({ kind: 'label-as', images: String(planted), name: 'stripes' });
  const righted = await client.results.compare({ before: first.id, after: second.id });
  expect(righted.relabelled).toBe(1);
  const edited = { excluded: 0, relabelled: 1, moved: 0, added: 0 };
  expect(await client.results.changes({ run: second.id })).toEqual(edited);
  expect(righted.accuracy.after).toBeCloseTo(second.test!.accuracy + 1 / 16, 12);
  expect(righted.after.tested).toBeCloseTo(second.test!.accuracy, 12);
  await client.labels.undo();

  // A photo that one of the runs learned from is not compared, one that is left out neither.
  await split([discs[0]], 'test');
  expect((await client.results.compare({ before: first.id, after: second.id })).images).toBe(16);
  await client.labels.undo();
  await client.labels.apply({ kind: 'exclude', images: String(discs[19]) });
  expect((await client.results.compare({ before: first.id, after: second.id })).images).toBe(15);
  await client.labels.undo();

  expect(await codeOf(client.results.compare({ before: first.id, after: first.id }))).toBe('INPUT_INVALID');
  const unmeasured = client.results.compare({ before: first.id, after: second.id, split: 'validation' });
  expect(await codeOf(unmeasured)).toBe('RESULTS_NOT_MEASURED');

  // Likeness by the network's features: what looks like stripes lies by the stripes that were taught.
  const like = await similar(second.id, planted);
  expect(like.features).toContain('MobileNetV2');
  expect(like.photos).toHaveLength(5);
  expect(like.photos.filter(({ learntAs }) => learntAs === 'stripes').length).toBeGreaterThanOrEqual(4);
  const similarities = like.photos.map(({ similarity }) => similarity);
  expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
  expect(like.photos.every(({ image }) => [...discs, ...stripes].slice(0).includes(image))).toBe(true);
  // A photo that was taught is not its own neighbour.
  expect((await similar(second.id, stripes[0])).photos.map(({ image }) => image)).not.toContain(stripes[0]);

  // Without a network: by colours and shapes.
  vi.stubEnv('LENSLET_BACKBONES', join(core.folder, 'nothing'));
  const plain = await similar(second.id, planted);
  expect(plain.features).toBe('colours and shapes');
  expect(plain.photos).toHaveLength(5);
  expect(await codeOf(similar(second.id, 99_999))).toBe('NOT_FOUND');
});
