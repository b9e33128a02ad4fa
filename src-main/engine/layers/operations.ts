/** What operations on tensors compute: those of Keras that no layer stands for. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';
import { type Settings, type Shape, numberOr } from './layer-class.ts';
import { computeItem, shapeOfItem } from './tensor-item.ts';

/** One operation. */
interface OperationKind {
  /** The shape of what it gives, the batch first. @throws Error for shapes that do not fit */
  readonly shapeOf: (shapes: readonly Shape[], settings: Settings) => Shape;
  readonly compute: (tf: Tf, values: readonly tfjs.Tensor[], settings: Settings) => tfjs.Tensor;
}

type Compute = OperationKind['compute'];

/** The shape of two that are laid over each other as numpy does it. @throws Error where they do not fit */
function broadcast(first: Shape, second: Shape): Shape {
  const rank = Math.max(first.length, second.length);
  const padded = (shape: Shape): Shape => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const [left, right] = [padded(first), padded(second)];
  return left.map((side, axis) => {
    const other = right[axis];
    if (side === 1) return other;
    if (other === 1 || other === side) return side;
    if (side === null || other === null) return null;
    throw new Error(`its tensors of ${first.join('×')} and ${second.join('×')} do not fit`);
  });
}

function elementwise(compute: Compute): OperationKind {
  return { shapeOf: (shapes) => shapes.reduce(broadcast), compute };
}

function unary(compute: (tf: Tf, x: tfjs.Tensor) => tfjs.Tensor): OperationKind {
  return elementwise((tf, [x]) => compute(tf, x));
}

function binary(compute: (tf: Tf, a: tfjs.Tensor, b: tfjs.Tensor) => tfjs.Tensor): OperationKind {
  return elementwise((tf, [first, second]) => compute(tf, first, second));
}

/** An axis counted from the front. */
function fromFront(axis: unknown, rank: number): number {
  const place = Number(axis);
  return place < 0 ? place + rank : place;
}

/** The axes that are named, all where none are. */
function axesOf({ axis }: Settings, rank: number): number[] {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, place) => place);
  return [axis].flat().map((place) => fromFront(place, rank));
}

function reduction(
  compute: (tf: Tf, x: tfjs.Tensor, axes: number[], keepdims: boolean) => tfjs.Tensor,
): OperationKind {
  return {
    shapeOf: ([shape], settings) => {
      const axes = axesOf(settings, shape.length);
      const kept = shape.map((side, axis) => (axes.includes(axis) ? 1 : side));
      return settings.keepdims === true ? kept : kept.filter((_, axis) => !axes.includes(axis));
    },
    compute: (tf, [x], settings) => compute(tf, x, axesOf(settings, x.rank), settings.keepdims === true),
  };
}

const stack: OperationKind = {
  shapeOf: (shapes, { axis = 0 }) => {
    const [shape] = shapes;
    return shape.toSpliced(fromFront(axis, shape.length + 1), 0, shapes.length);
  },
  compute: (tf, values, { axis = 0 }) =>
    tf.stack(values as tfjs.Tensor[], fromFront(axis, values[0].rank + 1)),
};

const expandDims: OperationKind = {
  shapeOf: ([shape], { axis }) => shape.toSpliced(fromFront(axis, shape.length + 1), 0, 1),
  compute: (tf, [x], { axis }) => tf.expandDims(x, fromFront(axis, x.rank + 1)),
};

/** The axes of length 1 that are left out. */
function squeezed(shape: Shape, settings: Settings): number[] {
  const none = settings.axis === null || settings.axis === undefined;
  return axesOf(settings, shape.length).filter((axis) => !none || shape[axis] === 1);
}

const squeeze: OperationKind = {
  shapeOf: ([shape], settings) => {
    const axes = squeezed(shape, settings);
    return shape.filter((_, axis) => !axes.includes(axis));
  },
  compute: (tf, [x], settings) => tf.squeeze(x, squeezed(x.shape, settings)),
};

/** By name, in the letters that model files keep. */
export const operations: Readonly<Record<string, OperationKind>> = {
  add: binary((tf, a, b) => tf.add(a, b)),
  subtract: binary((tf, a, b) => tf.sub(a, b)),
  multiply: binary((tf, a, b) => tf.mul(a, b)),
  trueDivide: binary((tf, a, b) => tf.div(a, b)),
  power: binary((tf, a, b) => tf.pow(a, b)),
  maximum: binary((tf, a, b) => tf.maximum(a, b)),
  minimum: binary((tf, a, b) => tf.minimum(a, b)),
  // A residual that is scaled before it is added: `inputs[0] + inputs[1] * scale` in Inception-ResNet.
  addScaled: elementwise((tf, [a, b], { scale }) => tf.add(a, tf.mul(b, numberOr(scale, 1)))),
  negative: unary((tf, x) => tf.neg(x)),
  absolute: unary((tf, x) => tf.abs(x)),
  square: unary((tf, x) => tf.square(x)),
  sqrt: unary((tf, x) => tf.sqrt(x)),
  rsqrt: unary((tf, x) => tf.rsqrt(x)),
  log: unary((tf, x) => tf.log(x)),
  clip: elementwise((tf, [x], { lowest, highest }) =>
    tf.clipByValue(x, numberOr(lowest, -Infinity), numberOr(highest, Infinity)),
  ),
  mean: reduction((tf, x, axes, keepdims) => tf.mean(x, axes, keepdims)),
  sum: reduction((tf, x, axes, keepdims) => tf.sum(x, axes, keepdims)),
  max: reduction((tf, x, axes, keepdims) => tf.max(x, axes, keepdims)),
  min: reduction((tf, x, axes, keepdims) => tf.min(x, axes, keepdims)),
  stack: stack,
  expandDims: expandDims,
  squeeze: squeeze,
  getItem: { shapeOf: ([shape], { item }) => shapeOfItem(shape, item), compute: computeItem },
};
