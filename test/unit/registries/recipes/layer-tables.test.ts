import { beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import { AppError } from '../../../../src-main/contract/shared/errors.ts';
import { summarise } from '../../../../src-main/engine/network/layer-table.ts';
import { findRecipe, recipes } from '../../../../src-main/registries/recipes/index.ts';
import { plainBackend, smallBackbone } from '../../../fixtures/engine-parts.ts';
import { runSettings } from '../../../../src-main/registries/recipes/run-settings.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await plainBackend();
});

function table(recipe: string, classes: number, imageSize?: number) {
  const found = findRecipe(recipe);
  const size = imageSize ?? found.defaults.imageSize;
  const inputShape = [size, size, found.defaults.channels] as const;
  const model = found.build(backend.tf, { inputShape, classes, seed: 1 });
  const summary = summarise(model);
  model.dispose();
  return summary;
}

const rows = (summary: ReturnType<typeof table>) =>
  summary.layers.map(({ name, type, outputShape, params }) => [name, type, outputShape.slice(1), params]);

describe("the lesson's layer tables", () => {
  it('mnist: 93,322 parameters', () => {
    const summary = table('mnist', 10);
    expect(rows(summary)).toEqual([
      ['conv2d', 'Conv2D', [26, 26, 32], 320],
      ['max_pooling2d', 'MaxPooling2D', [13, 13, 32], 0],
      ['conv2d_1', 'Conv2D', [11, 11, 64], 18_496],
      ['max_pooling2d_1', 'MaxPooling2D', [5, 5, 64], 0],
      ['conv2d_2', 'Conv2D', [3, 3, 64], 36_928],
      ['flatten', 'Flatten', [576], 0],
      ['dense', 'Dense', [64], 36_928],
      ['dense_1', 'Dense', [10], 650],
    ]);
    expect(summary.params).toBe(93_322);
    expect(summary.trainableParams).toBe(93_322);
    expect(summary.trainableWeights).toBe(10);
    expect(summary.layers[0].outputShape[0]).toBeNull();
  });

  it('mnist without pooling: shapes 26, 24, 22, and 30,976 values into the dense layer', () => {
    const summary = table('mnist-no-pooling', 10);
    expect(rows(summary).slice(0, 4)).toEqual([
      ['conv2d', 'Conv2D', [26, 26, 32], 320],
      ['conv2d_1', 'Conv2D', [24, 24, 64], 18_496],
      ['conv2d_2', 'Conv2D', [22, 22, 64], 36_928],
      ['flatten', 'Flatten', [30_976], 0],
    ]);
    expect(summary.layers.slice(0, 3).reduce((sum, row) => sum + row.params, 0)).toBe(55_744);
  });

  it('cats and dogs from scratch: 3,453,121 parameters', () => {
    const summary = table('scratch', 2);
    expect(rows(summary)).toEqual([
      ['conv2d', 'Conv2D', [148, 148, 32], 896],
      ['max_pooling2d', 'MaxPooling2D', [74, 74, 32], 0],
      ['conv2d_1', 'Conv2D', [72, 72, 64], 18_496],
      ['max_pooling2d_1', 'MaxPooling2D', [36, 36, 64], 0],
      ['conv2d_2', 'Conv2D', [34, 34, 128], 73_856],
      ['max_pooling2d_2', 'MaxPooling2D', [17, 17, 128], 0],
      ['conv2d_3', 'Conv2D', [15, 15, 128], 147_584],
      ['max_pooling2d_3', 'MaxPooling2D', [7, 7, 128], 0],
      ['flatten', 'Flatten', [6272], 0],
      ['dense', 'Dense', [512], 3_211_776],
      ['dense_1', 'Dense', [1], 513],
    ]);
    expect(summary.params).toBe(3_453_121);
  });

  it('counts multiplications as the lesson does, per image', () => {
    const [conv] = table('mnist', 10).layers;
    expect(conv.multiplications).toBe(32 * 26 * 26 * 3 * 3 * 1);
    const dense = table('mnist', 10).layers.find(({ name }) => name === 'dense')!;
    expect(dense.multiplications).toBe(576 * 64);
    const second = table('scratch', 2).layers.find(({ name }) => name === 'conv2d_1')!;
    expect(second.multiplications).toBe(64 * 72 * 72 * 3 * 3 * 32);
  });

  it('names the same layers however many models were built before', () => {
    table('mnist', 10);
    expect(table('mnist', 10).layers.map(({ name }) => name)).toContain('conv2d_2');
    expect(table('mnist', 10).layers.map(({ name }) => name)).not.toContain('conv2d_3');
  });
});

