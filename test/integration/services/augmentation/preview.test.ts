/** The preview is what training sees: to the byte, from a real run's own record of its data and settings. */
import { augmentations } from '../../../../src-main/registries/augmentations/index.ts';
import { join } from 'node:path';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAugmenter } from '../../../../src-main/engine/augmentation/augmenter.ts';
import type { PictureSheet } from '../../../../src-main/contract/app/augmentation-preview.ts';
import type { AugmentationSettings } from '../../../../src-main/contract/shared/augmentation.ts';
import type { Run } from '../../../../src-main/contract/app/runs.ts';
import { openTilePack } from '../../../../src-main/datasets/tiles/tile-reader.ts';
import { readBatch, shuffledSchedule } from '../../../../src-main/engine/step/batches.ts';
import { toClassifier } from '../../../../src-main/engine/step/classifier.ts';
import { optimizers } from '../../../../src-main/engine/optimizers/index.ts';
import { createTrainStep } from '../../../../src-main/engine/training/train-step.ts';
import { imageCache } from '../../../../src-main/services/project/image-caches.ts';
import { readDataset } from '../../../../src-main/services/runs/run-files.ts';
import { drawShapes } from '../../../fixtures/photos/shapes.ts';
import { type TrainingCore, codeOf, importInto, trainingCore } from '../../../fixtures/training-core.ts';
import { loadTensorflow } from '../../backends/tensorflow/graph/tensorflow.ts';

const settings: AugmentationSettings = {
  transforms: {
    rotation: { rotation_range: 30 },
    zoom: { zoom_range: 0.3 },
    'horizontal-flip': {},
    brightness: { brightness_range: [0.6, 1.3] },
    saturation: { saturation_range: [0.2, 1.8] },
    'cut-out': { cutout_size: 0.2 },
  },
  fillMode: 'reflect',
  fillValue: 0,
};
const training = { imageSize: 48, batchSize: 8, epochs: 2, seed: 11, dropout: 0 };

describe('a project of shapes', () => {
  let here: TrainingCore;
  beforeAll(async () => {
    here = await trainingCore();
    await drawShapes(join(here.folder, 'shapes'), 20);
    await importInto(here, join(here.folder, 'shapes'));
  });
  afterAll(async () => {
    await here.close();
  });

  /** The pictures of a sheet, as the page would get them. */
  async function picturesOf({ address, columns, size, channels, count }: PictureSheet): Promise<Buffer[]> {
    const response = await here.core.media(new Request(`http://localhost/${address}`));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    const sheet = Buffer.from(await response.arrayBuffer());
    expect(await sharp(sheet).metadata()).toMatchObject({ width: columns * size, channels });
    return Promise.all(
      Array.from({ length: count }, (_, i) => {
        const place = { left: (i % columns) * size, top: Math.floor(i / columns) * size };
        return sharp(sheet)
          .extract({ ...place, width: size, height: size })
          .raw()
          .toBuffer();
      }),
    );
  }

  it('knows every augmentation and ready-made settings', async () => {
    const { augmentations, presets } = await here.client.augmentation.catalogue();
    expect(augmentations.map(({ id }) => id)).toContain('rotation');
    const rotation = augmentations.find(({ id }) => id === 'rotation')!;
    expect(rotation.params).toEqual([
      expect.objectContaining({ name: 'rotation_range', unit: '°', min: 0, max: 180, default: 40 }),
    ]);
    expect(presets.map(({ id }) => id)).toEqual([
      'off',
      'lesson',
      'photos',
      'no-flip',
      'documents',
      'microscopy',
    ]);
  });

  it('keeps what was chosen, also for the next start, and refuses nonsense', async () => {
    expect(await here.client.augmentation.get()).toBeNull();
    await here.client.augmentation.set({ settings });
    await here.core.projects.close();
    await here.core.projects.openFolder(here.projectFolder);
    expect(await here.client.augmentation.get()).toEqual(settings);
    const wrong = { ...settings, transforms: { rotation: { rotation_range: 999 } } };
    expect(await codeOf(here.client.augmentation.set({ settings: wrong }))).toBe(
      'TRAINING_AUGMENTATION_INVALID',
    );
    await here.client.augmentation.set({ settings: null });
    expect(await here.client.augmentation.get()).toBeNull();
  });

  it('shows one photo as it is and what chance makes of it', async () => {
    const offered = await here.client.augmentation.photos();
    expect(new Set(offered.map(({ label }) => label))).toEqual(new Set(['discs', 'stripes']));
    const ask = { settings, image: offered[3].image, count: 5, seed: 4 };
    const preview = (await here.client.augmentation.photo(ask))!;
    expect(preview.photo).toEqual(offered[3]);
    const [original, ...results] = await picturesOf(preview.sheet);
    expect(results).toHaveLength(5);
    for (const result of results) expect(result.equals(original)).toBe(false);
    const again = (await here.client.augmentation.photo(ask))!;
    expect(await picturesOf(again.sheet)).toEqual([original, ...results]);
    const rolled = (await here.client.augmentation.photo({ ...ask, seed: 5 }))!;
    expect((await picturesOf(rolled.sheet))[1].equals(results[0])).toBe(false);
    const off = { ...settings, transforms: {} };
    const plain = (await here.client.augmentation.photo({ ...ask, settings: off }))!;
    for (const picture of await picturesOf(plain.sheet)) expect(picture.equals(original)).toBe(true);
  });

  it('says so when a photo or a sheet is gone', async () => {
    expect(await codeOf(here.client.augmentation.photo({ settings, image: 9999, seed: 1 }))).toBe(
      'NOT_FOUND',
    );
    const gone = await here.core.media(new Request('http://localhost/media/sheet/none'));
    expect(gone.status).toBe(404);
  });

  it('shows each step of a run to the byte as the run gets it', async () => {
    // A run uses what the project's Augment screen says.
    await here.client.augmentation.set({ settings });
    const started = await here.client.training.start({ recipe: 'augmented', settings: training });
    expect(started.settings.augmentation).toEqual(settings);
    const run: Run = await here.untilStatus('done', 'failed', 'interrupted');
    expect(run).toMatchObject({ id: started.id, status: 'done' });
    for (const step of [1, 2, run.settings.stepsPerEpoch, run.settings.stepsPerEpoch + 1]) {
      const batch = await here.client.augmentation.batch({ settings, recipe: 'augmented', training, step });
      const seen = await seenByTraining(here, run, step - 1);
      expect(batch).toMatchObject({ step, batchSize: 8, seed: 11, images: seen.count, augments: true });
      expect(batch.photos.map(({ labelIndex }) => labelIndex)).toEqual(seen.labels);
      const after = await picturesOf(batch.after);
      expect(after.map((picture) => [...picture])).toEqual(seen.pictures);
      expect(batch.range.min).toBeCloseTo(seen.range[0], 5);
      expect(batch.range.max).toBeCloseTo(seen.range[1], 5);
      const before = await picturesOf(batch.before);
      expect(before.every((picture, i) => picture.equals(after[i]))).toBe(false);
    }
  });

  it('leaves the photos as they are for a recipe that does not augment', async () => {
    const batch = await here.client.augmentation.batch({ settings, recipe: 'scratch', training });
    expect(batch.augments).toBe(false);
    expect(await picturesOf(batch.after)).toEqual(await picturesOf(batch.before));
    expect(batch.choices.map(({ id }) => id)).toContain('augmented');
  });

  it('also while a run trains', async () => {
    await here.client.training.start({ recipe: 'scratch', settings: { ...training, epochs: 500 } });
    const run = await here.until(({ status }) => status === 'training');
    const preview = await here.client.augmentation.photo({ settings, count: 3, seed: 1 });
    expect(preview!.sheet.count).toBe(4);
    expect(here.core.training.activeRun()?.status).toBe('training');
    await here.client.training.stop({ run: run.id });
  });
});

