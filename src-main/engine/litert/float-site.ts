/** Operations that compute with floats; their weights may be kept as float16, in half the space. */
import type { Operation } from '../lowering/operations.ts';
import type { LitertGraph, TensorIndex } from './litert-graph.ts';
import type { OperationSite } from './operation-site.ts';

/** How weights are kept. */
export type WeightType = 'float32' | 'float16';

/** The place of an operation. @param inputs floats */
export function floatSite(
  graph: LitertGraph,
  operation: Operation,
  inputs: readonly TensorIndex[],
  weights: WeightType,
): OperationSite {
  const named = (called: string): string => `${operation.name}/${called}`;
  const numbers = (called: string, shape: readonly number[], values: Float32Array): TensorIndex =>
    graph.constant(named(called), shape, 'FLOAT32', values);
  /** Made floats again when the file is loaded, as what can compute with float16 knows. */
  const kept = (called: string, shape: readonly number[], values: Float32Array): TensorIndex => {
    if (weights === 'float32') return numbers(called, shape, values);
    const half = graph.constant(named(`${called}/half`), shape, 'FLOAT16', new Float16Array(values));
    return graph.operator('DEQUANTIZE', [half], graph.value(named(called), shape), null, 3);
  };
  return {
    graph,
    operation,
    inputs,
    numbers,
    kernel: (shape, values) => kept('kernel', shape, values),
    bias: (values) => kept('bias', [values.length], values),
    integers: (called, shape, values) =>
      graph.constant(named(called), shape, 'INT32', Int32Array.from(values)),
    between: (called) => graph.value(named(called), [1, ...operation.shape]),
    output: () => graph.value(operation.name, [1, ...operation.shape]),
    version: (real) => real,
  };
}
