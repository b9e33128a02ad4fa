/** Training on a pretrained network: features computed once, heads, fine-tuning; on the real engine. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../../../src-main/contract/app/runs.ts';
import type { TrainingSettings } from '../../../../src-main/contract/shared/training-settings.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import { writeSmallBackbone } from '../../../fixtures/models/small-backbone-file.ts';
import {
  type TrainingCore,
  codeOf,
  importInto,
  killLast,
  trainingCore,
} from '../../../fixtures/training-core.ts';

describe('on a pretrained network', () => {
  let here: TrainingCore;
  let backbone: string;
  beforeAll(async () => {
    here = await trainingCore();
    backbone = await writeSmallBackbone(join(here.folder, 'network'));
    await here.core.nameBackbone(backbone);
    const shapes = join(here.folder, 'shapes');
    await drawShapes(shapes, 40);
    await importInto(here, shapes);
  });
  afterAll(async () => {
    await here.close();
  });

  const settings = (more: TrainingSettings): TrainingSettings => ({
    backbone,
    imageSize: 48,
    batchSize: 16,
    learningRate: 1e-2,
    epochs: 8,
    ...more,
  });
  const train = async (recipe: string, more: TrainingSettings = {}): Promise<Run> => {
    const over = here.untilStatus('done', 'failed', 'interrupted');
    await here.client.training.start({ recipe, settings: settings(more) });
    const run = await over;
    expect(run.error).toBeNull();
    return run;
  };
  const featureFiles = () => {
    const folder = join(here.projectFolder, 'cache', 'tiles', '48x3', 'features');
    return readdirSync(folder).filter((name) => name.endsWith('.features'));
  };
  const losses = (run: Run) => run.history.map(({ loss, valLoss, stage }) => [loss, valLoss, stage]);

  let extraction: Run;
  it('feature extraction learns, and a second run finds the features there', async () => {
    extraction = await train('feature-extraction', { keepBest: false });
    expect(extraction.history).toHaveLength(8);
    expect(extraction.test!.accuracy).toBeGreaterThanOrEqual(0.8);
    expect(extraction.trainableWeights).toBe(4);
    const files = featureFiles();
    expect(files).toHaveLength(1);
    const path = join(here.projectFolder, 'cache', 'tiles', '48x3', 'features', files[0]);
    const { mtimeMs } = statSync(path);
    const again = await train('feature-extraction', { keepBest: false });
    expect(losses(again)).toEqual(losses(extraction));
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  it('a linear probe solves for its head: whatever the batch size, the same, and no worse than steps', async () => {
    const probe = await train('linear-probe');
    expect(probe).toMatchObject({ totalEpochs: 1, resumable: false, trainableWeights: 2 });
    expect(probe.history).toMatchObject([{ epoch: 1, stage: 'head' }]);
    expect(probe.test!.accuracy).toBeGreaterThanOrEqual(extraction.test!.accuracy);
    expect(probe.history[0].valLoss!).toBeLessThan(extraction.history.at(-1)!.valLoss!);
    const again = await train('linear-probe', { batchSize: 5 });
    expect(again.history[0].valLoss).toBeCloseTo(probe.history[0].valLoss!, 5);
    // What the model in the file says is what the head said.
    const kept = await here.client.training.evaluate({ run: probe.id, split: 'validation' });
    expect(kept.loss).toBeCloseTo(probe.history[0].valLoss!, 5);
    expect(kept.accuracy).toBe(probe.history[0].valAccuracy);
  });

  it('fine-tuning after it is kept where it lowers the validation loss, else the head as it was', async () => {
    const tuning = { epochs: 2, unfreezeFrom: 'conv_2', augmentation: null };
    const run = await train('tuned-probe', { ...tuning, learningRate: 1e-4 });
    expect(run.totalEpochs).toBe(3);
    expect(run.history.map(({ stage }) => stage)).toEqual(['head', 'fine-tuning', 'fine-tuning']);
    const lossOf = async ({ id }: Run) =>
      (await here.client.training.evaluate({ run: id, split: 'validation' })).loss;
    expect(await lossOf(run)).toBeCloseTo(Math.min(...run.history.map(({ valLoss }) => valLoss!)), 4);
    const spoilt = await train('tuned-probe', { ...tuning, learningRate: 0.5, schedule: 'constant' });
    const [head, ...tuned] = spoilt.history.map(({ valLoss }) => valLoss!);
    expect(Math.min(...tuned)).toBeGreaterThan(head);
    expect(await lossOf(spoilt)).toBeCloseTo(head, 4);
  });

  it('a linear probe has no more epochs and no learning rate', async () => {
    const { id } = (await here.client.training.runs()).find(({ recipe }) => recipe === 'linear-probe')!;
    expect(await codeOf(here.client.training.extend({ run: id, epochs: 3 }))).toBe('TRAINING_WITHOUT_STEPS');
    const find = async () => {
      const request = { recipe: 'linear-probe', settings: settings({}) };
      for await (const event of await here.client.training.findLearningRate(request))
        expect(event).toBeNull();
    };
    expect(await codeOf(find())).toBe('TRAINING_WITHOUT_STEPS');
  });

  it('the saved model says of photos what the head said of their features', async () => {
    const { client } = here;
    const [evaluation] = await client.training.evaluations({ run: extraction.id });
    const ids = await client.datasets.listImages({ split: 'test' });
    const predictions = await client.training.predict({ run: extraction.id, images: ids });
    const photos = await client.datasets.getImages({ ids });
    const classes = (await client.datasets.summary()).classes;
    const right = predictions.filter(({ label }, index) => {
      const own = classes.find(({ id }) => id === photos[index].classId);
      return label === own?.name;
    });
    expect(right.length / predictions.length).toBeCloseTo(evaluation.accuracy, 6);
    expect(evaluation.interval![0]).toBeLessThan(evaluation.accuracy);
  });

  it('augmented copies have features of their own, and are trained on', async () => {
    const augmentation = {
      transforms: { 'horizontal-flip': {} },
      fillMode: 'nearest' as const,
      fillValue: 0,
    };
    const run = await train('feature-extraction', { augmentation, augmentedCopies: 2, epochs: 3 });
    expect(featureFiles()).toHaveLength(3);
    expect(losses(run)).not.toEqual(losses(extraction).slice(0, 3));
  });

  it('fine-tuning trains the head first, then the layers from the chosen one on', async () => {
    const before = await here.client.training.summary({ recipe: 'fine-tuning', settings: settings({}) });
    expect(before).toMatchObject({ trainableWeights: 4, unfrozenWeights: 8 });
    const run = await train('fine-tuning', {
      headEpochs: 4,
      headLearningRate: 1e-2,
      learningRate: 1e-4,
      epochs: 3,
      unfreezeFrom: 'conv_2',
      augmentation: null,
    });
    expect(run.totalEpochs).toBe(7);
    expect(run.history.map(({ stage }) => stage)).toEqual([
      ...new Array<string>(4).fill('head'),
      ...new Array<string>(3).fill('fine-tuning'),
    ]);
    expect(run.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    // The kernel and bias of conv_2, and the head's four.
    expect(run.trainableWeights).toBe(6);
    expect(run.history.at(-1)!.loss).toBeLessThan(run.history[0].loss);
    expect(
      await codeOf(
        here.client.training.summary({
          recipe: 'fine-tuning',
          settings: settings({ backbone: 'nowhere/model.json' }),
        }),
      ),
    ).toBe('BACKBONE_NOT_CHOSEN');
  });

  it('rejects a layer that does not exist with the names of those that do', async () => {
    const draft = {
      recipe: 'fine-tuning',
      settings: settings({ headEpochs: 1, epochs: 1, unfreezeFrom: 'block9' }),
    };
    const unknown = { code: 'TRAINING_LAYER_UNKNOWN', params: { known: 'conv_1, conv_2' } };
    const plan = await here.client.training.plan(draft);
    expect(plan).toMatchObject({ summary: null, blocker: unknown });
    expect(plan.baseline).toMatchObject({ unfreezeFrom: null, backbone: plan.settings.backbone });
    await expect(here.client.training.start(draft)).rejects.toMatchObject({ data: unknown });
  });

  it('a run whose engine is killed in its second stage goes on to the same history', async () => {
    const wanted: TrainingSettings = {
      headEpochs: 3,
      headLearningRate: 1e-2,
      learningRate: 1e-4,
      epochs: 12,
    };
    const whole = await train('fine-tuning', wanted);
    const killed = here.untilStatus('interrupted', 'done');
    const reached = here.until(({ history }) => history.length >= 5);
    const { id } = await here.client.training.start({ recipe: 'fine-tuning', settings: settings(wanted) });
    await reached;
    killLast(here);
    expect(await killed).toMatchObject({ id, status: 'interrupted', resumable: true });
    const over = here.untilStatus('done', 'failed');
    await here.client.training.resume({ run: id });
    expect(losses(await over)).toEqual(losses(whole));
  });

  it('a frozen network looks at augmented pictures; a finished run can be extended', async () => {
    const run = await train('frozen-augmented', { epochs: 2 });
    expect(run.trainableWeights).toBe(4);
    const over = here.untilStatus('done', 'failed', 'interrupted');
    await here.client.training.extend({ run: run.id, epochs: 2 });
    const longer = await over;
    expect(losses(longer).slice(0, 2)).toEqual(losses(run));
    expect(longer.history).toHaveLength(4);
    expect(longer.totalEpochs).toBe(4);
  });

  it('stops at once while it computes features, and what it computed serves the next run', async () => {
    const computing = here.until(({ progress }) => progress?.phase === 'computing features');
    const over = here.untilStatus('stopped', 'done', 'failed', 'interrupted');
    const augmentation = {
      transforms: { rotation: { rotation_range: 30 } },
      fillMode: 'nearest' as const,
      fillValue: 0,
    };
    const { id } = await here.client.training.start({
      recipe: 'feature-extraction',
      settings: settings({ augmentation, augmentedCopies: 40 }),
    });
    expect((await computing).status).toBe('preparing');
    await here.client.training.stop({ run: id });
    expect(await over).toMatchObject({ id, status: 'interrupted', history: [], error: null });
    expect((await train('feature-extraction', { epochs: 1 })).history).toHaveLength(1);
  });

  it('early stopping ends a run that gets no better, and the best epoch is kept', async () => {
    const run = await train('feature-extraction', {
      epochs: 200,
      patience: 3,
      keepBest: true,
      learningRate: 0.05,
    });
    expect(run.history.length).toBeLessThan(200);
    const valLosses = run.history.map(({ valLoss }) => valLoss!);
    const best = valLosses.indexOf(Math.min(...valLosses));
    expect(best).toBe(run.history.length - 4);
    const kept = await here.client.training.evaluate({ run: run.id, split: 'validation' });
    expect(kept.loss).toBeCloseTo(valLosses[best], 4);
  });

  it('says what it assumes of a file’s preprocessing, unless it is told', async () => {
    const reasonsOf = async (more: TrainingSettings): Promise<string[]> =>
      (await here.client.training.plan({ recipe: 'linear-probe', settings: { backbone, ...more } })).reasons;
    expect(await reasonsOf({})).toContainEqual(expect.stringMatching(/Preprocessing 0-1, because its file/));
    for (const sentence of await reasonsOf({ preprocess: '-1-1' }))
      expect(sentence).not.toMatch(/Preprocessing/);
    const before = featureFiles();
    const run = await train('linear-probe', { preprocess: '-1-1' });
    expect(run.settings.preprocess).toBe('-1-1');
    const added = featureFiles().filter((name) => !before.includes(name));
    expect(added).toHaveLength(1);
    expect(added[0]).toContain('--1-1-average');
    const model = readFileSync(join(here.projectFolder, 'runs', run.id, 'model', 'model.json'), 'utf8');
    expect(model).toContain('"preprocessing":"-1-1"');
  });

  it('the same with several seeds is a series of runs', async () => {
    const first = here.untilStatus('done', 'failed');
    const { series } = await here.client.training.repeat({
      recipe: 'feature-extraction',
      settings: settings({ epochs: 2 }),
      seeds: [3, 4],
    });
    const { id } = await first;
    const second = await here.until((run) => run.id !== id && run.status === 'done');
    expect(second.series).toBe(series);
    expect(second.settings.seed).toBe(4);
    const members = (await here.client.training.runs()).filter((run) => run.series === series);
    expect(members.map((run) => run.settings.seed).sort()).toEqual([3, 4]);
  });

  it('finds a learning rate without leaving a run behind', async () => {
    const before = (await here.client.training.runs()).length;
    const events = await here.client.training.findLearningRate({
      recipe: 'feature-extraction',
      settings: settings({}),
    });
    const points: number[] = [];
    let suggestion: number | null = null;
    for await (const event of events) {
      if (event.type === 'point') points.push(event.learningRate);
      if (event.type === 'done') suggestion = event.suggestion;
    }
    expect(points.length).toBeGreaterThan(30);
    expect(points).toEqual([...points].sort((a, b) => a - b));
    expect(suggestion).toBeGreaterThan(1e-5);
    expect(suggestion).toBeLessThan(1);
    expect((await here.client.training.runs()).length).toBe(before);
  });
});
