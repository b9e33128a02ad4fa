/** The native kernels against plain JavaScript: the `cpu` backend of tfjs, which knows nothing of them. */
import type { KernelBackend, Rank, Tensor, Tensor1D, Tensor4D, TensorContainer } from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, Tf } from '../../../../../src-main/engine/base/backend.ts';
import { nodeBackendOf } from '../../../../../src-main/backends/tensorflow/native-binding.ts';
import { loadTensorflow } from '../graph/tensorflow.ts';

let backend: Required<Backend>;
let tf: Tf;

beforeAll(async () => {
  backend = await loadTensorflow();
  tf = backend.tf;
});

afterEach(async () => {
  await tf.setBackend('tensorflow');
});

function waves(size: number, frequency: number, scale = 4): number[] {
  return Array.from({ length: size }, (_, i) => Math.fround(Math.sin(frequency * (i + 1)) * scale));
}

/** Names of the native operations that ran. */
function operationsOf(body: () => TensorContainer): string[] {
  const node = nodeBackendOf(tf);
  const native = node.binding;
  const names: string[] = [];
  node.binding = Object.create(native, {
    executeOp: {
      value: (...parameters: Parameters<typeof native.executeOp>) => {
        names.push(parameters[0]);
        return native.executeOp(...parameters);
      },
    },
  }) as typeof native;
  try {
    tf.dispose(tf.tidy(body));
  } finally {
    node.binding = native;
  }
  return names;
}

/** Runs `body` on both backends, checks that numbers agree to `digits`, and returns the native operations. */
async function compare(body: () => Tensor[], digits = 5): Promise<string[]> {
  await tf.setBackend('cpu');
  const wanted = tf.tidy(body).map((tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] }));
  await tf.setBackend('tensorflow');
  const found = tf.tidy(body).map((tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] }));
  found.forEach(({ shape, values }, output) => {
    expect(shape).toEqual(wanted[output].shape);
    values.forEach((value, index) => expect(value).toBeCloseTo(wanted[output].values[index], digits));
  });
  expect(found.some(({ values }) => values.some((value) => value !== 0))).toBe(true);
  return operationsOf(body);
}

describe('gradients of activations are one operation each', () => {
  test.each([
    ['relu', 'ReluGrad'],
    ['relu6', 'Relu6Grad'],
    ['sigmoid', 'SigmoidGrad'],
    ['tanh', 'TanhGrad'],
  ] as const)('%s', async (name, operation) => {
    const names = await compare(() => {
      const x = tf.tensor(waves(120, 0.7, 9), [2, 5, 4, 3]);
      const dy = tf.tensor(waves(120, 1.1), [2, 5, 4, 3]);
      return [tf.grad((image) => tf[name](image))(x, dy)];
    });
    expect(names).toContain(operation);
    expect(names.length).toBeLessThan(5);
  });
});

test('a bias is added and its gradient summed by the fused operations', async () => {
  const names = await compare(() => {
    const x = tf.tensor(waves(120, 0.7), [2, 5, 4, 3]);
    const bias = tf.tensor1d([1, -2, 3]);
    const { value, grads } = tf.valueAndGrads((image: Tensor, b: Tensor) => tf.mul(tf.add(image, b), image))([
      x,
      bias,
    ]);
    return [value, ...grads];
  }, 4);
  expect(names).toEqual(expect.arrayContaining(['BiasAdd', 'BiasAddGrad']));
});

test('sums over other axes are left alone', async () => {
  await compare(() => {
    const x = tf.tensor(waves(120, 0.7), [2, 5, 4, 3]);
    return [
      tf.sum(x, [1, 2]),
      tf.sum(x, 3),
      tf.sum(x),
      tf.sum(x, [0, 1, 2], true),
      tf.sum(tf.cast(x, 'int32'), [0, 1, 2]),
    ];
  }, 4);
});

