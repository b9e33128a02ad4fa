import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { CrossValidation } from '../../../../src-main/contract/app/judging/cross-validation.ts';
import { packRanges } from '../../../../src-main/contract/shared/id-ranges.ts';
import { writeNarrowNetwork } from '../../../fixtures/models/small-backbone-file.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import { type TrainingCore, codeOf, importInto, trainingCore } from '../../../fixtures/training-core.ts';

let here: TrainingCore;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lenslet-training-'));
  const given = join(folder, 'networks');
  await writeNarrowNetwork(given);
  vi.stubEnv('LENSLET_BACKBONES', given);
  here = await trainingCore(folder);
  const shapes = join(here.folder, 'shapes');
  await drawShapes(shapes, 30);
  await importInto(here, shapes);
}, 60_000);
afterAll(async () => {
  await here.close();
  vi.unstubAllEnvs();
});

async function crossValidate(folds: number): Promise<CrossValidation> {
  for await (const event of await here.client.training.crossValidate({ folds }))
    if (event.type === 'done') return event.result;
  throw new Error('it did not end');
}

it('judges every training and validation photo once, and no test photo', async () => {
  const { splits } = await here.client.datasets.summary();
  const found = await crossValidate(4);
  const sum = (counts: Record<string, number> = {}) =>
    Object.values(counts).reduce((all, one) => all + one, 0);
  expect(found.images).toBe(sum(splits.train) + sum(splits.validation));
  expect(found.folds).toHaveLength(4);
  expect(found.folds.reduce((all, { images }) => all + images, 0)).toBe(found.images);
  expect(found.confusionMatrix.flat().reduce((all, one) => all + one, 0)).toBe(found.images);
  const right = found.confusionMatrix.reduce((all, row, index) => all + row[index], 0);
  expect(found.accuracy).toBeCloseTo(right / found.images, 12);
  expect(found.accuracy).toBeGreaterThan(0.8);
  expect(found.interval![0]).toBeLessThan(found.accuracy);
  for (const { support, recallInterval } of found.classes) {
    expect(support).toBeGreaterThan(0);
    expect(recallInterval).not.toBeNull();
  }
  // The same folds give the same figures.
  expect(await crossValidate(4)).toMatchObject({
    confusionMatrix: found.confusionMatrix,
    folds: found.folds,
  });
}, 120_000);

it('says what it needs where a class has a single photo', async () => {
  const [first] = (await here.client.datasets.summary()).classes;
  const ids = await here.client.datasets.listImages({ classId: first.id });
  await here.client.labels.apply({ kind: 'exclude', images: packRanges(ids.slice(0, -1)) });
  expect(await codeOf(crossValidate(4))).toMatch(/INPUT_INVALID|DATASET_EMPTY_SPLIT/);
});
