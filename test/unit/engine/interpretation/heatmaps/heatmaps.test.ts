/** Heatmaps and the checks on them, on networks whose answer can be worked out. */
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../../../src-main/contract/shared/errors.ts';
import { heatmapMethods } from '../../../../../src-main/contract/app/explain/heatmaps.ts';
import type { Backend } from '../../../../../src-main/engine/base/backend.ts';
import { heatmapCurves } from '../../../../../src-main/engine/interpretation/heatmaps/deletion-insertion.ts';
import { heatmapOf } from '../../../../../src-main/engine/interpretation/heatmaps/heatmaps.ts';
import { heatmapMaker, heatmapMakers } from '../../../../../src-main/registries/explanations/index.ts';
import {
  judgeRandomised,
  randomisedMaps,
} from '../../../../../src-main/engine/interpretation/heatmaps/randomised-weights.ts';
import { rankCorrelation } from '../../../../../src-main/engine/interpretation/heatmaps/rank-correlation.ts';
import { resizeMap } from '../../../../../src-main/engine/interpretation/heatmaps/resize-map.ts';
import { type Subject, photoTensor } from '../../../../../src-main/engine/interpretation/subject.ts';
import { plainBackend } from '../../../../fixtures/engine-parts.ts';
import { subjectOf } from '../../../../fixtures/models/formula-network.ts';

const size = 28;
const nobody = { yieldToOthers: async () => undefined };
let backend: Backend;
beforeAll(async () => {
  backend = await plainBackend();
});

/**
 * Says "bright" the more of the picture is bright: one channel finds bright places, the other dark ones.
 * @param strength of the decision
 */
function brightness(strength: number, bias = -4): Subject {
  const { tf } = backend;
  const conv = tf.layers.conv2d({
    name: 'finds',
    filters: 2,
    kernelSize: 4,
    strides: 4,
    activation: 'relu',
    inputShape: [size, size, 1],
  });
  const pool = tf.layers.globalAveragePooling2d({ name: 'means' });
  const head = tf.layers.dense({ name: 'head', units: 1, activation: 'sigmoid' });
  const model = tf.sequential({ layers: [conv, pool, head] });
  const kernel = Array.from({ length: 16 }, () => [1 / 8, -1 / 8]).flat();
  conv.setWeights([tf.tensor4d(kernel, [4, 4, 1, 2]), tf.tensor1d([-1, 1])]);
  head.setWeights([tf.tensor2d([8 * strength, -8 * strength], [2, 1]), tf.tensor1d([bias])]);
  return subjectOf(backend, model);
}

/** Black with a white square: 8 pixels from row 16 and column 4 on. */
function photo(subject: Subject) {
  const pixels = new Uint8Array(size * size);
  for (let y = 16; y < 24; y++) pixels.fill(255, y * size + 4, y * size + 12);
  return photoTensor(subject, pixels);
}

/** Rows and columns of a 7×7 map that the square covers. */
function inSquare(place: number, side = 7): boolean {
  const [y, x] = [Math.floor(place / side) + 0.5, (place % side) + 0.5].map((cell) => (cell * size) / side);
  return y > 16 && y < 24 && x > 4 && x < 12;
}

describe('the list of methods', () => {
  it('is that of the contract', () => {
    expect(heatmapMakers.map(({ id }) => id)).toEqual([...heatmapMethods]);
  });
});

describe.each(heatmapMethods)('%s', (id) => {
  it('is warm where the square is, and nowhere else', async () => {
    const subject = brightness(2);
    const pixels = photo(subject);
    const wish = { method: heatmapMaker(id), layer: null, class: 1 };
    const { map, width, height, empty, layer } = await heatmapOf(subject, pixels, wish, nobody);
    expect(empty).toBeNull();
    expect(Math.max(...map)).toBe(1);
    expect(layer?.name ?? null).toBe(id === 'occlusion' ? null : 'finds');
    const warm = Array.from(map.keys()).filter((place) => map[place] > 0.6);
    expect(width).toBe(height);
    expect(warm.length).toBeGreaterThanOrEqual(4);
    expect(warm.every((place) => inSquare(place, width))).toBe(true);
  });
});