test.each(['constant', 'reflect', 'wrap', 'nearest'] as const)(
  'images are transformed, filled with %s',
  async (fill) => {
    const matrices = [
      [0.83, 0.31, -1.417, -0.21, 1.13, 2.237, 0, 0],
      [1, 0, 1.3, 0, 1, -2.3, 0, 0],
    ];
    const image = () => tf.tensor4d(waves(6 * 5 * 3, 0.7), [1, 6, 5, 3]);
    // One at a time: the JavaScript kernel forgets all images of a batch but the first.
    for (const matrix of matrices) {
      const names = await compare(
        () => [
          tf.image.transform(image(), tf.tensor2d([matrix]), 'nearest', fill, 0.5),
          tf.image.transform(image(), tf.tensor2d([matrix]), 'bilinear', fill, 0.5, [4, 7]),
        ],
        4,
      );
      expect(names).toContain('ImageProjectiveTransformV3');
    }
    const together = tf.image.transform(
      tf.concat4d([image(), image()], 0),
      tf.tensor2d(matrices),
      'bilinear',
      fill,
    );
    const apart = matrices.map((matrix) =>
      tf.image.transform(image(), tf.tensor2d([matrix]), 'bilinear', fill),
    );
    expect([...together.dataSync()]).toEqual([...tf.concat4d(apart, 0).dataSync()]);
  },
);

describe('batch normalisation', () => {
  /** Outputs and gradients of a layer, and its moving moments after two batches. */
  function trainLayer(options: { scale?: boolean; center?: boolean }, training: boolean): Tensor[] {
    const layer = tf.layers.batchNormalization({ momentum: 0.9, epsilon: 0.01, ...options });
    const x = tf.tensor4d(waves(3 * 4 * 4 * 5, 0.7), [3, 4, 4, 5]);
    const dy = tf.tensor4d(waves(3 * 4 * 4 * 5, 1.9), [3, 4, 4, 5]);
    layer.apply(tf.mul(x, 2), { training });
    layer.setWeights(layer.getWeights().map((weight, index) => tf.add(weight, tf.mul(weight, index * 0.1))));
    const loss = (image: Tensor) => tf.sum(tf.mul(layer.apply(image, { training }) as Tensor, dy));
    const output = layer.apply(x, { training }) as Tensor;
    const byImage = tf.grad(loss)(x);
    const variables = layer.trainableWeights.map((weight) => weight.read() as never);
    const grads = variables.length === 0 ? {} : tf.variableGrads(() => loss(x).asScalar(), variables).grads;
    const results = [
      output,
      byImage,
      ...Object.values(grads),
      ...layer.getWeights().map((weight) => weight.clone()),
    ];
    layer.dispose();
    return results;
  }

  test('in training, by the fused operations', async () => {
    const names = await compare(() => trainLayer({}, true), 3);
    expect(names).toEqual(expect.arrayContaining(['FusedBatchNormV3', 'FusedBatchNormGradV3']));
  });

  test('as it is in use, with the gradient of a frozen layer', async () => {
    const names = await compare(() => trainLayer({}, false), 3);
    expect(names).toContain('FusedBatchNormGradV3');
    expect(names).not.toContain('FusedBatchNormV3');
  });

  test('without scale or offset, which tfjs itself cannot train', () => {
    tf.tidy(() => {
      const x = tf.tensor4d(waves(3 * 4 * 4 * 5, 0.7), [3, 4, 4, 5]);
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const wanted = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 0.001)));
      const layer = tf.layers.batchNormalization({ scale: false, center: false });
      const found = layer.apply(x, { training: true }) as Tensor;
      expect(tf.max(tf.abs(tf.sub(found, wanted))).dataSync()[0]).toBeLessThan(1e-4);
      const [movingMean, movingVariance] = layer.getWeights();
      expect(tf.max(tf.abs(tf.sub(movingMean, tf.mul(mean, 0.01)))).dataSync()[0]).toBeLessThan(1e-6);
      const wantedVariance = tf.add(0.99, tf.mul(variance, 0.01));
      expect(tf.max(tf.abs(tf.sub(movingVariance, wantedVariance))).dataSync()[0]).toBeLessThan(1e-5);
      layer.dispose();
    });
  });
});

