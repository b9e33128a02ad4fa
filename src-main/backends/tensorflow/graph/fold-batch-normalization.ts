import type { NativeBinding } from '../native-binding.ts';
import { stringValue, typeValue } from './attribute-values.ts';
import type { AttrValue } from './generated/tensorflow/core/framework/attr_value_pb.js';
import type { Constant, Operation, Value } from './trace.ts';

/**
 * A convolution and the normalisation by given moments that follows it, and nothing else does. One convolution does
 * the work of both: conv(x, w·s) + (b − mean)·s + offset, where s = scale / √(variance + ε); and TensorFlow then
 * joins convolution, bias and activation into one operation. MobileNetV2 takes a quarter less time.
 * @see https://arxiv.org/abs/1712.05877 section 3.2
 */
export interface Fold {
  readonly convolution: Operation;
  /** The convolution's own bias, when it has one. */
  readonly bias: Value | null;
}

/** What folding needs of the graph under construction. */
export interface FoldWriter {
  readonly binding: NativeBinding;
  /** The name by which nodes refer to a value. */
  input(value: Value): string;
  constant(constant: Constant): string;
  /** Adds a node. Returns its name. */
  add(op: string, inputs: string[], attributes: Record<string, AttrValue>): string;
  /** Adds a recorded operation with these inputs instead of its own. Returns its name. */
  addLike(operation: Operation, inputs: string[]): string;
}

const convolutions = new Set(['Conv2D', 'DepthwiseConv2dNative']);
const normalisations = new Set(['FusedBatchNorm', 'FusedBatchNormV3']);

/**
 * The normalisations that can be folded into the convolution before them.
 * @param operations those that are needed
 * @param others values that are used besides the operations' inputs
 */
export function findFolds(
  operations: Iterable<Operation>,
  others: readonly Value[],
): ReadonlyMap<Operation, Fold> {
  const all = [...operations];
  const uses = countUses(all, others);
  const folds = new Map<Operation, Fold>();
  for (const operation of all) {
    const fold = normalisations.has(operation.name) ? foldOf(operation, uses) : null;
    if (fold !== null) folds.set(operation, fold);
  }
  return folds;
}

function countUses(operations: readonly Operation[], others: readonly Value[]): Map<Operation, number> {
  const uses = new Map<Operation, number>();
  for (const value of [...others, ...operations.flatMap(({ inputs }) => inputs)]) {
    if (value.kind === 'output') uses.set(value.operation, (uses.get(value.operation) ?? 0) + 1);
  }
  return uses;
}

function foldOf(normalisation: Operation, uses: ReadonlyMap<Operation, number>): Fold | null {
  const trained = normalisation.attributes.find(({ name }) => name === 'is_training');
  if (trained?.value !== false) return null;
  const before = soleProducer(normalisation.inputs[0], uses);
  if (before === null) return null;
  const biased = before.name === 'BiasAdd';
  const convolution = biased ? soleProducer(before.inputs[0], uses) : before;
  if (convolution === null || !convolutions.has(convolution.name)) return null;
  if (convolution.name === 'DepthwiseConv2dNative' && shapeOf(convolution.inputs[1]) === null) return null;
  return { convolution, bias: biased ? before.inputs[1] : null };
}

/** The operation that makes a value nobody else uses. */
function soleProducer(value: Value, uses: ReadonlyMap<Operation, number>): Operation | null {
  return value.kind === 'output' && uses.get(value.operation) === 1 ? value.operation : null;
}

function shapeOf(value: Value): readonly number[] | null {
  if (value.kind === 'constant') return value.shape;
  return value.kind === 'variable' ? value.variable.shape : null;
}

/** The operations that a fold replaces: they are not to be written. */
export function foldedOperations(folds: ReadonlyMap<Operation, Fold>): Set<Operation> {
  const folded = new Set<Operation>();
  for (const [normalisation, { convolution, bias }] of folds) {
    folded.add(convolution);
    const [before] = normalisation.inputs;
    if (bias !== null && before.kind === 'output') folded.add(before.operation);
  }
  return folded;
}

/** Writes a folded normalisation. Returns the name of the node that has its result. */
export function addFold(writer: FoldWriter, normalisation: Operation, { convolution, bias }: Fold): string {
  const { binding } = writer;
  const T = typeValue(binding.TF_FLOAT);
  const [scale, offset, mean, variance] = normalisation.inputs.slice(1).map((value) => writer.input(value));
  const arithmetic = (op: string, ...inputs: string[]): string => writer.add(op, inputs, { T });
  const epsilon = writer.constant(scalar(binding, epsilonOf(normalisation)));
  const factor = arithmetic('Mul', scale, arithmetic('Rsqrt', arithmetic('AddV2', variance, epsilon)));
  const [images, filter] = convolution.inputs;
  const scaled = arithmetic('Mul', writer.input(filter), perFilter(writer, filter, convolution, factor));
  const result = writer.addLike(convolution, [writer.input(images), scaled]);
  const centre = bias === null ? arithmetic('Neg', mean) : arithmetic('Sub', writer.input(bias), mean);
  const shift = arithmetic('AddV2', arithmetic('Mul', centre, factor), offset);
  return writer.add('BiasAdd', [result, shift], { T, data_format: stringValue('NHWC') });
}

function epsilonOf({ attributes }: Operation): number {
  return Number(attributes.find(({ name }) => name === 'epsilon')?.value ?? 0.0001);
}

/** The factors in a shape that multiplies each filter: those of a depthwise convolution are `[…, channel, copy]`. */
function perFilter(writer: FoldWriter, filter: Value, convolution: Operation, factor: string): string {
  if (convolution.name === 'Conv2D') return factor;
  const { binding } = writer;
  const sides = Int32Array.from(shapeOf(filter)!.slice(2));
  const shape = writer.constant({
    kind: 'constant',
    shape: [sides.length],
    dtype: binding.TF_INT32,
    bytes: new Uint8Array(sides.buffer),
  });
  return writer.add('Reshape', [factor, shape], {
    T: typeValue(binding.TF_FLOAT),
    Tshape: typeValue(binding.TF_INT32),
  });
}

function scalar(binding: NativeBinding, value: number): Constant {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  return { kind: 'constant', shape: [], dtype: binding.TF_FLOAT, bytes };
}
