/** Looking inside through the contract, on a real engine process. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Heatmap } from '../../../../src-main/contract/app/explain/heatmaps.ts';
import {
  type ExplainModel,
  type ExplainPhoto,
  type ExplainProgress,
} from '../../../../src-main/contract/app/explain/network.ts';
import { channelPicture, explainPicture, patternPicture } from '../../../../src-main/contract/app/explain.ts';
import {
  formulaNetwork,
  formulaPhoto,
  formulaSize,
  writeModelFile,
} from '../../../fixtures/models/formula-network.ts';
import { convolutionFiles } from '../../../fixtures/models/hand-made-models.ts';
import { classFolders, writeFiles } from '../../../fixtures/photos/photos.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import {
  type TrainingCore,
  codeOf,
  importInto,
  quick,
  trainingCore,
} from '../../../fixtures/training-core.ts';
import { loadTensorflow } from '../../backends/tensorflow/graph/tensorflow.ts';

let here: TrainingCore;
let model: ExplainModel;
let binary: ExplainModel;
let photo: ExplainPhoto;
let images: number[];

function pick(path: string): string {
  return here.core.context.pickedPaths.add(path);
}

/** The end of a stream, and how often it told its progress. */
async function finished<Event extends { type: string }>(
  stream: Promise<AsyncIterable<Event>>,
): Promise<{ done: Extract<Event, { type: 'done' }>; told: Event[] }> {
  const told: Event[] = [];
  for await (const event of await stream) told.push(event);
  const last = told.at(-1)!;
  expect(last.type).toBe('done');
  return { done: last as Extract<Event, { type: 'done' }>, told };
}

/** What was thrown before it crossed the boundary. */
function reasonOf(error: unknown): never {
  throw (error as { data?: unknown }).data ?? error;
}

/** What a stream fails with. */
function failure(stream: Promise<AsyncIterable<unknown>>): Promise<string> {
  return codeOf(
    (async () => {
      for await (const _ of await stream) void _;
    })().catch(reasonOf),
  );
}

async function picture(address: string): Promise<Response> {
  return here.core.media(new Request(`http://here/${address}`));
}

async function pixels(address: string) {
  const response = await picture(address);
  expect(response.status).toBe(200);
  return sharp(Buffer.from(await response.arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true });
}

beforeAll(async () => {
  here = await trainingCore();
  const { tf } = await loadTensorflow();
  const path = await writeModelFile(tf, formulaNetwork(tf, 3), join(here.folder, 'three'));
  model = { kind: 'pick', pick: pick(path), preprocessing: '0-1' };
  const two = await writeModelFile(tf, formulaNetwork(tf, 2, 'nested-in-graph'), join(here.folder, 'two'));
  binary = { kind: 'pick', pick: pick(two), preprocessing: '0-1' };
  const file = join(here.folder, 'photo.png');
  const raw = { width: formulaSize, height: formulaSize, channels: 3 } as const;
  await sharp(formulaPhoto(), { raw }).resize(96, 64, { fit: 'fill', kernel: 'nearest' }).png().toFile(file);
  photo = { kind: 'pick', pick: pick(file) };
  const source = join(here.folder, 'source');
  await writeFiles(source, await classFolders('', { 'class 0': 7, 'class 1': 5 }));
  await importInto(here, source);
  images = await here.client.datasets.listImages({});
});
afterAll(async () => {
  await here.close();
});

