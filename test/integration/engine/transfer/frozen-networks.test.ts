import { beforeAll, describe, expect, it } from 'vitest';
import { loadBackend } from '../../../../src-main/backends/ladder.ts';
import { loadOnnxRuntime } from '../../../../src-main/backends/onnxruntime.ts';
import type { Backend } from '../../../../src-main/engine/base/backend.ts';
import type { ModelRuntime, ModelValue } from '../../../../src-main/engine/base/model-runtime.ts';
import { registerLayers } from '../../../../src-main/engine/layers/register-layers.ts';
import { preprocess } from '../../../../src-main/engine/step/preprocessing.ts';
import { FrozenNetworks, type FrozenPart } from '../../../../src-main/engine/transfer/frozen-networks.ts';
import { averagedParts, featuresOf } from '../../../../src-main/engine/transfer/transfer.ts';
import { makeTiles, smallBackbone } from '../../../fixtures/engine-parts.ts';

let backend: Backend;
const imageSize = 16;
const pictures = makeTiles({ images: 5, classes: 5, size: imageSize, channels: 3 });

beforeAll(async () => {
  ({ backend } = await loadBackend());
  registerLayers(backend.tf);
});

function part(hash = 'small'): FrozenPart {
  const parts = averagedParts(backend.tf, smallBackbone(backend.tf, imageSize).model);
  return { parts, hash, preprocessing: '-1-1', imageSize, channels: 3 };
}

/** The real runtime, which counts what is open, and may change what it computes. */
function watched(change: (found: ModelValue) => ModelValue = (found) => found) {
  const count = { opened: 0, closed: 0 };
  const load = async (): Promise<ModelRuntime> => {
    const runtime = await loadOnnxRuntime();
    return {
      ...runtime,
      async open(bytes) {
        const session = await runtime.open(bytes);
        count.opened++;
        return {
          run: async (...wanted) => (await session.run(...wanted)).map(change),
          close: () => {
            count.closed++;
            return session.close();
          },
        };
      },
    };
  };
  return { count, load };
}

function onBackend({ parts, preprocessing }: FrozenPart): Float32Array {
  const { tf } = backend;
  return tf.tidy(() => {
    const images = tf.tensor4d(new Int32Array(pictures.data), [5, imageSize, imageSize, 3], 'int32');
    return featuresOf(parts, preprocess(tf, images, preprocessing)).dataSync<'float32'>();
  });
}

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0);

describe('a frozen network in ONNX Runtime', () => {
  it('gives the features that the backend gives, and leaves the network as it was', async () => {
    const frozen = new FrozenNetworks(backend, watched().load);
    const wanted = part();
    const before = JSON.stringify(wanted.parts.backbone.toJSON());
    const found = await frozen.use(wanted, (compute) => compute!(pictures.data, 5));
    expect(found).toHaveLength(5 * 16);
    expect(largestDifference(found, onBackend(wanted))).toBeLessThan(1e-5);
    expect(JSON.stringify(wanted.parts.backbone.toJSON())).toBe(before);
  });

  it('gives a whole map where the head flattens it', async () => {
    const frozen = new FrozenNetworks(backend, watched().load);
    const { parts, ...rest } = part();
    const flat = { ...rest, parts: { ...parts, pooling: null } };
    const found = await frozen.use(flat, (compute) => compute!(pictures.data, 5));
    expect(found).toHaveLength(onBackend(flat).length);
    expect(largestDifference(found, onBackend(flat))).toBeLessThan(1e-5);
  });

  it('is opened once, for those who ask at the same time too, and closed when another one was used', async () => {
    const { count, load } = watched();
    const frozen = new FrozenNetworks(backend, load);
    const some = () => frozen.use(part(), (compute) => compute!(pictures.data, 2));
    await Promise.all([some(), some()]);
    await some();
    expect(count).toEqual({ opened: 1, closed: 0 });
    await frozen.use(part('another'), (compute) => compute!(pictures.data, 2));
    expect(count).toEqual({ opened: 2, closed: 1 });
  });

  it('is refused when it computes something else, or what is no number', async () => {
    for (const factor of [1.01, Number.NaN]) {
      const { count, load } = watched(({ shape, values }) => ({
        shape,
        values: values.map((value) => value * factor),
      }));
      const frozen = new FrozenNetworks(backend, load);
      expect(await frozen.use(part(), async (compute) => compute)).toBeNull();
      expect(count).toEqual({ opened: 1, closed: 1 });
    }
  });

  it('is left to the backend where the runtime cannot be had', async () => {
    const frozen = new FrozenNetworks(backend, () => Promise.reject(new Error('no such library')));
    expect(await frozen.use(part(), async (compute) => compute)).toBeNull();
  });

  it('is left to TensorFlow, or told to be unfit, where the user wants one of the two', async () => {
    const { count, load } = watched();
    const own = new FrozenNetworks(backend, load, 'tensorflow');
    expect(await own.use(part(), async (compute) => compute)).toBeNull();
    expect(count.opened).toBe(0);
    const onGpu = new FrozenNetworks({ ...backend, device: 'gpu' }, load, 'onnxruntime');
    expect(await onGpu.use(part(), async (compute) => compute)).not.toBeNull();
    const missing = new FrozenNetworks(
      backend,
      () => Promise.reject(new Error('no such library')),
      'onnxruntime',
    );
    await expect(missing.use(part(), async (compute) => compute)).rejects.toMatchObject({
      code: 'ENGINE_ONNX_RUNTIME_UNFIT',
      params: { reason: 'no such library' },
    });
  });

  it('is left to a GPU, and to a processor that computes in bfloat16', async () => {
    for (const faster of [{ device: 'gpu' }, { precision: 'bfloat16' }] as const) {
      const { count, load } = watched();
      const frozen = new FrozenNetworks({ ...backend, ...faster }, load);
      expect(await frozen.use(part(), async (compute) => compute)).toBeNull();
      expect(count.opened).toBe(0);
    }
  });
});
