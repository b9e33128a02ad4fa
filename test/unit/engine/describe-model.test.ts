import { beforeAll, describe, expect, it } from 'vitest';
import imagenet from '../../../assets/imagenet-classes.json' with { type: 'json' };
import type { Backend } from '../../../src-main/engine/backend.ts';
import { toClassifier } from '../../../src-main/engine/classifier.ts';
import { describeModel } from '../../../src-main/engine/describe-model.ts';
import { summarise } from '../../../src-main/engine/layer-table.ts';
import { plainBackend } from '../../fixtures/engine-parts.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await plainBackend();
});

/** A small network with a name, as published ones have. */
function network(name: string, options: { outputs?: number; side?: number | null; depthwise?: number } = {}) {
  const { outputs = 4, side = 12, depthwise = 0 } = options;
  const { tf } = backend;
  const input = tf.input({ shape: [side, side, 3] });
  let x = tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same' }).apply(input);
  for (let i = 0; i < depthwise; i++) {
    x = tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }).apply(x);
  }
  x = tf.layers.globalAveragePooling2d({}).apply(x);
  x = tf.layers.dense({ units: outputs, activation: 'softmax' }).apply(x);
  return tf.model({ name, inputs: input, outputs: x as never });
}

const described = (model: ReturnType<typeof network>, classes = 4) =>
  describeModel({ model, metadata: null }, classes, undefined, imagenet.names);

describe('what a published network is known for', () => {
  it.each([
    ['mobilenetv2_1.00_224', '-1-1'],
    ['mobilenet_1.00_224', '-1-1'],
    ['inception_v3', '-1-1'],
    ['xception', '-1-1'],
    ['resnet50v2', '-1-1'],
    ['resnet50', 'imagenet'],
    ['vgg16', 'imagenet'],
    ['squeezenet', 'imagenet'],
    ['efficientnetb0', 'none'],
    ['my_cats', '0-1'],
  ])('%s wants %s', (name, preprocessing) => {
    expect(described(network(name)).preprocessing).toBe(preprocessing);
  });

  it('a MobileNet is known by its layers too', () => {
    expect(described(network('model_7', { depthwise: 17 })).preprocessing).toBe('-1-1');
    expect(described(network('model_7', { depthwise: 2 })).preprocessing).toBe('0-1');
  });

  it('a thousand outputs are the classes of ImageNet, each name once', () => {
    const { classes } = described(network('x', { outputs: 1000 }), 1000);
    expect(classes[386]).toBe('African_elephant');
    expect(classes[281]).toBe('tabby');
    expect(new Set(classes).size).toBe(1000);
  });

  it('a network for any size gets one, and says so', () => {
    const description = described(network('x', { side: null }));
    expect(description.imageSize).toBe(224);
    expect(description.assumed.join(' ')).toContain('any image size');
  });
});

describe('what is no image classifier', () => {
  it('is refused with the reason', () => {
    const { tf } = backend;
    const input = tf.input({ shape: [8, 8, 3] });
    const features = tf.layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu' }).apply(input);
    const headless = tf.model({ inputs: input, outputs: features as never });
    expect(() => toClassifier(tf, headless, 'base.json')).toThrow(/base\.json.*output has shape 6×6×2/);
    const pooled = tf.layers.globalAveragePooling2d({}).apply(features);
    expect(() => toClassifier(tf, tf.model({ inputs: input, outputs: pooled as never }))).toThrow(
      /classifier/,
    );
  });

  it('one that takes no square pictures too', () => {
    const { tf } = backend;
    const input = tf.input({ shape: [5] });
    const output = tf.layers.dense({ units: 2, activation: 'softmax' }).apply(input);
    const model = tf.model({ inputs: input, outputs: output as never });
    expect(() => described(model, 2)).toThrow(/\[null, 5\]/);
  });
});

describe('layer tables of functional models', () => {
  it('show the input, depthwise layers and their multiplications', () => {
    const { layers, params } = summarise(network('x', { depthwise: 1 }));
    expect(layers.map(({ type }) => type)).toEqual([
      'InputLayer',
      'Conv2D',
      'DepthwiseConv2D',
      'GlobalAveragePooling2D',
      'Dense',
    ]);
    expect(layers[1].multiplications).toBe(3 * 12 * 12 * 27);
    expect(layers[2].multiplications).toBe(3 * 12 * 12 * 9);
    expect(layers[4].multiplications).toBe(12);
    expect(params).toBe(3 * 27 + 3 + (27 + 3) + (12 + 4));
  });
});

describe('outputs that are not a plain dense layer', () => {
  it('give the same probabilities as the model itself', () => {
    const { tf } = backend;
    const input = tf.input({ shape: [4, 4, 1] });
    const flat = tf.layers.flatten().apply(input);
    const scores = tf.layers.dense({ units: 3, activation: 'linear' }).apply(flat);
    const soft = tf.layers.activation({ activation: 'softmax' }).apply(scores);
    const shaped = tf.layers.reshape({ targetShape: [3] }).apply(soft);
    const images = tf.randomUniform([2, 4, 4, 1], 0, 1, 'float32', 3);
    for (const outputs of [soft, shaped]) {
      const model = tf.model({ inputs: input, outputs: outputs as never });
      const expected = (model.predict(images) as ReturnType<typeof tf.tensor>).dataSync();
      const found = toClassifier(tf, model).probabilities(images).dataSync();
      expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 5));
    }
    const linear = toClassifier(tf, tf.model({ inputs: input, outputs: scores as never }));
    const rows = linear.probabilities(images).arraySync();
    for (const row of rows) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });
});