describe('the overview', () => {
  it('holds the map of the network', async () => {
    const found = await here.client.explain.overview({ model });
    expect(found).toMatchObject({
      name: 'three',
      imageSize: formulaSize,
      channels: 3,
      heatmapLayer: 'block3_conv1',
      epochs: [],
    });
    expect(found.layers).toHaveLength(8);
    const [first] = found.layers;
    expect(first).toMatchObject({ params: 3 * 3 * 3 * 8 + 8, filters: 8, kernel: [3, 3, 3], shown: true });
    expect(first.multiplications).toBe(30 * 30 * 8 * 27);
    expect(found).toMatchObject({ trainableWeights: 10, unfrozenWeights: 10 });
    expect(found.multiplications).toBe(found.layers.reduce((sum, layer) => sum + layer.multiplications, 0));
  });

  it('times every layer', async () => {
    const { done, told } = await finished(here.client.explain.measure({ model }));
    expect(done.layers.map(({ name }) => name)).toHaveLength(8);
    expect(done.layers.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
    expect(done.wholeMilliseconds).toBeGreaterThan(0);
    expect(told.length).toBeGreaterThan(1);
  });
});

describe('activations', () => {
  it('come with pictures of every layer and channel', async () => {
    const { done } = await finished(here.client.explain.activations({ model, photo }));
    expect(done.layers.map(({ name }) => name)).toEqual([
      'block1_conv1',
      'block1_pool',
      'block2_conv1',
      'block2_pool',
      'block3_conv1',
    ]);
    expect(done.predictions).toHaveLength(3);
    const [first, , third] = done.layers;
    expect(first.grid).toMatchObject({ columns: 16, rows: 1, tileWidth: 30, tileHeight: 30, width: 480 });
    expect(third.sparsity).toBe(third.blank.length / 12);
    const grid = await pixels(first.picture);
    expect(grid.info).toMatchObject({ width: 480, height: 30, channels: 4 });
    // Eight channels; beyond them nothing.
    expect(grid.data[4 * (8 * 30 - 1) + 3]).toBe(255);
    expect(grid.data[4 * (8 * 30) + 3]).toBe(0);
    const over = explainPicture(channelPicture(done.id, 'block1_conv1', 2), { of: 'overlay' });
    expect((await pixels(over)).info).toMatchObject({ width: 96, height: 64 });
    expect((await pixels(done.photo)).info).toMatchObject({ width: formulaSize, height: formulaSize });
    expect((await pixels(done.picture)).info.width).toBe(1280);
    expect((await picture(channelPicture(done.id, 'block1_conv1', 8))).status).toBe(404);
  });

  it('are shown of the layers asked for, and a wrong name offers the nearest', async () => {
    const layers = ['block2_pool', 'block1_conv1'];
    const { done } = await finished(here.client.explain.activations({ model, photo, layers }));
    expect(done.layers.map(({ name }) => name)).toEqual(layers);
    const ask = (name: string) => failure(here.client.explain.activations({ model, photo, layers: [name] }));
    expect(await ask('block2_pol')).toBe('MODEL_LAYER_UNKNOWN');
    expect(await ask('dense')).toBe('MODEL_LAYER_UNSUITABLE');
  });

  it('find the photos that excite a channel most', async () => {
    const { done, told } = await finished(
      here.client.explain.strongest({ model, layer: 'block2_conv1', channel: 3, count: 5 }),
    );
    expect(done).toMatchObject({ looked: 12, total: 12 });
    expect(done.photos).toHaveLength(5);
    const values = done.photos.map(({ value }) => value);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    for (const { image, seen } of done.photos) {
      expect(images).toContain(image);
      expect(seen[0]).toBeLessThan(seen[2]);
      expect(seen.every((share) => share >= 0 && share <= 1)).toBe(true);
    }
    // The first really is that strong: the same through its activations.
    const [{ image, value }] = done.photos;
    const shown = { kind: 'image', image } as const;
    const own = await finished(
      here.client.explain.activations({ model, photo: shown, layers: ['block2_conv1'] }),
    );
    expect(own.done.layers[0].channelStatistics[3].greatest).toBeCloseTo(value, 3);
    expect(told.some(({ type }) => type === 'progress')).toBe(true);
  });
});

describe('filter patterns', () => {
  const layer = 'block2_conv1';
  const settings = { size: 32, steps: 6 };
  /** The formula gives these three such weights that nothing excites them. */
  const silent = [5, 6, 7];

  it('are made once, and kept', async () => {
    const ask = () => finished(here.client.explain.patterns({ model, layer, settings }));
    const { done, told } = await ask();
    expect(done).toMatchObject({ layer, total: 12, cached: false, silent });
    expect(done.filters).toHaveLength(12);
    expect(told.length).toBeGreaterThan(1);
    const grid = await pixels(done.picture);
    expect(grid.info).toMatchObject({ width: 8 * 32 + 7 * 5, height: 2 * 32 + 5 });
    const again = await ask();
    expect(again.done.cached).toBe(true);
    expect((await pixels(again.done.picture)).data.equals(grid.data)).toBe(true);
    // The same network as part of another model has them already: it depends on nothing that differs.
    const other = await finished(here.client.explain.patterns({ model: binary, layer, settings }));
    expect(other.done.cached).toBe(true);
    const more = await finished(
      here.client.explain.patterns({
        model,
        layer,
        settings: { ...settings, jitter: 2, blur: 0.5, octaves: 2 },
      }),
    );
    expect(more.done.cached).toBe(false);
    expect((await pixels(patternPicture(more.done.id, 11))).info.width).toBeGreaterThan(400);
  });

  it('excite their filter ever more', async () => {
    const after = async (steps: number): Promise<number[]> => {
      const few = { size: 32, steps };
      return (await finished(here.client.explain.patterns({ model, layer, settings: few }))).done.activations;
    };
    const [early, late] = [await after(1), await after(30)];
    late.forEach((value, filter) => {
      if (silent.includes(filter)) expect(value).toBe(0);
      else expect(value).toBeGreaterThan(early[filter]);
    });
  });

  it('can be cancelled, and nothing is kept then', async () => {
    const long = { size: 64, steps: 1000 };
    const start = performance.now();
    for await (const event of await here.client.explain.patterns({ model, layer, settings: long })) {
      if (event.type === 'progress' && event.done > 2) break;
    }
    expect(performance.now() - start).toBeLessThan(20_000);
    const overview = await here.client.explain.overview({ model });
    expect(overview.name).toBe('three');
  });

  it('say what cannot be', async () => {
    const small = { size: 16, steps: 1 };
    const ask = (input: object) =>
      failure(here.client.explain.patterns({ model, settings: small, ...input }));
    expect(await ask({ layer: 'dense' })).toBe('MODEL_LAYER_UNSUITABLE');
    expect(await ask({ layer: 'nowhere' })).toBe('MODEL_LAYER_UNKNOWN');
    expect(await ask({ layer, first: 12 })).toBe('MODEL_FILTER_UNKNOWN');
    const { tf } = await loadTensorflow();
    const conv = (first: object = {}) => tf.layers.conv2d({ filters: 2, kernelSize: 9, ...first });
    const deep = tf.sequential({
      layers: [conv({ name: 'wide', inputShape: [48, 48, 3] }), conv({ name: 'wider' })],
    });
    const path = await writeModelFile(tf, deep, join(here.folder, 'deep'));
    const wide: ExplainModel = { kind: 'pick', pick: pick(path) };
    const fits = { model: wide, layer: 'wide', settings: small };
    expect((await finished(here.client.explain.patterns(fits))).done.total).toBe(2);
    expect(await ask({ model: wide, layer: 'wider' })).toBe('MODEL_TOO_SMALL_INPUT');
  });
});

describe('heatmaps', () => {
  it('lie over the photo and carry their settings', async () => {
    const { done } = await finished(here.client.explain.heatmap({ model, photo, class: 0 }));
    expect(done).toMatchObject({
      layer: 'block3_conv1',
      class: 0,
      method: 'grad-cam',
      width: 96,
      height: 64,
    });
    expect(done.map).toHaveLength(5);
    expect(done.empty).toBeNull();
    const png = await pixels(done.picture);
    expect(png.info).toMatchObject({ width: 96, height: 64, channels: 3 });
    const plain = await pixels(explainPicture(done.picture, { of: 'photo' }));
    expect(plain.data.equals(png.data)).toBe(false);
    const bytes = Buffer.from(await (await picture(done.picture)).arrayBuffer());
    const { comments } = await sharp(bytes).metadata();
    const comment = comments?.find(({ keyword }) => keyword === 'Comment');
    const notes = { method: 'grad-cam', layer: 'block3_conv1', class: 0, model: 'three', intensity: 0.4 };
    expect(JSON.parse(comment!.text)).toMatchObject(notes);
    const svg = await picture(explainPicture(done.picture, { format: 'svg', save: 'my map.svg' }));
    expect(svg.headers.get('content-type')).toBe('image/svg+xml');
    expect(svg.headers.get('content-disposition')).toContain("filename*=UTF-8''my%20map.svg");
    const text = await svg.text();
    expect(text).toContain('&quot;method&quot;:&quot;grad-cam&quot;');
    expect((await sharp(Buffer.from(text)).metadata()).width).toBeGreaterThan(96);
  });

  it('say why there is nothing to see, and show the photo as it is', async () => {
    const { done } = await finished(here.client.explain.heatmap({ model: binary, photo, class: 0 }));
    expect(done.empty).toMatchObject({ reason: 'against' });
    const png = await pixels(done.picture);
    const plain = await pixels(explainPicture(done.picture, { of: 'photo' }));
    expect(plain.data.equals(png.data)).toBe(true);
    // What is saved says it as well.
    const bytes = Buffer.from(await (await picture(done.picture)).arrayBuffer());
    const comment = (await sharp(bytes).metadata()).comments?.find(({ keyword }) => keyword === 'Comment');
    expect(JSON.parse(comment!.text)).toMatchObject({ empty: done.empty!.sentence });
    const svg = await (await picture(explainPicture(done.picture, { format: 'svg' }))).text();
    expect(svg).toContain('speaks against class 0');
    expect(svg).not.toContain('speaks most for the class');
  });

  it('are empty for the predicted class too, where all that was found speaks against it', async () => {
    const [path] = convolutionFiles(join(here.folder, 'against'), { bias: [8, 0] });
    const against: ExplainModel = { kind: 'pick', pick: pick(path), preprocessing: '0-1' };
    const { done } = await finished(here.client.explain.heatmap({ model: against, photo }));
    expect(done).toMatchObject({ class: 0, layer: 'bright', empty: { reason: 'against' } });
    expect(done.map.flat().every((value) => value === 0)).toBe(true);
    expect(done.empty!.sentence).toContain('class 0');
    const many = await finished(
      here.client.explain.heatmaps({ model: against, photos: { images: images.slice(0, 3) } }),
    );
    const shown = many.told.flatMap((event) => (event.type === 'heatmap' ? [event.heatmap] : []));
    expect(shown.map(({ empty }) => empty?.reason)).toEqual(['against', 'against', 'against']);
    const tested = await finished(here.client.explain.randomised({ model: against, photo }));
    expect(tested.done.verdict).toBe('undecided');
  });

  it.each(['grad-cam-plus-plus', 'occlusion'] as const)('can be made by %s', async (method) => {
    const { done, told } = await finished(here.client.explain.heatmap({ model, photo, method }));
    expect(done.method).toBe(method);
    if (method === 'occlusion') expect(told.length).toBeGreaterThan(1);
  });

  it('refuse what cannot be', async () => {
    const ask = (input: object): Promise<string> =>
      failure(
        here.client.explain.heatmap({ model, photo, ...input }) as Promise<
          AsyncIterable<Heatmap | ExplainProgress>
        >,
      );
    expect(await ask({ class: 3 })).toBe('MODEL_CLASS_UNKNOWN');
    expect(await ask({ layer: 'head' })).toBe('MODEL_LAYER_UNSUITABLE');
    const broken = join(here.folder, 'broken.jpg');
    writeFileSync(broken, '<html>');
    expect(await ask({ photo: { kind: 'pick', pick: pick(broken) } })).toBe('IMAGE_NOT_AN_IMAGE');
    const gone = { kind: 'pick', pick: pick(join(here.folder, 'gone.jpg')) };
    expect(await ask({ photo: gone })).toBe('IMAGE_MISSING');
    expect(await ask({ photo: { kind: 'image', image: 99_999 } })).toBe('NOT_FOUND');
    expect(await ask({ model: { kind: 'run', run: 'run-of-nobody' } })).toBe('NOT_FOUND');
  });

  it('come for many photos, and for the mistakes only', async () => {
    const some = images.slice(0, 6);
    const given = await finished(here.client.explain.heatmaps({ model, photos: { images: some } }));
    const shown = given.told.flatMap((event) => (event.type === 'heatmap' ? [event.heatmap] : []));
    expect(shown.map(({ image }) => image)).toEqual(some);
    expect(given.done).toMatchObject({ shown: 6, mistakes: null, layer: 'block3_conv1' });
    const small = explainPicture(shown[0].picture, { side: 40 });
    expect((await pixels(small)).info.width).toBe(40);
    // One by one they are the same.
    const alone = await finished(
      here.client.explain.heatmap({ model, photo: { kind: 'image', image: some[3] } }),
    );
    alone.done.map.flat().forEach((value, i) => expect(shown[3].map.flat()[i]).toBeCloseTo(value, 3));

    const all = await here.client.explain.heatmaps({ model, photos: { images } });
    let wrong = 0;
    for await (const event of all) {
      if (event.type === 'heatmap' && event.heatmap.predicted.label !== event.heatmap.trueLabel) wrong++;
    }
    await here.client.datasets.makeSplit({
      fractions: { train: 0.5, validation: 0.25, test: 0.25 },
      seed: 1,
    });
    const mistakes = await Promise.all(
      (['train', 'validation', 'test'] as const).map((mistakesOf) =>
        finished(here.client.explain.heatmaps({ model, photos: { mistakesOf } })),
      ),
    );
    expect(mistakes.reduce((sum, { done }) => sum + done.mistakes!, 0)).toBe(wrong);
    for (const { told } of mistakes) {
      for (const event of told) {
        if (event.type === 'heatmap') expect(event.heatmap.predicted.label).not.toBe(event.heatmap.trueLabel);
      }
    }
  });

  it('are checked', async () => {
    const randomised = await finished(here.client.explain.randomised({ model, photo, class: 0 }));
    expect(randomised.done.steps[0]).toMatchObject({ downTo: null, similarity: 1 });
    expect(randomised.done.steps.at(-1)).toMatchObject({ downTo: 'block1_conv1', shuffled: 5 });
    expect(['passed', 'flagged']).toContain(randomised.done.verdict);
    expect((await picture(randomised.done.steps[1].picture)).status).toBe(200);
    const curves = await finished(here.client.explain.curves({ model, photo, class: 0 }));
    expect(curves.done.deletion.probabilities).toHaveLength(curves.done.deletion.shares.length);
    // The shuffled weights were a copy's.
    const before = await finished(here.client.explain.heatmap({ model, photo, class: 0 }));
    expect(before.done.map).toEqual(randomised.done.steps[0].map);
  });
});

describe('a run', () => {
  it('can be looked into as it is and as it was', async () => {
    const ended = here.untilStatus('done', 'failed');
    const { id } = await here.client.training.start({
      recipe: 'scratch',
      settings: { ...quick, epochs: 2, imageSize: 64 },
    });
    expect((await ended).status).toBe('done');
    const run = { kind: 'run', run: id } as const;
    const overview = await here.client.explain.overview({ model: run });
    expect(overview.classes).toEqual(['class 0', 'class 1']);
    expect(overview.epochs[0]).toBe(1);
    const maps = [];
    for (const epoch of [1, undefined]) {
      const shown = { model: { ...run, epoch }, photo: { kind: 'image', image: images[0] } } as const;
      const { done } = await finished(here.client.explain.activations(shown));
      expect(done.layers).toHaveLength(8);
      maps.push(done.layers[0].channelStatistics.map(({ mean }) => mean));
    }
    expect(maps[0]).not.toEqual(maps[1]);
    const { done } = await finished(
      here.client.explain.heatmap({ model: run, photo: { kind: 'image', image: images[1] }, class: 1 }),
    );
    expect(done.layer).toBe('conv2d_3');
    const never = { kind: 'run', run: id, epoch: 77 } as const;
    expect(await codeOf(here.client.explain.overview({ model: never }).catch(reasonOf))).toBe('NOT_FOUND');
  });
});

describe('a network without convolutions', () => {
  it('says so', async () => {
    const { tf } = await loadTensorflow();
    const dense = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [16, 16, 3] }),
        tf.layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    const path = await writeModelFile(tf, dense, join(here.folder, 'dense'));
    const only: ExplainModel = { kind: 'pick', pick: pick(path) };
    expect((await here.client.explain.overview({ model: only })).heatmapLayer).toBeNull();
    expect(await failure(here.client.explain.heatmap({ model: only, photo }))).toBe('MODEL_NO_CONVOLUTION');
    expect(await failure(here.client.explain.activations({ model: only, photo }))).toBe(
      'MODEL_NO_CONVOLUTION',
    );
    expect(await failure(here.client.explain.patterns({ model: only }))).toBe('MODEL_NO_CONVOLUTION');
    // Occlusion needs none.
    const { done } = await finished(here.client.explain.heatmap({ model: only, photo, method: 'occlusion' }));
    expect(done.layer).toBeNull();
  });
});

