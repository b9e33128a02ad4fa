import type { Rank, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAugmenter } from '../../../../src-main/engine/augmentation/augmenter.ts';
import { describeAugmentation } from '../../../../src-main/registries/augmentations/describe.ts';
import { augmentations } from '../../../../src-main/registries/augmentations/index.ts';
import { presets } from '../../../../src-main/registries/augmentations/presets.ts';
import {
  type AugmentationSettings,
  augmentationOff,
  augmentationSettingsSchema,
} from '../../../../src-main/contract/shared/augmentation.ts';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import { makeTiles, plainBackend } from '../../../fixtures/engine-parts.ts';

const size = 64;
let backend: Backend;

beforeAll(async () => {
  backend = await plainBackend();
});

function settings(
  transforms: AugmentationSettings['transforms'],
  more: Partial<AugmentationSettings> = {},
): AugmentationSettings {
  return { ...augmentationOff, transforms, ...more };
}

/** Augments noise; `keys` name the draws. */
function augment(given: AugmentationSettings, keys: number[], channels: 1 | 3 = 3, seed = 5) {
  const { tf } = backend;
  const augmenter = createAugmenter(augmentations, given);
  const one = makeTiles({ images: 1, classes: 2, size, channels }).data;
  const output = tf.tidy(() => {
    const image = tf.tensor4d(Float32Array.from(one), [1, size, size, channels]);
    const images: Tensor4D = tf.tile(image, [keys.length, 1, 1, 1]);
    const shapes = augmenter.inputs(keys.length, size);
    const fed = augmenter.draw(seed, keys, size).map((values, i) => tf.tensor(values, shapes[i].shape));
    return augmenter.apply(backend, images, fed);
  });
  const values = output.dataSync<'float32'>();
  output.dispose();
  const each = values.length / keys.length;
  return { before: [...one], after: keys.map((_, i) => [...values.subarray(i * each, (i + 1) * each)]) };
}

const several = [0, 1, 2, 3, 4, 5];

describe.each(augmentations.map((augmentation) => [augmentation.id, augmentation] as const))(
  '%s',
  (id, augmentation) => {
    test('changes pictures at random, within 0 to 255', () => {
      const { before, after } = augment(settings({ [id]: {} }), several);
      expect(after.some((picture) => picture.some((value, i) => Math.abs(value - before[i]) > 1))).toBe(true);
      expect(new Set(after.map(String)).size).toBeGreaterThan(1);
      expect(Math.min(...after.flat())).toBeGreaterThanOrEqual(-1e-3);
      expect(Math.max(...after.flat())).toBeLessThanOrEqual(255.001);
    });

    test('leaves grey pictures grey: one channel is as three equal ones', () => {
      const { after } = augment(settings({ [id]: {} }), several, 1);
      expect(after[0]).toHaveLength(size * size);
      expect(after.flat().every(Number.isFinite)).toBe(true);
      const isColour = id === 'saturation' || id === 'hue';
      const { before } = augment(augmentationOff, [0], 1);
      const changed = after.some((picture) => picture.some((value, i) => Math.abs(value - before[i]) > 1));
      expect(changed).toBe(!isColour);
    });

    test('describes itself and its sliders', () => {
      const info = describeAugmentation(augmentation);
      expect(info.description).toMatch(/^[A-Z].*\.$/);
      for (const { min, max, step, default: initial } of info.params) {
        for (const value of [initial].flat()) {
          expect(value).toBeGreaterThanOrEqual(min);
          expect(value).toBeLessThanOrEqual(max);
          expect(Math.abs(value / step - Math.round(value / step))).toBeLessThan(1e-6);
        }
      }
    });
  },
);

test('every augmentation has an id of its own', () => {
  expect(new Set(augmentations.map(({ id }) => id)).size).toBe(augmentations.length);
});

describe('draws', () => {
  const lesson = presets.find(({ id }) => id === 'lesson')!.settings;

  test('depend on seed and key alone, not on the batch', () => {
    const whole = augment(lesson, [7, 8, 9]).after;
    expect(augment(lesson, [9]).after[0]).toEqual(whole[2]);
    expect(augment(lesson, [9, 7]).after[1]).toEqual(whole[0]);
    expect(whole[0]).not.toEqual(whole[1]);
    expect(augment(lesson, [7], 3, 6).after[0]).not.toEqual(whole[0]);
  });

  test('of one augmentation stay when another is switched on or changed', () => {
    const drawn = (transforms: AugmentationSettings['transforms']) =>
      createAugmenter(augmentations, settings(transforms)).draw(3, several, 100);
    const [blur] = drawn({ blur: { blur_range: 0.02 } });
    const [, colour, same] = drawn({ rotation: {}, brightness: {}, blur: { blur_range: 0.02 } });
    expect(same).toEqual(blur);
    expect(colour).toEqual(drawn({ brightness: {} })[0]);
  });

  test('fill the range that the parameter names', () => {
    const keys = Array.from({ length: 400 }, (_, key) => key);
    const [drawn] = createAugmenter(
      augmentations,
      settings({ 'width-shift': { width_shift_range: 0.25 } }),
    ).draw(1, keys, 100);
    const shifts = keys.map((key) => drawn[8 * key + 2]);
    expect(Math.min(...shifts)).toBeGreaterThanOrEqual(-25);
    expect(Math.min(...shifts)).toBeLessThan(-23);
    expect(Math.max(...shifts)).toBeLessThan(25);
    expect(Math.max(...shifts)).toBeGreaterThan(23);
    // To the side only.
    expect(keys.every((key) => drawn[8 * key + 5] === 0)).toBe(true);
  });

  test('mirror half of the pictures', () => {
    const keys = Array.from({ length: 1000 }, (_, key) => key);
    const [drawn] = createAugmenter(augmentations, settings({ 'horizontal-flip': {} })).draw(1, keys, 100);
    const mirrored = keys.filter((key) => drawn[8 * key] < 0).length;
    expect(mirrored).toBeGreaterThan(440);
    expect(mirrored).toBeLessThan(560);
  });
});

