/** The lesson in Keras, and the same here, on the same weights. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { patternSettingsSchema } from '../../../../src-main/contract/app/explain/patterns.ts';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import {
  activationsOf,
  channelPictures,
} from '../../../../src-main/engine/interpretation/activations/activations.ts';
import {
  type FilterPatterns,
  filterPatterns,
} from '../../../../src-main/engine/interpretation/patterns/filter-patterns.ts';
import { gradCam } from '../../../../src-main/registries/explanations/grad-cam.ts';
import { heatmapOf } from '../../../../src-main/engine/interpretation/heatmaps/heatmaps.ts';
import { chooseShownLayers, heatmapLayer } from '../../../../src-main/engine/interpretation/layer-choice.ts';
import { toPicture } from '../../../../src-main/engine/interpretation/patterns/pattern-canvas.ts';
import { patternStep } from '../../../../src-main/engine/interpretation/patterns/pattern-step.ts';
import { photoTensor } from '../../../../src-main/engine/interpretation/subject.ts';
import { plainBackend } from '../../../fixtures/engine-parts.ts';
import {
  type FormulaForm,
  type Numbers,
  formulaNetwork,
  formulaNoise,
  formulaPhoto,
  formulaSize,
  numbersOf,
  subjectOf,
} from '../../../fixtures/models/formula-network.ts';
import { loadTensorflow } from '../../backends/tensorflow/graph/tensorflow.ts';

interface Fixture {
  readonly grid: Numbers;
  readonly cases: readonly {
    readonly classes: number;
    readonly output: number[];
    readonly activations: readonly ({ name: string } & Numbers)[];
    readonly heatmaps: readonly { class: number; probability: number; map: number[][] }[];
    readonly patterns: readonly {
      layer: string;
      filter: number;
      steps: number;
      loss: number;
      canvas: Numbers;
      picture: Numbers;
    }[];
  }[];
}

const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../fixtures/keras-explain/explain.json'), 'utf8'),
) as Fixture;
const nobody = { yieldToOthers: async () => undefined };

/** Relative to how large the numbers are as a whole. */
function expectClose(found: Numbers, wanted: Numbers, relative: number): void {
  expect(found.shape).toEqual(wanted.shape);
  expect(Math.abs(found.norm / wanted.norm - 1)).toBeLessThan(relative);
  const count = wanted.shape.reduce((product, side) => product * side, 1);
  const scale = wanted.norm / Math.sqrt(count);
  found.samples.forEach((value, i) => {
    expect(Math.abs(value - wanted.samples[i]) / scale).toBeLessThan(relative);
  });
}

let backends: Record<string, Backend>;
beforeAll(async () => {
  backends = { tensorflow: await loadTensorflow() };
});

describe.each(['sequential', 'nested', 'nested-in-graph'] as FormulaForm[])('a %s network', (form) => {
  describe.each(fixture.cases)('of $classes classes', ({ classes, output, activations, heatmaps }) => {
    it('has the activations that Keras has', () => {
      const backend = backends.tensorflow;
      const subject = subjectOf(backend, formulaNetwork(backend.tf, classes, form));
      const layers = chooseShownLayers(subject.network, null, false);
      const pixels = photoTensor(subject, formulaPhoto());
      const found = activationsOf(subject, pixels, layers);
      expect(found.layers.map(({ layer }) => layer.name)).toEqual(activations.map(({ name }) => name));
      found.layers.forEach(({ height, width, channels, values }, i) =>
        expectClose(numbersOf(values, [height, width, channels]), activations[i], 1e-4),
      );
      const said = classes === 2 ? [found.probabilities[1]] : found.probabilities;
      said.forEach((value, i) => expect(value).toBeCloseTo(output[i], 5));
      pixels.dispose();
    });

    it('has the heatmaps that Keras has, empty ones too', async () => {
      const backend = backends.tensorflow;
      const subject = subjectOf(backend, formulaNetwork(backend.tf, classes, form));
      expect(heatmapLayer(subject.network)?.name).toBe('block3_conv1');
      const pixels = photoTensor(subject, formulaPhoto());
      for (const [i, wanted] of heatmaps.entries()) {
        const layer = i === heatmaps.length - 1 ? 'block2_conv1' : null;
        const wish = { method: gradCam, layer, class: wanted.class };
        const found = await heatmapOf(subject, pixels, wish, nobody);
        expect(found.probabilities[wanted.class]).toBeCloseTo(wanted.probability, 5);
        const numbers = wanted.map.flat();
        expect(found.map).toHaveLength(numbers.length);
        found.map.forEach((value, place) => expect(Math.abs(value - numbers[place])).toBeLessThan(1e-3));
        const isEmpty = numbers.every((value) => value === 0);
        expect(found.empty).toBe(isEmpty ? 'against' : null);
      }
      pixels.dispose();
    });
  });
});