test('a second derivative that is not known fails instead of being zero', () => {
  const x = tf.tensor1d([1, 2, -3]);
  const slope = tf.grad((y) => tf.sum(tf.tanh(y)));
  expect(() => tf.grad((y) => tf.sum(slope(y)))(x)).toThrow(/Cannot compute gradient/);
});

test('complex tensors are added and cast as tfjs-node does', () => {
  tf.tidy(() => {
    const x = tf.complex([1, 2], [3, 4]);
    expect([...tf.real(tf.add(x, 1)).dataSync()]).toEqual([2, 3]);
    expect([...tf.imag(tf.add(x, x)).dataSync()]).toEqual([6, 8]);
    expect([...tf.cast(x, 'float32').dataSync()]).toEqual([1, 2]);
    expect([...tf.cast(x, 'int32').dataSync()]).toEqual([1, 2]);
  });
});

test('a transposed convolution whose shapes do not fit is refused, and the process lives', () => {
  tf.tidy(() => {
    const x = tf.ones<Rank.R4>([1, 8, 8, 8]);
    const filter = tf.ones<Rank.R4>([8, 8, 8, 8]);
    expect(() => tf.conv2dTranspose(x, filter, [1, 4, 4, 8], 1, 'same')).toThrow(
      /Expected: an input of \[1, 4, 4, 8\]. Received: \[1, 8, 8, 8\]/,
    );
    expect(tf.conv2dTranspose(x, filter, [1, 8, 8, 8], 1, 'same').shape).toEqual([1, 8, 8, 8]);
  });
});

test('byte tensors hold bytes', () => {
  const bytes = backend.bytes(Uint8Array.of(0, 127, 128, 255), [4]);
  expect([...(tf.cast(bytes, 'float32') as Tensor1D).dataSync()]).toEqual([0, 127, 128, 255]);
  expect([...tf.cast(tf.tensor1d([1.5, -2]), 'int32').dataSync()]).toEqual([1, -2]);
  expect([...tf.cast(tf.tensor1d([1, 0], 'int32'), 'bool').dataSync()]).toEqual([1, 0]);
  bytes.dispose();
});

test('fused convolution layers compute what separate steps compute', async () => {
  await compare(() => {
    const images = tf.tensor4d(waves(2 * 6 * 6 * 3, 0.7), [2, 6, 6, 3]);
    const filter = tf.tensor4d(waves(3 * 3 * 3 * 4, 1.3, 0.3), [3, 3, 3, 4]);
    const bias = tf.tensor1d([0.1, 0.2, 0.3, 0.4]);
    const layer = (x: Tensor, w: Tensor, b: Tensor) =>
      tf.fused.conv2d({
        x: x as Tensor4D,
        filter: w as Tensor4D,
        strides: 1,
        pad: 'same',
        bias: b,
        activation: 'relu',
      });
    const { value, grads } = tf.valueAndGrads(layer)([images, filter, bias]);
    return [value, ...grads];
  }, 4);
});

test('kernels compute on the backend that is registered now, also after another was', async () => {
  const before = nodeBackendOf(tf);
  const NodeBackend = before.constructor as new (binding: unknown) => KernelBackend;
  tf.removeBackend('tensorflow');
  tf.registerBackend('tensorflow', () => new NodeBackend(before.binding));
  await tf.setBackend('tensorflow');
  expect(nodeBackendOf(tf)).not.toBe(before);
  tf.tidy(() => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    expect([...tf.add(x, tf.tensor1d([10, 20])).dataSync()]).toEqual([11, 22, 13, 24]);
    expect([...tf.sum(x, 0).dataSync()]).toEqual([4, 6]);
    expect([
      ...tf
        .grad((y: Tensor) => tf.relu(y))(x)
        .dataSync(),
    ]).toEqual([1, 1, 1, 1]);
    expect([...tf.cast(backend.bytes(Uint8Array.of(255), [1]), 'float32').dataSync()]).toEqual([255]);
    expect([...tf.cast(tf.complex([1], [2]), 'float32').dataSync()]).toEqual([1]);
    expect(backend.randomUniform([3], tf.tensor1d([1, 2], 'int32')).shape).toEqual([3]);
  });
});
