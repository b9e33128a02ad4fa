import type { Operation, Value } from './trace.ts';

/**
 * Type attributes that tfjs-node leaves out: run one by one, TensorFlow infers them from the inputs; in a graph they
 * must be there. Each names the input whose type it is.
 */
const INFERRED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ExpandDims: { T: 0 },
};

/** The type attributes to add to an operation, with their types. */
export function missingAttributes(
  operation: Operation,
  typeOf: (value: Value) => number,
): [string, number][] {
  const inferred = INFERRED[operation.name] ?? {};
  return Object.entries(inferred).map(([name, input]) => [name, typeOf(operation.inputs[input])]);
}
