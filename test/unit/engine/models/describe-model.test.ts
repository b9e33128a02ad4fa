import type * as tfjs from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import imagenet from '../../../../assets/imagenet-classes.json' with { type: 'json' };
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import { toClassifier } from '../../../../src-main/engine/step/classifier.ts';
import { describeModel } from '../../../../src-main/engine/models/describe-model.ts';
import { summarise } from '../../../../src-main/engine/network/layer-table.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { probabilities, scores } from '../../../../src-main/engine/interpretation/heatmaps/class-score.ts';
import { Network } from '../../../../src-main/engine/network/network.ts';
import { plainBackend } from '../../../fixtures/engine-parts.ts';

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

type Symbolic = ReturnType<Backend['tf']['input']>;
type Layer = tfjs.layers.Layer;

/** What comes out of layers, one after the other. */
function through(from: Symbolic, ...layers: readonly Layer[]): Symbolic {
  return layers.reduce((values, layer) => layer.apply(values) as Symbolic, from);
}

/** A layer that the loader makes from its class's name. */
function made(type: string, config: object = {}): Layer {
  registerLayers(backend.tf);
  const layers = backend.tf.serialization.SerializationMap.getMap().classNameMap;
  const [make, fromConfig] = layers[type];
  return fromConfig(make, { ...config }) as never;
}

/** A classifier of 12×12 pixels in colour that begins with some layers. */
function beginning(name: string, ...first: readonly Layer[]) {
  const { tf } = backend;
  const input = tf.input({ shape: [12, 12, 3] });
  const output = through(
    input,
    ...first,
    tf.layers.conv2d({ filters: 3, kernelSize: 3 }),
    tf.layers.globalAveragePooling2d({}),
    tf.layers.dense({ units: 4, activation: 'softmax' }),
  );
  return tf.model({ name, inputs: input, outputs: output });
}

const rescaling = () => made('Rescaling', { scale: 1 / 255, offset: 0 });

