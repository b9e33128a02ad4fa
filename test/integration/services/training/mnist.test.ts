import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { type TrainingCore, importInto, trainingCore } from '../../../fixtures/training-core.ts';

const mnist = sharedData('mnist');

describe.skipIf(mnist === null)('handwritten digits', { tags: ['long'] }, () => {
  let here: TrainingCore;
  beforeAll(async () => {
    here = await trainingCore();
    await importInto(here, mnist!);
  });
  afterAll(async () => {
    await here.close();
  });

  it('one epoch of the one-click choice reads 97% of them, with 93,322 parameters', async () => {
    const plan = await here.client.training.plan({});
    expect(plan).toMatchObject({
      recipe: 'mnist',
      blocker: null,
      settings: { stepsPerEpoch: 938, batchSize: 64 },
    });
    await here.client.training.start({ settings: { epochs: 1 } });
    const run = await here.untilStatus('done', 'failed', 'interrupted');
    expect(run).toMatchObject({ status: 'done', params: 93_322, trainableWeights: 10 });
    expect(run.test!.accuracy).toBeGreaterThanOrEqual(0.97);
    const [evaluation] = await here.client.training.evaluations({ run: run.id });
    expect(evaluation).toMatchObject({ images: 10_000, uses: 1 });
    expect(evaluation.classes.map(({ name }) => name)).toEqual([...'0123456789']);
  });
});