describe('weights that are no numbers', () => {
  it('are refused with the layer they are in, before they say anything about a photo', async () => {
    const [path] = convolutionFiles(join(here.folder, 'nan'), { kernel: Number.NaN });
    const broken: ExplainModel = { kind: 'pick', pick: pick(path), preprocessing: '0-1' };
    const error = await here.client.explain.overview({ model: broken }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ data: { code: 'MODEL_WEIGHTS_NOT_FINITE', params: { layer: 'bright' } } });
  });
});

describe('a network without a classifier', () => {
  it('can be looked into, but explains no class', async () => {
    const { tf } = await loadTensorflow();
    const whole = formulaNetwork(tf, 3);
    const base = tf.model({ inputs: whole.inputs, outputs: whole.getLayer('block3_conv1').output });
    const path = await writeModelFile(tf, base, join(here.folder, 'base'));
    const only: ExplainModel = { kind: 'pick', pick: pick(path), preprocessing: '0-1' };
    const { done } = await finished(here.client.explain.activations({ model: only, photo }));
    expect(done.layers).toHaveLength(5);
    expect(done.predictions).toEqual([]);
    expect(await failure(here.client.explain.heatmap({ model: only, photo }))).toBe('MODEL_NO_CLASSIFIER');
  });
});

const elephant = sharedData('elephant/creative_commons_elephant.jpg');
describe.skipIf(elephant === null)("the lesson's elephants", () => {
  it.each(['mobilenet_v2_1.0_224', 'mobilenet_v1_0.75_192'])('are found by %s', async (name) => {
    const found: ExplainModel = { kind: 'pick', pick: pick(sharedData(`backbones/${name}/model.json`)!) };
    const shown: ExplainPhoto = { kind: 'pick', pick: pick(elephant!) };
    const { done } = await finished(here.client.explain.heatmap({ model: found, photo: shown }));
    expect(done).toMatchObject({ label: 'African_elephant', class: 386, empty: null });
    expect(done.predictions.slice(0, 3).map(({ label }) => label)).toContain('tusker');
    // Both elephants stand in the right part of the middle: rows 20–65%, columns 15–100%.
    const side = done.map.length;
    const [inside, outside] = [[0], [0]];
    done.map.forEach((row, y) =>
      row.forEach((value, x) => {
        const [down, across] = [(y + 0.5) / side, (x + 0.5) / side];
        const isThere = down < 0.65 && down > 0.1 && across > 0.15;
        (isThere ? inside : outside).push(value);
      }),
    );
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(inside)).toBeGreaterThan(2.5 * mean(outside));
  });
});
