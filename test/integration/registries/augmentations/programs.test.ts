/** Augmentation inside compiled programs: the same numbers as run eagerly, in TensorFlow and in JavaScript. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAugmenter } from '../../../../src-main/engine/augmentation/augmenter.ts';
import { augmentations } from '../../../../src-main/registries/augmentations/index.ts';
import {
  type AugmentationSettings,
  augmentationOff,
  fillModes,
} from '../../../../src-main/contract/shared/augmentation.ts';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import { makeTiles } from '../../../fixtures/engine-parts.ts';
import { loadTensorflow } from '../../backends/tensorflow/graph/tensorflow.ts';

const [batch, size, channels] = [5, 24, 3] as const;
const { data } = makeTiles({ images: batch, classes: 2, size, channels });
const everything: AugmentationSettings = {
  ...augmentationOff,
  transforms: Object.fromEntries(augmentations.map(({ id }) => [id, {}])),
};
let backend: Required<Backend>;

beforeAll(async () => {
  backend = await loadTensorflow();
});

function program(settings: AugmentationSettings) {
  const augmenter = createAugmenter(augmentations, settings);
  return {
    run: ([bytes, ...fed]: Tensor[]): Tensor[] => [
      augmenter.apply(backend, backend.tf.cast(bytes, 'float32') as Tensor4D, fed),
    ],
    feed: (step: number): Tensor[] => {
      const keys = Int32Array.from({ length: batch }, (_, place) => step * batch + place);
      const shapes = augmenter.inputs(batch, size);
      const drawn = augmenter.draw(3, keys, size);
      const fed = drawn.map((values, i) => backend.tf.tensor(values, shapes[i].shape));
      return [backend.bytes(data, [batch, size, size, channels]), ...fed];
    },
  };
}

function numbers(tensors: Tensor[]): number[] {
  const values = [...tensors[0].dataSync()];
  backend.tf.dispose(tensors);
  return values;
}

describe.each([
  ...augmentations.map(({ id }) => [id, { ...augmentationOff, transforms: { [id]: {} } }] as const),
  ...fillModes.map(
    (fillMode) => [`everything, ${fillMode}`, { ...everything, fillMode, fillValue: 30 }] as const,
  ),
])('%s', (_, settings) => {
  test('as a graph equals eager, step after step', () => {
    const { run, feed } = program(settings);
    const exampleInputs = feed(0);
    const set = backend.prepare({ augment: { program: run, exampleInputs } });
    backend.tf.dispose(exampleInputs);
    expect(set.whyEager).toBeNull();
    const steps = [0, 1, 7].map((step) => {
      const inputs = feed(step);
      const compiled = numbers(set.run('augment', inputs));
      const eager = numbers(backend.tf.tidy(() => run(inputs)));
      backend.tf.dispose(inputs);
      expect(compiled).toEqual(eager);
      return compiled;
    });
    expect(steps[1]).not.toEqual(steps[0]);
    set.dispose();
  });

  test('in JavaScript gives the same pictures', async () => {
    const { run, feed } = program(settings);
    const native = feed(2);
    const wanted = numbers(backend.tf.tidy(() => run(native)));
    backend.tf.dispose(native);
    await backend.tf.setBackend('cpu');
    try {
      const [, ...fed] = feed(2);
      const bytes = backend.tf.tensor4d(Float32Array.from(data), [batch, size, size, channels]);
      const found = numbers(backend.tf.tidy(() => run([bytes, ...fed])));
      const apart = found.map((value, i) => Math.abs(value - wanted[i]));
      expect(Math.max(...apart)).toBeLessThan(0.1);
    } finally {
      await backend.tf.setBackend('tensorflow');
    }
  });
});
