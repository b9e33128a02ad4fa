import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../../../src-main/backends/ladder.ts';
import { loadOnnxRuntime } from '../../../../src-main/backends/onnxruntime.ts';
import type { Preprocessing } from '../../../../src-main/contract/shared/preprocessing.ts';
import { runSettingsSchema } from '../../../../src-main/contract/shared/training-settings.ts';
import { folderStorage } from '../../../../src-main/core/files/folder-storage.ts';
import type { Tf } from '../../../../src-main/engine/base/backend.ts';
import type { ModelRuntime } from '../../../../src-main/engine/base/model-runtime.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { loadModel } from '../../../../src-main/engine/models/model-file.ts';
import { buildTopology } from '../../../../src-main/engine/network/model-source.ts';
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
import { backbones, knownBackbones } from '../../../../src-main/registries/backbones/index.ts';
import { recipes } from '../../../../src-main/registries/recipes/index.ts';
import { smallBackbone } from '../../../fixtures/engine-parts.ts';
import { drawnPixels, layerCases, randomise, stack } from '../../../fixtures/models/drawn-networks.ts';
import { onnxPackages, pythonWith, runPython } from '../../../fixtures/python-environment.ts';

let tf: Tf;
let onnx: ModelRuntime;
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
      ? toClassifier(tf, model).answers(prepared).probabilities
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
      randomise(tf, model);
      const found = await compare(id, model, { preprocessing, size, classifier: true });
      model.dispose();
      expect(far(found)).toEqual([]);
      expect(found.output).toBeLessThan(1e-4);
    },
  );

  it.each([
    ['operations', 8],
    ['caffe', 8],
    ['convnext', 10],
  ])('compute what Keras’ operations and layers of ConvNeXt compute: %s', async (name, size) => {
    const file = `${name}.keras`;
    const path = join(import.meta.dirname, '../../../fixtures/keras-models/keras-3', file);
    const storage = folderStorage(dirname(path));
    const { model } = await loadModel(tf, { storage, name: file, path, known: knownBackbones });
    const found = await compare(name, model, { preprocessing: 'none', size });
    model.dispose();
    expect(far(found)).toEqual([]);
    expect(found.output).toBeLessThan(1e-5);
  });

  it('put out the feature map of the frozen part with channels last', async () => {
    const topology = backbones[0].network({ inputShape: [64, 64, 3] });
    const model = await buildTopology(tf, { format: 'Lenslet', topology }, 'frozen');
    randomise(tf, model);
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
    randomise(tf, model);
    const found = await compare(`${type} ${name}`, model, { size: 15 });
    model.dispose();
    expect(far(found)).toEqual([]);
  });

  it('refuse a layer that ONNX has not, naming it', async () => {
    const topology = stack('Permute', { dims: [2, 1, 3], name: 'odd_one' });
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
        params: { format: 'ONNX', layer: 'odd_one', type: 'Permute' },
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
