/** Operations that compute with 8 bits, and which those are. */
import type { Operation, Work } from '../lowering/operations.ts';
import type { LitertGraph, Quantization, TensorIndex } from './litert-graph.ts';
import type { OperationSite } from './operation-site.ts';
import {
  type Range,
  activationQuantization,
  quantizeAs,
  quantizeBias,
  quantizeWeights,
} from './quantization.ts';

/** Ranges of values, by their names. */
export type Ranges = ReadonlyMap<string, Range>;

/** What gives numbers as they came, or only fewer of them: it can give no others than it takes. */
const unchanging = new Set<Work['kind']>(['pool', 'pad', 'reshape', 'resize', 'concatenate', 'clip']);
/** On maps only: what is computed of lists at the end is little, and its precision is what people see. */
const onMaps = new Set<Work['kind']>([...unchanging, 'leaky-relu']);
const always = new Set<Work['kind']>(['convolution', 'depthwise', 'dense', 'global-pool', 'reshape']);
const functions = new Set(['relu', 'relu6', 'sigmoid', 'tanh']);
const arithmetic = new Set(['add', 'subtract', 'multiply']);

/** Whether an operation is computed with 8 bits; others stay with floats. */
export function isInt8({ work, shape, inputs }: Operation): boolean {
  const [input] = inputs;
  if (work.kind === 'convolution' && input !== 'image' && work.kernel.shape[2] !== input.shape[2])
    return false;
  if (always.has(work.kind)) return true;
  if (shape.length !== 3) return false;
  if (work.kind === 'function') return functions.has(work.function);
  if (work.kind === 'arithmetic') return arithmetic.has(work.operation);
  return onMaps.has(work.kind);
}

/** What LiteRT wants of functions whose results are always in the same range. */
const fixed: Readonly<Record<string, Quantization>> = {
  sigmoid: { scale: [1 / 256], zeroPoint: [-128], axis: 0 },
  tanh: { scale: [1 / 128], zeroPoint: [0], axis: 0 },
};

/** How the result of an operation is kept. @param input that of its first input */
function resultOf({ name, work }: Operation, input: Quantization, ranges: Ranges): Quantization {
  const isMaximum = work.kind === 'global-pool' && work.operation === 'max';
  if (work.kind !== 'concatenate' && (unchanging.has(work.kind) || isMaximum)) return input;
  const known = work.kind === 'function' ? fixed[work.function] : undefined;
  return known ?? activationQuantization(ranges.get(name)!);
}

/** The place of an operation. @param inputs with 8 bits */
export function int8Site(
  graph: LitertGraph,
  operation: Operation,
  inputs: readonly TensorIndex[],
  ranges: Ranges,
): OperationSite {
  const named = (called: string): string => `${operation.name}/${called}`;
  const input = graph.quantizationOf(inputs[0])!;
  const result = resultOf(operation, input, ranges);
  const shape = [1, ...operation.shape];
  return {
    graph,
    operation,
    // What is put side by side has to be kept alike.
    inputs: operation.work.kind === 'concatenate' ? inputs.map((one) => keptAs(graph, one, result)) : inputs,
    numbers: (called, sides, values) =>
      graph.constant(named(called), sides, 'INT8', quantizeAs(input, values), input),
    kernel(sides, values, axis) {
      const weights = quantizeWeights(sides, values, axis);
      return graph.constant(named('kernel'), sides, 'INT8', weights.values, weights.quantization);
    },
    bias(values, kernel) {
      const bias = quantizeBias(values, input, graph.quantizationOf(kernel)!);
      return graph.constant(named('bias'), [values.length], 'INT32', bias.values, bias.quantization);
    },
    integers: (called, sides, values) =>
      graph.constant(named(called), sides, 'INT32', Int32Array.from(values)),
    between: (called) => graph.value(named(called), shape, 'INT8', result),
    output: () => graph.value(operation.name, shape, 'INT8', result),
    version: (_, whole) => whole,
  };
}

/** The same numbers, kept otherwise. */
function keptAs(graph: LitertGraph, tensor: TensorIndex, wanted: Quantization): TensorIndex {
  const { scale, zeroPoint } = graph.quantizationOf(tensor)!;
  if (scale[0] === wanted.scale[0] && zeroPoint[0] === wanted.zeroPoint[0]) return tensor;
  const other = graph.value(`${graph.nameOf(tensor)}/kept_otherwise`, graph.shapeOf(tensor), 'INT8', wanted);
  return graph.operator('QUANTIZE', [tensor], other, null, 2);
}