/** The batch of a step of a run, by the functions of the training loop, from what the run recorded. */
async function seenByTraining({ core, projectFolder }: TrainingCore, run: Run, step: number) {
  const backend = await loadTensorflow();
  const { tf } = backend;
  const project = core.projects.peek()!;
  expect(project.folder).toBe(projectFolder);
  const { images } = await readDataset(project, run.id);
  const train = images.filter((image) => image[4] === 'train');
  const { imageSize: size, batchSize, seed, augmentation } = run.settings;
  const spec = { size, channels: 3 } as const;
  const cache = imageCache(project);
  const slots = await cache.slots(
    spec,
    train.map(([, hash]) => hash),
  );
  const reader = await openTilePack({ path: await cache.tilePack(spec), ...spec }, false);
  const data = { slots, labels: train.map((image) => image[3]) };
  const places = shuffledSchedule(train.length, batchSize, seed).batch(step);
  const batch = await readBatch(reader, data, places, batchSize);
  await reader.close();

  const augmenter = createAugmenter(augmentations, augmentation!);
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [size, size, 3] }),
      tf.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  const trainStep = createTrainStep({
    backend,
    classifier: toClassifier(tf, model),
    preprocessing: '0-1',
    imageShape: reader.shape,
    batchSize,
    optimizer: optimizers.rmsprop,
    variables: [],
    slots: [],
    seed,
    augmenter,
  });
  const inputs = trainStep.inputs(batch, { learningRate: 0, step, update: step + 1 });
  const fed = inputs.slice(inputs.length - augmenter.inputs(batchSize, size).length);
  const program = ([bytes, ...drawn]: Tensor[]): Tensor[] => [
    augmenter.apply(backend, tf.cast(bytes, 'float32') as Tensor4D, drawn),
  ];
  const programs = backend.prepare({ see: { program, exampleInputs: [inputs[0], ...fed] } });
  expect(programs.mode).toBe('graph');
  const [output] = programs.run('see', [inputs[0], ...fed]);
  const values = output.dataSync<'float32'>().subarray(0, batch.count * size * size * 3);
  programs.dispose();
  const each = size * size * 3;
  const rounded = [...tf.tidy(() => tf.round(tf.tensor1d(values)).dataSync())];
  return {
    count: batch.count,
    labels: [...batch.labels.subarray(0, batch.count)],
    pictures: Array.from({ length: batch.count }, (_, i) => rounded.slice(i * each, (i + 1) * each)),
    range: [Math.min(...values) / 255, Math.max(...values) / 255],
  };
}