describe('fill modes', () => {
  const row = [10, 20, 30, 40];

  /** A picture of equal rows, moved to the right by `shift` pixels: what its row is then. */
  function moved(shift: number, fillMode: AugmentationSettings['fillMode']): number[] {
    const { tf } = backend;
    const augmenter = createAugmenter(
      augmentations,
      settings({ 'width-shift': {} }, { fillMode, fillValue: 99 }),
    );
    return tf.tidy(() => {
      const images = tf.tensor4d(Array.from({ length: 4 }, () => row).flat(), [1, 4, 4, 1]);
      const transform = tf.tensor2d([[1, 0, -shift, 0, 1, 0, 0, 0]]);
      return [...augmenter.apply(backend, images, [transform]).dataSync()].slice(0, 4);
    });
  }

  test.each([
    ['constant', [99, 99, 10, 20]],
    ['nearest', [10, 10, 10, 20]],
    ['reflect', [20, 10, 10, 20]],
    ['wrap', [20, 30, 10, 20]],
  ] as const)('%s', (fillMode, expected) => {
    expect(moved(2, fillMode)).toEqual(expected);
  });
});

describe('colours', () => {
  test('brightness multiplies, contrast keeps the mean, saturation 0 leaves grey', () => {
    const { before, after } = augment(settings({ brightness: { brightness_range: [0.5, 0.5] } }), [0]);
    after[0].forEach((value, i) => expect(value).toBeCloseTo(before[i] / 2, 3));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const flat = augment(settings({ contrast: { contrast_range: [0, 0] } }), [0]).after[0];
    for (const value of flat) expect(value).toBeCloseTo(mean(before), 2);
    const grey = augment(settings({ saturation: { saturation_range: [0, 0] } }), [0]).after[0];
    for (let i = 0; i < grey.length; i += 3) expect(grey[i]).toBeCloseTo(grey[i + 2], 3);
  });

  test('in a chain are as one after another', () => {
    const chain = augment(
      settings({ brightness: { brightness_range: [0.8, 0.8] }, contrast: { contrast_range: [0.5, 0.5] } }),
      [0],
    );
    const mean = (chain.before.reduce((sum, value) => sum + value, 0) / chain.before.length) * 0.8;
    chain.after[0].forEach((value, i) =>
      expect(value).toBeCloseTo(0.5 * 0.8 * chain.before[i] + 0.5 * mean, 2),
    );
  });
});

test('cut-out covers a square of the size asked for with the fill value', () => {
  const given = settings({ 'cut-out': { cutout_size: 0.5 } }, { fillValue: 7 });
  const counts = augment(given, several).after.map(
    (picture) => picture.filter((value) => value === 7).length / 3,
  );
  expect(Math.max(...counts)).toBeLessThanOrEqual(32 * 32);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(16 * 16);
});

test('settings that change nothing cost nothing', () => {
  for (const given of [
    augmentationOff,
    settings({ rotation: { rotation_range: 0 }, brightness: { brightness_range: [1, 1] } }),
  ]) {
    const augmenter = createAugmenter(augmentations, given);
    expect(augmenter.isIdentity).toBe(true);
    expect(augmenter.inputs(8, size)).toEqual([]);
    const images = backend.tf.zeros<Rank.R4>([1, 2, 2, 3]);
    expect(augmenter.apply(backend, images, [])).toBe(images);
  }
});

describe('settings', () => {
  test.each([
    [{ sharpen: {} }, 'there is no "sharpen"'],
    [{ rotation: { rotation_range: 200 } }, 'rotation.rotation_range'],
    [{ brightness: { brightness_range: [1.2, 0.8] } }, 'brightness.brightness_range'],
    [{ rotation: { degrees: 3 } }, 'rotation'],
  ])('that make no sense are refused: %j', (transforms, reason) => {
    expect(() => createAugmenter(augmentations, augmentationSettingsSchema.parse({ transforms }))).toThrow(
      reason,
    );
  });

  test.each(presets.map((preset) => [preset.id, preset] as const))(
    'of the preset %s are valid',
    (_, preset) => {
      expect(augmentationSettingsSchema.parse(preset.settings)).toEqual(preset.settings);
      expect(createAugmenter(augmentations, preset.settings).isIdentity).toBe(preset.id === 'off');
    },
  );
});