describe('an empty heatmap', () => {
  it.each([
    ['against', 2, -4, 0],
    ['saturated', 2000, -100000, 1],
  ] as const)('says that it is %s', async (reason, strength, bias, wanted) => {
    const subject = brightness(strength, bias);
    const pixels = photo(subject);
    const bright = photoTensor(subject, new Uint8Array(size * size).fill(255));
    const wish = { method: heatmapMaker('grad-cam'), layer: null, class: wanted };
    const found = await heatmapOf(subject, reason === 'against' ? bright : pixels, wish, nobody);
    expect(found.empty).toBe(reason);
    expect(Array.from(found.map).every((value) => value === 0)).toBe(true);
  });

  it('says that the layer is silent', async () => {
    const subject = brightness(2);
    const grey = photoTensor(subject, new Uint8Array(size * size).fill(128));
    subject.network
      .find('finds')
      .layer.setWeights([backend.tf.zeros([4, 4, 1, 2]), backend.tf.tensor1d([-1, -1])]);
    const wish = { method: heatmapMaker('grad-cam'), layer: null, class: 1 };
    expect((await heatmapOf(subject, grey, wish, nobody)).empty).toBe('silent');
  });
});

describe('what cannot be shown', () => {
  const codeOf = async (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'it did not fail',
      (error: unknown) => (error instanceof AppError ? error.code : String(error)),
    );

  it('has its code', async () => {
    const subject = brightness(2);
    const pixels = photo(subject);
    const wish = { method: heatmapMaker('grad-cam'), layer: null, class: null };
    const ask = (change: object, of = subject) =>
      codeOf(heatmapOf(of, pixels, { ...wish, ...change }, nobody));
    expect(await ask({ class: 2 })).toBe('MODEL_CLASS_UNKNOWN');
    expect(await ask({ layer: 'find' })).toBe('MODEL_LAYER_UNKNOWN');
    expect(await ask({ layer: 'means' })).toBe('MODEL_LAYER_UNSUITABLE');
    const { tf } = backend;
    const dense = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [size, size, 1] }),
        tf.layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    expect(await ask({}, subjectOf(backend, dense))).toBe('MODEL_NO_CONVOLUTION');
  });
});

describe('the checks', () => {
  it('pass a heatmap that depends on the weights, and flag one that does not', async () => {
    const subject = brightness(2);
    const pixels = photo(subject);
    const wish = { method: heatmapMaker('grad-cam'), layer: null, class: 1 };
    const steps = await randomisedMaps(brightness(2), pixels, wish, nobody);
    expect(steps.map(({ downTo, shuffled }) => [downTo, shuffled])).toEqual([
      [null, 0],
      ['head', 1],
      ['finds', 2],
    ]);
    expect(steps[0].similarity).toBe(1);
    // A network whose weights are all alike stays the same when they are shuffled: nothing can be told from it.
    const { tf } = backend;
    const same = brightness(2);
    same.network.find('finds').layer.setWeights([tf.fill([4, 4, 1, 2], 1 / 8), tf.fill([2], -1)]);
    same.network.find('head').layer.setWeights([tf.fill([2, 1], 16), tf.fill([1], -4)]);
    expect(judgeRandomised(await randomisedMaps(same, pixels, wish, nobody))).toBe('flagged');
  });

  it('tell a good map from an upside-down one by its curves', async () => {
    const subject = brightness(8);
    const pixels = photo(subject);
    const wish = { method: heatmapMaker('grad-cam'), layer: null, class: 1 };
    const heatmap = await heatmapOf(subject, pixels, wish, nobody);
    const good = await heatmapCurves(subject, pixels, heatmap, 1, nobody);
    const turned = { ...heatmap, map: heatmap.map.map((value) => 1 - value) };
    const bad = await heatmapCurves(subject, pixels, turned, 1, nobody);
    expect(good.insertion.area).toBeGreaterThan(bad.insertion.area);
    expect(good.deletion.shares[0]).toBe(0);
    expect(good.deletion.shares.at(-1)).toBe(1);
    // At its end every pixel is the photo's own again.
    expect(good.insertion.probabilities.at(-1)).toBeCloseTo(heatmap.probabilities[1], 4);
    expect(good.deletion.probabilities[0]).toBeCloseTo(heatmap.probabilities[1], 4);
  });

  it('correlate ranks', () => {
    expect(rankCorrelation([1, 2, 3, 40], [5, 6, 70, 80])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBe(0);
    // scipy.stats.spearmanr([1, 2, 2, 4], [1, 3, 2, 4]).
    expect(rankCorrelation([1, 2, 2, 4], [1, 3, 2, 4])).toBeCloseTo(0.9486832980505139, 10);
  });
});

describe('enlarging a map', () => {
  it("gives OpenCV's numbers", () => {
    // cv2.resize(numpy.float32([[0, 1], [2, 4]]), (4, 4))
    const wanted = [0, 0.25, 0.75, 1, 0.5, 0.8125, 1.4375, 1.75, 1.5, 1.9375, 2.8125, 3.25, 2, 2.5, 3.5, 4];
    const found = Array.from(resizeMap([0, 1, 2, 4], 2, 2, 4, 4));
    expect(found).toEqual(wanted);
  });
});
