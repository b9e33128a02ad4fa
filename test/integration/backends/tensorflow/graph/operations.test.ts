import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Backend, Tf } from '../../../../../src-main/engine/base/backend.ts';
import { loadTensorflow } from './tensorflow.ts';

let backend: Required<Backend>;
let tf: Tf;

beforeAll(async () => {
  backend = await loadTensorflow();
  tf = backend.tf;
});

type Operation = (tf: Tf, x: Tensor, y: Tensor) => Tensor | Tensor[];

/** Numbers that look random, positive and negative, the same in every run. */
function waves(size: number, frequency: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => Math.sin(frequency * (i + 1)) * 2);
}

/** On images `x` and `y` of shape [2, 6, 6, 3]. */
const onImages: Record<string, Operation> = {
  add: (tf, x, y) => tf.add(x, y),
  'add, broadcast': (tf, x, y) => tf.add(x, tf.slice(y, [0, 0, 0, 0], [1, 1, 1, 3])),
  'add a bias': (tf, x) => tf.add(x, tf.tensor1d([1, 2, 3])),
  sub: (tf, x, y) => tf.sub(x, y),
  mul: (tf, x, y) => tf.mul(x, y),
  div: (tf, x, y) => tf.div(x, y),
  divNoNan: (tf, x) => tf.divNoNan(x, tf.zerosLike(x)),
  floorDiv: (tf, x, y) => tf.floorDiv(x, y),
  mod: (tf, x, y) => tf.mod(x, y),
  pow: (tf, x) => tf.pow(tf.abs(x), 1.5),
  maximum: (tf, x, y) => tf.maximum(x, y),
  minimum: (tf, x, y) => tf.minimum(x, y),
  squaredDifference: (tf, x, y) => tf.squaredDifference(x, y),
  addN: (tf, x, y) => tf.addN([x, y, x]),
  'comparisons and logic': (tf, x, y) => [
    tf.logicalAnd(tf.greater(x, y), tf.less(x, 1)),
    tf.logicalOr(tf.greaterEqual(x, y), tf.lessEqual(x, 1)),
    tf.logicalNot(tf.equal(x, y)),
    tf.notEqual(x, y),
  ],
  where: (tf, x, y) => tf.where(tf.greater(y, 0), x, y),
  'rounding and signs': (tf, x) => [tf.floor(x), tf.ceil(x), tf.round(x), tf.sign(x), tf.neg(x), tf.abs(x)],
  'exponentials and roots': (tf, x) => [
    tf.exp(x),
    tf.expm1(x),
    tf.log(tf.abs(x)),
    tf.log1p(tf.abs(x)),
    tf.sqrt(tf.abs(x)),
    tf.rsqrt(tf.abs(x)),
    tf.square(x),
    tf.reciprocal(x),
    tf.erf(x),
  ],
  trigonometry: (tf, x) => [
    tf.sin(x),
    tf.cos(x),
    tf.tan(x),
    tf.atan(x),
    tf.sinh(x),
    tf.tanh(x),
    tf.atan2(x, x),
  ],
  activations: (tf, x) => [
    tf.relu(x),
    tf.relu6(x),
    tf.elu(x),
    tf.selu(x),
    tf.leakyRelu(x, 0.1),
    tf.prelu(x, tf.scalar(0.2)),
    tf.sigmoid(x),
    tf.softplus(x),
    tf.softmax(x),
    tf.logSoftmax(x),
    tf.step(x, 0.5),
    tf.clipByValue(x, -0.5, 0.5),
  ],
  'checks of numbers': (tf, x) => [tf.isNaN(x), tf.isInf(x), tf.isFinite(x)],
  reductions: (tf, x) => [
    tf.sum(x),
    tf.sum(x, [0, 1, 2]),
    tf.sum(x, 1, true),
    tf.mean(x, [1, 2]),
    tf.max(x, 3),
    tf.min(x, [1, 2]),
    tf.prod(x, 3),
    tf.argMax(x, 3),
    tf.argMin(x, 3),
    tf.all(tf.greater(x, 0), 3),
    tf.any(tf.greater(x, 0), 3),
    tf.logSumExp(x, 3),
  ],
  moments: (tf, x) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    return [mean, variance];
  },
  'cumulative sums': (tf, x) => [tf.cumsum(x, 1), tf.cumprod(x, 1, true)],
  convolution: (tf, x) => tf.conv2d(x as never, tf.fill([3, 3, 3, 4], 0.1) as never, 1, 'valid'),
  'convolution, same, strided': (tf, x) =>
    tf.conv2d(x as never, tf.fill([3, 3, 3, 4], 0.1) as never, 2, 'same'),
  'convolution, dilated': (tf, x) =>
    tf.conv2d(x as never, tf.fill([2, 2, 3, 4], 0.1) as never, 1, 'valid', 'NHWC', [2, 2]),
  'convolution, padded by numbers': (tf, x) =>
    tf.conv2d(x as never, tf.fill([3, 3, 3, 4], 0.1) as never, 1, [
      [0, 0],
      [1, 2],
      [2, 1],
      [0, 0],
    ] as never),
  'transposed convolution': (tf, x) =>
    tf.conv2dTranspose(x as never, tf.fill([2, 2, 4, 3], 0.1) as never, [2, 12, 12, 4], 2, 'same'),
  'depthwise convolution': (tf, x) =>
    tf.depthwiseConv2d(x as never, tf.fill([3, 3, 3, 2], 0.1) as never, 1, 'same'),
  'separable convolution': (tf, x) =>
    tf.separableConv2d(
      x as never,
      tf.fill([3, 3, 3, 1], 0.1) as never,
      tf.fill([1, 1, 3, 5], 0.2) as never,
      1,
      'valid',
    ),
  'fused convolution': (tf, x) =>
    tf.fused.conv2d({
      x: x as never,
      filter: tf.fill([3, 3, 3, 4], 0.1) as never,
      strides: 1,
      pad: 'same',
      bias: tf.tensor1d([1, 2, 3, 4]),
      activation: 'relu6',
    }),
  'max pooling': (tf, x) => tf.maxPool(x as never, 2, 2, 'valid'),
  'average pooling': (tf, x) => tf.avgPool(x as never, 3, 2, 'same'),
  'batch normalisation': (tf, x) => tf.batchNorm(x, [0, 1, 2], [1, 2, 3], [1, 0, 1], [2, 1, 0.5], 0.01),
  'local response normalisation': (tf, x) => tf.localResponseNormalization(x as never),
  padding: (tf, x) => [
    tf.pad(
      x,
      [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
      0.5,
    ),
    tf.mirrorPad(
      x,
      [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ],
      'reflect',
    ),
  ],
  slices: (tf, x) => [
    tf.slice(x, [0, 1, 2, 0], [1, 2, 3, 3]),
    tf.stridedSlice(x, [0, 5, 0, 0], [2, 0, 6, 3], [1, -2, 3, 1]),
    tf.stridedSlice(x, [0, 1], [2, 3], [1, 1], 0, 0, 0, 0, 1),
  ],
  'splits and joins': (tf, x, y) => [
    ...tf.split(x, [1, 2, 3], 1),
    ...tf.unstack(x, 3),
    tf.concat([x, y], 3),
    tf.stack([x, y], 1),
    tf.tile(x, [1, 2, 1, 1]),
  ],
  shapes: (tf, x) => [
    tf.reshape(x, [2, -1]),
    tf.transpose(x, [0, 3, 1, 2]),
    tf.expandDims(x, 1),
    tf.squeeze(tf.slice(x, [0, 0, 0, 0], [1, 6, 6, 1])),
    tf.reverse(x, [1, 2]),
    tf.depthToSpace(tf.concat([x, tf.slice(x, [0, 0, 0, 0], [2, 6, 6, 1])], 3) as never, 2),
    tf.spaceToBatchND(
      x,
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
  ],
  resizing: (tf, x) => [
    tf.image.resizeBilinear(x as never, [9, 9]),
    tf.image.resizeBilinear(x as never, [3, 3], false, true),
    tf.image.resizeNearestNeighbor(x as never, [12, 12]),
  ],
  'crop and resize': (tf, x) =>
    tf.image.cropAndResize(
      x as never,
      [
        [0, 0, 0.5, 0.5],
        [0.2, 0.2, 1, 1],
      ] as never,
      [0, 1],
      [3, 3],
    ),
  flip: (tf, x) => tf.image.flipLeftRight(x as never),
  'projective transform': (tf, x) =>
    (['constant', 'reflect', 'wrap', 'nearest'] as const).map((fill) =>
      tf.image.transform(
        x as never,
        tf.tensor2d([[0.9, 0.1, 1, -0.2, 1.1, 0, 0, 0]]),
        'bilinear',
        fill,
        0.25,
      ),
    ),
  casts: (tf, x) => [tf.cast(x, 'int32'), tf.cast(x, 'bool'), tf.cast(tf.greater(x, 0), 'float32')],
  'one-hot, gather, top k': (tf, x) => [
    tf.oneHot(tf.argMax(x, 3), 3),
    tf.gather(x, [1, 0, 2], 3),
    tf.gatherND(x, [
      [0, 1, 2],
      [1, 2, 3],
    ]),
    tf.topk(x, 2).values,
    tf.topk(x, 2).indices,
  ],
  'made on the spot': (tf, x) => [
    tf.zerosLike(x),
    tf.onesLike(x),
    tf.fill([2, 3], 7),
    tf.range(0, 5),
    tf.linspace(0, 1, 7),
    tf.eye(3),
    tf.mul(tf.ones([2, 6, 6, 3]), x),
  ],
  scatter: (tf) => [
    tf.scatterND([[1], [3]], [5, 7], [5]),
    tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3]), tf.tensor1d([0, 1, 0], 'int32'), 2),
  ],
  losses: (tf, x, y) => {
    const [labels, scores] = [tf.reshape(tf.sigmoid(x), [-1, 3]), tf.reshape(y, [-1, 3])];
    return [
      tf.losses.sigmoidCrossEntropy(labels, scores),
      tf.losses.softmaxCrossEntropy(labels, scores),
      tf.losses.meanSquaredError(labels, scores),
      tf.losses.huberLoss(labels, scores),
    ];
  },
  'matrix products': (tf, x, y) => [
    tf.matMul(tf.reshape(x, [12, 18]), tf.reshape(y, [18, 12])),
    tf.matMul(tf.reshape(x, [12, 18]), tf.reshape(y, [12, 18]), false, true),
    tf.matMul(x, y, true, false),
    tf.dot(tf.reshape(x, [216]), tf.reshape(y, [216])),
    tf.outerProduct(tf.tensor1d([1, 2]), tf.reshape(tf.slice(x, [0, 0, 0, 0], [1, 1, 1, 3]), [3])),
    tf.einsum('bijc,bijd->bcd', x, y),
  ],
};