describe('initial weights', () => {
  const firstKernel = (seed: number): Float32Array => {
    const model = findRecipe('mnist').build(backend.tf, { inputShape: [28, 28, 1], classes: 3, seed });
    const values = model.getWeights()[2].dataSync<'float32'>().slice();
    model.dispose();
    return values;
  };

  it('come from the seed', () => {
    expect(firstKernel(5)).toEqual(firstKernel(5));
    expect(firstKernel(5)).not.toEqual(firstKernel(6));
  });

  it('are Glorot-uniform: within ±sqrt(6 / (in + out)), and filling that range', () => {
    const values = firstKernel(1);
    const limit = Math.sqrt(6 / (9 * 32 + 9 * 64));
    expect(Math.max(...values)).toBeLessThanOrEqual(limit);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-limit);
    expect(Math.max(...values)).toBeGreaterThan(0.98 * limit);
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(variance / (limit ** 2 / 3)).toBeCloseTo(1, 1);
  });

  it('differ between layers of the same shape', () => {
    const model = findRecipe('scratch').build(backend.tf, { inputShape: [96, 96, 3], classes: 2, seed: 1 });
    const [, , , , , , fourth] = model.getWeights();
    const third = model.getWeights()[4];
    expect(fourth.dataSync().slice(0, 10)).not.toEqual(third.dataSync().slice(0, 10));
    model.dispose();
  });
});

describe('every recipe', () => {
  it.each(recipes.map((recipe) => [recipe.id, recipe]))('%s fits two classes and more', (_, recipe) => {
    const { imageSize: size, channels } = recipe.defaults;
    for (const classes of [2, 3, 7]) {
      const backbone = recipe.needsBackbone ? smallBackbone(backend.tf, size) : null;
      const model = recipe.build(backend.tf, {
        inputShape: [size, size, channels],
        classes,
        seed: 1,
        backbone,
      });
      expect(model.outputs[0].shape[1]).toBe(classes === 2 ? 1 : classes);
      const config = model.layers.at(-1)!.getConfig();
      expect(config.activation).toBe(classes === 2 ? 'sigmoid' : 'softmax');
      model.dispose();
    }
    const { batchSize, minSteps } = recipe.defaults;
    const settings = runSettings(recipe, { epochs: 2 }, 10 * batchSize + 1);
    expect(settings).toMatchObject({
      epochs: 2,
      batchSize,
      stepsPerEpoch: Math.max(11, minSteps),
    });
    // Every image once, when that is asked for.
    expect(runSettings(recipe, { stepsPerEpoch: null }, 10 * batchSize + 1).stepsPerEpoch).toBe(11);
    expect(() => runSettings(recipe, { epochs: 0 }, 1)).toThrow();
    // What trains, and in what order, follows from the settings alone. What is solved for takes none of them.
    const last = recipe.stages(settings).at(-1)!;
    const { learningRate } = settings;
    const isSolved = recipe.id === 'linear-probe';
    expect(last.solver).toBe(isSolved ? 'l-bfgs' : 'gradient-descent');
    expect(last).toMatchObject(isSolved ? { epochs: 1, learningRate: null } : { epochs: 2, learningRate });
  });

  it('says which layer has nothing left of a small image, and what size would do', () => {
    const build = (size: number) => (): unknown =>
      findRecipe('scratch').build(backend.tf, { inputShape: [size, size, 3], classes: 2, seed: 1 });
    const caught = (() => {
      try {
        return build(40)();
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toBeInstanceOf(AppError);
    const { code, params } = caught as AppError;
    expect(code).toBe('MODEL_TOO_SMALL_INPUT');
    expect(params).toMatchObject({ size: 40, layer: 'max_pooling2d_3' });
    const minimum = Number(params.minimum);
    expect(build(minimum)).not.toThrow();
    expect(build(minimum - 1)).toThrow(AppError);
  });

  it('unknown ids are answered with the known ones', () => {
    expect(() => findRecipe('lasagne')).toThrow(/lasagne/);
    try {
      findRecipe('lasagne');
    } catch (error) {
      expect((error as AppError).remedy).toContain('mnist-no-pooling');
    }
  });
});