describe('gradient ascent', () => {
  /**
   * Rounding differs, and where a ReLU or a pooling decides otherwise the paths part for good: after 40 steps of size 1
   * the canvases may differ by a hundredth of how large they are, and by a thousandth after five.
   */
  it.each(fixture.cases[0].patterns)(
    'climbs as in Keras: $layer, filter $filter, $steps steps',
    async (wanted) => {
      const backend = backends.tensorflow;
      const { tf } = backend;
      const subject = subjectOf(backend, formulaNetwork(tf, 3), 'imagenet');
      const layer = subject.network.find(wanted.layer);
      const depth = layer.outputShape.at(-1)!;
      const size = wanted.canvas.shape[0];
      let canvas: ReturnType<typeof tf.tensor> = tf.tensor4d(formulaNoise(wanted.filter, size), [
        1,
        size,
        size,
        3,
      ]);
      const chosen = tf.oneHot(tf.tensor1d([wanted.filter], 'int32'), depth).toFloat();
      const inputs = [canvas, chosen, tf.scalar(1)];
      const program = patternStep(subject, layer, { jitter: false, blur: 0 });
      const programs = backend.prepare({ step: { program, exampleInputs: inputs } });
      expect(programs.whyEager).toBeNull();
      let loss = 0;
      for (let step = 0; step < wanted.steps; step++) {
        const [next, means, gradients] = programs.run('step', [canvas, ...inputs.slice(1)]);
        loss = means.dataSync()[0];
        tf.dispose([canvas, means, gradients]);
        canvas = next;
      }
      const relative = wanted.steps > 5 ? 1e-2 : 1e-3;
      expect(Math.abs(loss / wanted.loss - 1)).toBeLessThan(relative);
      const values = canvas.dataSync<'float32'>();
      expectClose(numbersOf(values, wanted.canvas.shape), wanted.canvas, relative);
      // Shown without turning BGR round, as the fixture does.
      const picture = numbersOf(toPicture(values, 3, false), wanted.picture.shape);
      picture.samples.forEach((value, i) =>
        expect(Math.abs(value - wanted.picture.samples[i])).toBeLessThan(3),
      );
      programs.dispose();
      tf.dispose([canvas, ...inputs.slice(1)]);
    },
  );

  it('gives the same patterns one by one and together, on either backend', async () => {
    const settings = patternSettingsSchema.parse({ size: 20, steps: 4 });
    const made: { together: FilterPatterns; alone: FilterPatterns }[] = [];
    // One after the other: both are the same tfjs.
    for (const backend of [backends.tensorflow, await plainBackend()]) {
      await backend.tf.setBackend(backend.id === 'cpu' ? 'cpu' : 'tensorflow');
      const subject = subjectOf(backend, formulaNetwork(backend.tf, 3), '-1-1');
      const layer = subject.network.find('block2_conv1');
      const together = await filterPatterns(subject, layer, [1, 4, 7], settings, nobody);
      const alone = await filterPatterns(subject, layer, [4], settings, nobody);
      const length = 20 * 20 * 3;
      const picture = together.pictures.subarray(length, 2 * length);
      picture.forEach((value, i) => expect(Math.abs(value - alone.pictures[i])).toBeLessThanOrEqual(1));
      made.push({ together, alone });
    }
    await backends.tensorflow.tf.setBackend('tensorflow');
    expect(made[0].together.activations).toHaveLength(3);
    made[0].alone.pictures.forEach((value, i) =>
      expect(Math.abs(value - made[1].alone.pictures[i])).toBeLessThanOrEqual(2),
    );
  });
});

describe('the picture of a channel', () => {
  it("is normalised as in the lesson's grid", () => {
    const photo = formulaPhoto();
    const values = Float32Array.from({ length: formulaSize ** 2 }, (_, i) => Math.max(photo[i * 3] - 100, 0));
    const layer = { layer: {} as never, height: formulaSize, width: formulaSize, channels: 1, values };
    const { planes, blank } = channelPictures(layer);
    expect(blank).toEqual([]);
    const found = numbersOf(planes, fixture.grid.shape);
    found.samples.forEach((value, i) =>
      expect(Math.abs(value - fixture.grid.samples[i])).toBeLessThanOrEqual(1),
    );
  });
});