function toArrays(tensors: Tensor[]) {
  return tensors.map((tensor) => ({
    shape: tensor.shape,
    dtype: tensor.dtype,
    values: [...tensor.dataSync()],
  }));
}

function expectSame(found: Tensor[], wanted: Tensor[]) {
  const [graph, eager] = [toArrays(found), toArrays(wanted)];
  expect(graph.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    eager.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  graph.forEach(({ values }, index) => {
    const wrong = values.findIndex((value, place) => {
      const other = eager[index].values[place];
      return Object.is(value, other)
        ? false
        : !(Math.abs(value - other) <= 1e-5 * Math.max(1, Math.abs(other)));
    });
    expect(
      wrong < 0 ? null : { index, wrong, graph: values[wrong], eager: eager[index].values[wrong] },
    ).toBeNull();
  });
}

describe('an operation gives in a graph what it gives eagerly', () => {
  test.each(Object.entries(onImages))('%s', (_name, operation) => {
    const x = tf.tensor(waves(216, 1.37), [2, 6, 6, 3]);
    const y = tf.tensor(waves(216, 0.71), [2, 6, 6, 3]);
    const program = ([a, b]: Tensor[]) => [operation(tf, a, b)].flat();
    const set = backend.prepare({ it: { program, exampleInputs: [x, y] } });
    expect(set.whyEager).toBeNull();
    expectSame(
      set.run('it', [x, y]),
      tf.tidy(() => program([x, y])),
    );
    set.dispose();
  });
});

/** Where operations are smooth enough to have one: the gradient of a sum of squares. */
const withoutGradient =
  /floorDiv|mod|comparisons|rounding|checks|reductions|cumulative|trigonometry|exponentials|dilated|by numbers|crop|flip|transform|casts|gather|spot|scatter|resizing|slices|divNoNan|scatter|matrix|response|moments|shapes|losses/;

describe('a gradient is the same in a graph as eagerly', () => {
  test.each(Object.entries(onImages).filter(([name]) => !withoutGradient.test(name)))(
    '%s',
    (_name, operation) => {
      const x = tf.tensor(waves(216, 1.37), [2, 6, 6, 3]);
      const y = tf.tensor(waves(216, 0.71), [2, 6, 6, 3]);
      const program = ([a, b]: Tensor[]) => {
        const loss = (image: Tensor): Tensor =>
          tf.addN([operation(tf, image, b)].flat().map((output) => tf.sum(tf.square(output))));
        return [tf.grad(loss)(a)];
      };
      const set = backend.prepare({ it: { program, exampleInputs: [x, y] } });
      expect(set.whyEager).toBeNull();
      expectSame(
        set.run('it', [x, y]),
        tf.tidy(() => program([x, y])),
      );
      set.dispose();
    },
  );
});
