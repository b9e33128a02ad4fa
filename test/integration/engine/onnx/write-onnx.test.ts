import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../../../src-main/backends/ladder.ts';
import { loadOnnxRuntime } from '../../../../src-main/backends/onnxruntime.ts';
import type { Preprocessing } from '../../../../src-main/contract/shared/preprocessing.ts';
import { runSettingsSchema } from '../../../../src-main/contract/shared/training-settings.ts';
import { createRandom } from '../../../../src-main/core/random/random.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import type { OnnxRuntime } from '../../../../src-main/engine/base/onnx-runtime.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { buildTopology } from '../../../../src-main/engine/network/model-source.ts';
import type { Topology } from '../../../../src-main/engine/network/topology.ts';
import {
  type OnnxOptions,
  mapChannelsLast,
  onnxInput,
  onnxOutput,
  writeOnnx,
} from '../../../../src-main/engine/onnx/write-onnx.ts';
import { showValues } from '../../../../src-main/engine/onnx/onnx-graph.ts';
import { headOf, toClassifier } from '../../../../src-main/engine/step/classifier.ts';
import { preprocess } from '../../../../src-main/engine/step/preprocessing.ts';
import { Network } from '../../../../src-main/engine/network/network.ts';
import { backbones } from '../../../../src-main/registries/backbones/index.ts';
import { recipes } from '../../../../src-main/registries/recipes/index.ts';
import { smallBackbone } from '../../../fixtures/engine-parts.ts';
import { onnxPackages, pythonWith, runPython } from '../../../fixtures/python-environment.ts';

let tf: Tf;
let onnx: OnnxRuntime;
const folder = mkdtempSync(join(tmpdir(), 'lenslet-onnx-'));
const written: string[] = [];
const about: OnnxOptions['about'] = {
  producer: ['Lenslet', 'test'],
  description: 'a test',
  metadata: { labels: '[]' },
};