describe('a network that rescales its pixels itself', () => {
  it('is seen behind layers that only change or cut pictures', () => {
    const linear = backend.tf.layers.activation({ activation: 'linear' });
    const first = [made('RandomFlip'), made('RandomRotation'), linear, rescaling()];
    const { preprocessing, assumed } = described(beginning('x', ...first));
    expect(preprocessing).toBe('none');
    expect(assumed[0]).toContain('begins by rescaling');
  });

  it('is seen behind and inside nested networks', () => {
    const nested = (...layers: Layer[]) => {
      const input = backend.tf.input({ shape: [12, 12, 3] });
      return backend.tf.model({ inputs: input, outputs: through(input, ...layers) });
    };
    const augmentation = nested(made('RandomFlip'), made('RandomContrast'));
    expect(described(beginning('x', augmentation, rescaling())).preprocessing).toBe('none');
    expect(described(beginning('x', nested(made('RandomFlip'), rescaling()))).preprocessing).toBe('none');
    expect(described(beginning('x', nested(made('RandomFlip')))).preprocessing).toBe('0-1');
  });

  it('is believed before its name, and not for rescaling later on', () => {
    expect(described(beginning('resnet_small', rescaling())).preprocessing).toBe('none');
    const late = beginning('resnet_small', backend.tf.layers.maxPooling2d({ poolSize: 2 }), rescaling());
    expect(described(late).preprocessing).toBe('imagenet');
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

  it('one that takes no square ones is told so', () => {
    const { tf } = backend;
    const input = tf.input({ shape: [8, 12, 3] });
    const model = tf.model({ inputs: input, outputs: through(input, tf.layers.flatten()) });
    expect(() => described(model)).toThrow(/pictures of 8×12 pixels.*only square/);
  });

  it('one of several inputs or outputs is refused with their names', () => {
    const { tf } = backend;
    const dense = (name: string) => tf.layers.dense({ name, units: 2, activation: 'softmax' });
    const left = tf.input({ name: 'left', shape: [4] });
    const right = tf.input({ name: 'right', shape: [4] });
    const sum = tf.layers.add().apply([left, right]) as Symbolic;
    const outputs = [through(sum, dense('animal')), through(sum, dense('colour'))];
    const model = tf.model({ inputs: [left, right], outputs });
    expect(() => toClassifier(tf, model)).toThrow(/2 outputs \(animal, colour\)/);
    expect(() => described(model)).toThrow(/2 inputs \(left, right\)/);
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

describe('layer tables of layers used several times', () => {
  it('have their parameters once and the multiplications of all uses', () => {
    const { tf } = backend;
    const input = tf.input({ shape: [12, 12, 3] });
    const conv = tf.layers.conv2d({ filters: 3, kernelSize: 3 });
    const model = tf.model({ inputs: input, outputs: through(input, conv, conv, conv) });
    const { layers, params } = summarise(model);
    expect(layers.map(({ type }) => type)).toEqual(['InputLayer', 'Conv2D']);
    expect(params).toBe(3 * 27 + 3);
    expect(layers[1].outputShape).toEqual([null, 6, 6, 3]);
    expect(layers[1].multiplications).toBe(3 * 27 * (100 + 64 + 36));
    const twice = tf.model({ inputs: input, outputs: through(input, model) });
    expect(summarise(twice).multiplications).toBe(3 * 27 * 200);
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
      const found = toClassifier(tf, model).answers(images).probabilities.dataSync();
      expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 5));
    }
    const linear = toClassifier(tf, tf.model({ inputs: input, outputs: scores as never }));
    const rows = linear.answers(images).probabilities.arraySync();
    for (const row of rows) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });

  /** The classifier says what the model itself says. */
  function expectSame(model: ReturnType<Backend['tf']['model']>): void {
    const { tf } = backend;
    const images = tf.randomUniform([2, 4, 4, 1], 0, 1, 'float32', 3);
    const expected = (model.predict(images) as ReturnType<typeof tf.tensor>).dataSync();
    const classifier = toClassifier(tf, model);
    const found = classifier.answers(images).probabilities.dataSync();
    expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 6));
    const network = new Network(model);
    const walk = network.walk(images);
    probabilities(tf, network, walk)
      .dataSync()
      .forEach((value, index) => expect(value).toBeCloseTo(expected[index], 6));
    const logits = classifier.logits(images, false).dataSync();
    scores(tf, network, walk)
      .dataSync()
      .forEach((value, index) => expect(value).toBeCloseTo(logits[index], 5));
    expect(() => summarise(model)).not.toThrow();
  }

  /** A whole classifier, with layers after its head if so wanted. */
  function classifier(...after: readonly Layer[]) {
    const { tf } = backend;
    const input = tf.input({ shape: [4, 4, 1] });
    const head = tf.layers.dense({ units: 3, activation: 'softmax', biasInitializer: 'randomNormal' });
    const output = through(input, tf.layers.flatten(), head, ...after);
    return tf.model({ name: 'trained', inputs: input, outputs: output });
  }

  it('such as layers after the softmax that change nothing', () => {
    const { tf } = backend;
    expectSame(classifier(tf.layers.activation({ activation: 'linear' })));
    expectSame(classifier(tf.layers.dropout({ rate: 0.5 }), tf.layers.activation({ activation: 'linear' })));
  });

  it('such as the average of two classifiers', () => {
    const { tf } = backend;
    const input = tf.input({ shape: [4, 4, 1] });
    const both = [1, 2].map((seed) => {
      const kernelInitializer = tf.initializers.glorotUniform({ seed });
      const head = tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer });
      return through(input, tf.layers.flatten(), head);
    });
    expectSame(tf.model({ inputs: input, outputs: tf.layers.average().apply(both) as Symbolic }));
  });

  it('such as a whole classifier inside another network', () => {
    const { tf } = backend;
    const wrapped = (name: string, ...layers: readonly Layer[]) => {
      const input = tf.input({ shape: [4, 4, 1] });
      return tf.model({ name, inputs: input, outputs: through(input, ...layers) });
    };
    expectSame(wrapped('a', rescaling(), classifier()));
    expectSame(wrapped('b', classifier()));
    expectSame(
      wrapped('c', wrapped('d', rescaling(), classifier()), tf.layers.reshape({ targetShape: [3] })),
    );
    expectSame(tf.sequential({ layers: [classifier()] }));
    expectSame(tf.sequential({ layers: [tf.sequential({ layers: [classifier()] })] }));
  });
});
