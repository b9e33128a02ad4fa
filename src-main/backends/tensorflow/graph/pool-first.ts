import { type Rewrite, type Uses, producer } from './rewrite.ts';
import type { Operation } from './trace.ts';

/** The operations of one place where the order is changed. */
interface Place {
  readonly bias: Operation;
  readonly relu: Operation;
  readonly pool: Operation;
  readonly poolGradient: Operation;
  readonly reluGradient: Operation;
  readonly biasGradients: readonly Operation[];
}

/**
 * Puts bias and ReLU behind the max pooling that follows them, in programs that compute gradients. Both only grow with
 * what they are given, so that the largest of four stays the largest and all numbers stay the same, up to the order
 * of a sum; but the ReLU's gradient and the sum of the bias's then run over a quarter of the elements. Forward alone
 * it would gain nothing: there TensorFlow makes bias and ReLU a part of the convolution.
 *
 *     before: c → BiasAdd → Relu → MaxPool → p      dp → MaxPoolGrad → ReluGrad → dc, BiasAddGrad
 *     after:  c → MaxPool → BiasAdd → Relu → p      dp → ReluGrad → MaxPoolGrad → dc, and ReluGrad → BiasAddGrad
 */
export function poolFirst(uses: Uses): [Operation, Rewrite][] {
  return uses.operations.flatMap((operation) => {
    const place = operation.name === 'MaxPool' ? placeOf(operation, uses) : null;
    return place === null ? [] : rewritesOf(place);
  });
}

function placeOf(pool: Operation, uses: Uses): Place | null {
  const relu = producer(pool.inputs[0], 'Relu');
  const bias = producer(relu?.inputs[0], 'BiasAdd');
  const convolution = producer(bias?.inputs[0], 'Conv2D', 'DepthwiseConv2dNative');
  const poolGradient = uses.of(pool).find((user) => user?.name === 'MaxPoolGrad');
  if (!relu || !bias || !convolution || !poolGradient) return null;
  const reluGradient = uses.of(poolGradient).find((user) => user?.name === 'ReluGrad');
  if (!reluGradient) return null;
  const isJoined =
    producer(poolGradient.inputs[0], 'Relu') === relu &&
    producer(poolGradient.inputs[1], 'MaxPool') === pool &&
    producer(reluGradient.inputs[0], 'MaxPoolGrad') === poolGradient &&
    producer(reluGradient.inputs[1], 'Relu') === relu;
  const isClosed =
    isUsedBy(uses, convolution, [bias]) &&
    isUsedBy(uses, bias, [relu]) &&
    isUsedBy(uses, relu, [pool, poolGradient, reluGradient]) &&
    isUsedBy(uses, poolGradient, [reluGradient]);
  if (!isJoined || !isClosed) return null;
  const biasGradients = uses.of(reluGradient).filter((user) => user !== null && user.name === 'BiasAddGrad');
  return { bias, relu, pool, poolGradient, reluGradient, biasGradients: biasGradients as Operation[] };
}

/** True when nothing else uses what an operation makes. */
function isUsedBy(uses: Uses, operation: Operation, users: readonly Operation[]): boolean {
  return uses.of(operation).every((user) => user !== null && users.includes(user));
}

function rewritesOf({
  bias,
  relu,
  pool,
  poolGradient,
  reluGradient,
  ...place
}: Place): [Operation, Rewrite][] {
  const [convolved, biases] = bias.inputs;
  let [pooled, gradient] = ['', ''];
  const nothing: Rewrite = () => null;
  return [
    [bias, nothing],
    [relu, nothing],
    [
      pool,
      (writer) => {
        pooled = writer.addLike(pool, [writer.input(convolved)]);
        return writer.addLike(relu, [writer.addLike(bias, [pooled, writer.input(biases)])]);
      },
    ],
    [poolGradient, nothing],
    [
      reluGradient,
      (writer) => {
        const after = writer.input({ kind: 'output', operation: pool, index: 0 });
        gradient = writer.addLike(reluGradient, [writer.input(poolGradient.inputs[2]), after]);
        return writer.addLike(poolGradient, [writer.input(convolved), pooled, gradient]);
      },
    ],
    ...place.biasGradients.map((sum): [Operation, Rewrite] => [
      sum,
      (writer) => writer.addLike(sum, [gradient]),
    ]),
  ];
}