beforeAll(async () => {
  ({ tf } = (await loadBackend()).backend);
  registerLayers(tf);
  onnx = await loadOnnxRuntime();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Weights as trained networks have them: of both signs, variances above zero, none like another. */
function randomise(model: tfjs.LayersModel): void {
  const random = createRandom(3);
  for (const weight of model.weights) {
    const size = weight.shape.reduce<number>((product, side) => product * side!, 1);
    const spread = weight.shape.length > 1 ? Math.sqrt(6 / (size / weight.shape.at(-1)!)) : 0.3;
    const positive = /variance|gamma/.test(weight.originalName);
    const values = Float32Array.from({ length: size }, () =>
      positive ? 0.7 + 0.6 * random.next() : (2 * random.next() - 1) * spread,
    );
    const tensor = tf.tensor(values, weight.shape as number[]);
    weight.write(tensor);
    tensor.dispose();
  }
}

function drawnPixels(images: number, size: number, channels: number): Uint8Array {
  const random = createRandom(8);
  return Uint8Array.from({ length: images * size * size * channels }, () => random.integer(256));
}

interface Case {
  readonly preprocessing?: Preprocessing;
  readonly size: number;
  readonly channels?: 1 | 3;
  readonly classifier?: boolean;
}

/** The largest difference of the output, and of every layer relative to its largest value. */
async function compare(
  name: string,
  model: tfjs.LayersModel,
  { preprocessing = '-1-1', size, channels = 3, classifier = false }: Case,
): Promise<{ output: number; layers: Record<string, number> }> {
  const head = classifier ? headOf(new Network(model))! : null;
  const ending = head && { activation: head.activation, outputs: model.outputs[0].shape[1]! };
  const options: OnnxOptions = {
    preprocessing,
    imageSize: size,
    channels,
    ending: ending ?? 'as-it-is',
    about,
  };
  const file = writeOnnx(model, options);
  const path = join(folder, `${name.replaceAll(/\W/g, '-')}.onnx`);
  writeFileSync(path, file.bytes);
  written.push(path);

  const images = 2;
  const pixels = drawnPixels(images, size, channels);
  const shape = [images, size, size, channels];
  const names = file.layers.map(({ value }) => value);
  const session = await onnx.open(showValues(file.bytes, names));
  const network = new Network(model);
  const [output, ...layers] = await session.run(onnxInput, shape, pixels, [onnxOutput, ...names]);
  await session.close();
  return tf.tidy(() => {
    const prepared = preprocess(tf, tf.tensor(Array.from(pixels), shape, 'int32'), preprocessing);
    const expected = classifier
      ? toClassifier(tf, model).probabilities(prepared)
      : (model.predict(prepared) as tfjs.Tensor);
    const walk = network.walk(prepared);
    const difference = (found: Float32Array, wanted: tfjs.Tensor): number => {
      const values = wanted.dataSync<'float32'>();
      expect(found.length).toBe(values.length);
      return found.reduce((most, value, at) => Math.max(most, Math.abs(value - values[at])), 0);
    };
    expect(output.shape).toEqual(expected.shape);
    const byLayer = file.layers.map(({ name: layer, isMap }, at) => {
      const wanted = walk.value(network.find(layer));
      const { values, shape: found } = layers[at];
      const scale = Math.max(1, tf.max(tf.abs(wanted)).dataSync()[0]);
      return [layer, difference(isMap ? mapChannelsLast(values, found) : values, wanted) / scale];
    });
    const scale = Math.max(1, tf.max(tf.abs(expected)).dataSync()[0]);
    return {
      output: difference(output.values, expected) / scale,
      layers: Object.fromEntries(byLayer) as Record<string, number>,
    };
  });
}

function far({ layers }: { layers: Record<string, number> }): string[] {
  return Object.entries(layers).flatMap(([layer, by]) => (by < 2e-4 ? [] : [`${layer}: ${by}`]));
}

describe('networks written as ONNX', () => {
  it.each(backbones.map(({ id, preprocessing, network }) => ({ id, preprocessing, network })))(
    'compute in ONNX Runtime what $id computes here, layer by layer, with its classifier',
    async ({ id, preprocessing, network }) => {
      const size = 64;
      const topology = network({ inputShape: [size, size, 3], top: { classes: 10 } });
      const model = await buildTopology(tf, { format: 'Lenslet', topology }, id);
      randomise(model);
      const found = await compare(id, model, { preprocessing, size, classifier: true });
      model.dispose();
      expect(far(found)).toEqual([]);
      expect(found.output).toBeLessThan(1e-4);
    },
  );

  it('put out the feature map of the frozen part with channels last', async () => {
    const topology = backbones[0].network({ inputShape: [64, 64, 3] });
    const model = await buildTopology(tf, { format: 'Lenslet', topology }, 'frozen');
    randomise(model);
    const found = await compare('frozen part', model, { size: 64 });
    model.dispose();
    expect(found.output).toBeLessThan(1e-4);
  });

  it.each(recipes.flatMap(({ id }) => [2, 3].map((classes) => ({ id, classes }))))(
    'compute what the recipe $id computes for $classes classes',
    async ({ id, classes }) => {
      const recipe = recipes.find((one) => one.id === id)!;
      const { channels } = recipe.defaults;
      const imageSize = channels === 1 ? 28 : 150;
      const settings = runSettingsSchema.parse({
        ...recipe.defaults,
        epochs: 1,
        batchSize: 2,
        learningRate: 0.1,
        stepsPerEpoch: 1,
        imageSize,
        seed: 1,
      });
      const backbone = recipe.needsBackbone ? smallBackbone(tf, imageSize) : null;
      const inputShape = [imageSize, imageSize, channels] as const;
      const model = recipe.build(tf, { inputShape, classes, seed: 1, settings, backbone });
      const found = await compare(`${id} ${classes}`, model, {
        preprocessing: recipe.preprocessing ?? '-1-1',
        size: imageSize,
        channels,
        classifier: true,
      });
      model.dispose();
      expect(far(found)).toEqual([]);
      expect(found.output).toBeLessThan(1e-5);
    },
  );

  it.each(['none', '0-1', '-1-1', 'imagenet'] as const)(
    'take pixels as %s wants them',
    async (preprocessing) => {
      for (const channels of [1, 3] as const) {
        const model = tf.sequential({
          layers: [tf.layers.globalMaxPooling2d({ inputShape: [8, 8, channels] })],
        });
        const found = await compare(`pixels ${preprocessing} ${channels}`, model, {
          preprocessing,
          size: 8,
          channels,
        });
        expect(found.output).toBeLessThan(1e-5);
      }
    },
  );

  it.each(layerCases())('write $type as $case', async ({ type, config, case: name }) => {
    const model = await buildTopology(tf, { format: 'test', topology: stack(type, config) }, name);
    randomise(model);
    const found = await compare(`${type} ${name}`, model, { size: 15 });
    model.dispose();
    expect(far(found)).toEqual([]);
  });

  it('refuse a layer that ONNX has not, naming it', async () => {
    const topology = stack('LayerNormalization', { axis: [-1], name: 'odd_one' });
    const model = await buildTopology(tf, { format: 'test', topology }, 'odd');
    const options: OnnxOptions = {
      preprocessing: 'none',
      imageSize: 15,
      channels: 3,
      ending: 'as-it-is',
      about,
    };
    expect(() => writeOnnx(model, options)).toThrow(
      expect.objectContaining({
        code: 'EXPORT_LAYER_UNSUPPORTED',
        params: { format: 'ONNX', layer: 'odd_one', type: 'LayerNormalization' },
      }),
    );
  });

  it('pass the official checker, and ONNX Runtime in Python computes them', ({ skip }) => {
    const { python, missing } = pythonWith(...onnxPackages);
    if (python === null) return skip(missing);
    const script = `
import sys, numpy, onnx, onnxruntime
for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    [image] = session.get_inputs()
    session.run(None, {image.name: numpy.zeros([1 if isinstance(side, str) else side for side in image.shape], numpy.uint8)})
print(len(sys.argv) - 1)
`;
    expect(written.length).toBeGreaterThan(40);
    expect(runPython(python, ['-c', script, ...written]).trim()).toBe(String(written.length));
  });
});

/** A convolution, then one layer, on images of 15 pixels. */
function stack(type: string, config: Record<string, unknown>): Topology {
  const first = {
    name: 'first',
    batch_input_shape: [null, 15, 15, 3],
    filters: 6,
    kernel_size: [2, 2],
    strides: [1, 1],
    padding: 'same',
    activation: 'linear',
  };
  return {
    class_name: 'Sequential',
    config: {
      name: 'stack',
      layers: [
        { class_name: 'Conv2D', config: first },
        { class_name: type, config: { name: 'second', ...config } },
      ],
    },
  };
}

function layerCases(): { type: string; case: string; config: Record<string, unknown> }[] {
  const slid = { strides: [1, 1], padding: 'valid', use_bias: true, activation: 'linear' };
  const filters = { filters: 5, ...slid };
  const activations = [
    'linear',
    'relu',
    'relu6',
    'sigmoid',
    'tanh',
    'elu',
    'selu',
    'softplus',
    'softsign',
    'exponential',
    'hardSigmoid',
    'hardSigmoid6',
    'hardTanh',
    'leakyRelu',
    'swish',
    'hardSilu',
    'softmax',
  ];
  return [
    ...activations.map((activation) => ({ type: 'Activation', case: activation, config: { activation } })),
    {
      type: 'Conv2D',
      case: 'same, stride 2',
      config: { ...filters, kernel_size: [3, 5], strides: [2, 2], padding: 'same' },
    },
    {
      type: 'Conv2D',
      case: 'same, even kernel, stride 3',
      config: { ...filters, kernel_size: [4, 2], strides: [3, 3], padding: 'same' },
    },
    {
      type: 'Conv2D',
      case: 'dilated, no bias',
      config: { ...filters, kernel_size: [3, 3], dilation_rate: [2, 2], padding: 'same', use_bias: false },
    },
    {
      type: 'DepthwiseConv2D',
      case: 'multiplied',
      config: { ...slid, kernel_size: [3, 3], depth_multiplier: 2, strides: [2, 2], padding: 'same' },
    },
    {
      type: 'SeparableConv2D',
      case: 'with activation',
      config: { ...filters, kernel_size: [3, 3], depth_multiplier: 2, activation: 'relu' },
    },
    { type: 'MaxPooling2D', case: 'same', config: { pool_size: [3, 3], strides: [2, 2], padding: 'same' } },
    {
      type: 'AveragePooling2D',
      case: 'same',
      config: { pool_size: [2, 2], strides: [2, 2], padding: 'same' },
    },
    { type: 'GlobalMaxPooling2D', case: 'a list', config: {} },
    { type: 'GlobalAveragePooling2D', case: 'a map', config: { keepdims: true } },
    {
      type: 'ZeroPadding2D',
      case: 'uneven',
      config: {
        padding: [
          [0, 1],
          [2, 3],
        ],
      },
    },
    { type: 'Flatten', case: 'a list', config: {} },
    { type: 'Reshape', case: 'a list', config: { target_shape: [-1] } },
    { type: 'Reshape', case: 'a map', config: { target_shape: [5, 9, 30] } },
    { type: 'Resizing', case: 'bilinear', config: { height: 20, width: 31, interpolation: 'bilinear' } },
    { type: 'UpSampling2D', case: 'nearest', config: { size: [2, 3], interpolation: 'nearest' } },
    { type: 'Rescaling', case: 'per channel', config: { scale: [1, 2, 3, 4, 5, 6], offset: 0.5 } },
    {
      type: 'Normalization',
      case: 'given numbers',
      config: { axis: -1, mean: [1, 2, 3, 4, 5, 6], variance: [1, 2, 3, 4, 5, 6] },
    },
    { type: 'ReLU', case: 'sloped and limited', config: { max_value: 1, negative_slope: 0.1, threshold: 0 } },
    { type: 'LeakyReLU', case: 'sloped', config: { alpha: 0.2 } },
    { type: 'ELU', case: 'scaled', config: { alpha: 0.5 } },
    { type: 'Softmax', case: 'along the rows', config: { axis: 1 } },
    { type: 'BatchNormalization', case: 'without scale', config: { axis: -1, epsilon: 0.01, scale: false } },
  ];
}
