/** Where an operation is written: what its numbers are is settled there, not by the operation. */
import type { Operation, Work } from '../lowering/operations.ts';
import type { LitertGraph, TensorIndex } from './litert-graph.ts';

/** One operation about to be written. */
export interface OperationSite<Kind extends Work['kind'] = Work['kind']> {
  readonly graph: LitertGraph;
  readonly operation: Operation & { readonly work: Extract<Work, { kind: Kind }> };
  readonly inputs: readonly TensorIndex[];
  /** Weights that many inputs are multiplied with. @param axis that of the channels that come out */
  kernel(shape: readonly number[], values: Float32Array, axis: number): TensorIndex;
  /** What is added to each channel. @param kernel as `kernel` gave it */
  bias(values: Float32Array, kernel: TensorIndex): TensorIndex;
  /** Numbers that take part in arithmetic. @param called what they are, for their name */
  numbers(called: string, shape: readonly number[], values: Float32Array): TensorIndex;
  /** Whole numbers such as a shape. */
  integers(called: string, shape: readonly number[], values: readonly number[]): TensorIndex;
  /** A value on the way. */
  between(called: string): TensorIndex;
  /** What the operation gives. */
  output(): TensorIndex;
  /** Version of an operation's description. @param whole the first that knows int8 */
  version(real: number, whole: number): number;
}

/** Adds the operations. @returns the tensor of the result */
export type WriteOperation<Kind extends Work['kind']> = (site: OperationSite<Kind>) => TensorIndex;
