import type { NativeBinding } from '../native-binding.ts';
import { stringValue, typeValue } from './attribute-values.ts';
import { type Rewrite, type RewriteWriter, type Uses, producer } from './rewrite.ts';
import type { Constant, Operation, Value } from './trace.ts';

/**
 * A convolution and the normalisation by given moments that follows it, and nothing else does. One convolution does
 * the work of both: conv(x, w·s) + (b − mean)·s + offset, where s = scale / √(variance + ε); and TensorFlow then
 * joins convolution, bias and activation into one operation. MobileNetV2 takes a quarter less time.
 * @see https://arxiv.org/abs/1712.05877 section 3.2
 */
interface Fold {
  readonly convolution: Operation;
  /** The convolution's own bias, when it has one. */
  readonly bias: Value | null;
}

const convolutions = new Set(['Conv2D', 'DepthwiseConv2dNative']);
const normalisations = new Set(['FusedBatchNorm', 'FusedBatchNormV3']);

/** Rewrites the normalisations that can be folded into the convolution before them. */
export function foldBatchNormalization(uses: Uses): [Operation, Rewrite][] {
  return uses.operations.flatMap((operation) => {
    const fold = normalisations.has(operation.name) ? foldOf(operation, uses) : null;
    return fold === null ? [] : rewritesOf(operation, fold);
  });
}

function rewritesOf(normalisation: Operation, fold: Fold): [Operation, Rewrite][] {
  const folded = [fold.convolution, producer(normalisation.inputs[0], 'BiasAdd')];
  return [
    ...folded.flatMap((operation): [Operation, Rewrite][] => (operation ? [[operation, () => null]] : [])),
    [normalisation, (writer) => addFold(writer, normalisation, fold)],
  ];
}

function foldOf(normalisation: Operation, uses: Uses): Fold | null {
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

/** The operation that makes a value which nothing else uses. */
function soleProducer(value: Value, uses: Uses): Operation | null {
  return value.kind === 'output' && uses.of(value.operation).length === 1 ? value.operation : null;
}

function shapeOf(value: Value): readonly number[] | null {
  if (value.kind === 'constant') return value.shape;
  return value.kind === 'variable' ? value.variable.shape : null;
}

/** Writes a folded normalisation. Returns the name of the node that has its result. */
function addFold(writer: RewriteWriter, normalisation: Operation, { convolution, bias }: Fold): string {
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
function perFilter(writer: RewriteWriter, filter: Value, convolution: Operation, factor: string): string {
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
