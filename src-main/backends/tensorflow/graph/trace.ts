import type { Variable } from '@tensorflow/tfjs';
import type { NativeAttribute } from '../native-binding.ts';

/** Shape and TensorFlow type (a `DataType` number) of a tensor. */
export interface Signature {
  readonly shape: readonly number[];
  readonly dtype: number;
}

/** A tensor whose contents were fixed when the program was recorded. */
export interface Constant extends Signature {
  readonly kind: 'constant';
  readonly bytes: Uint8Array;
}

/** One recorded native operation. */
export interface Operation {
  readonly name: string;
  readonly attributes: readonly NativeAttribute[];
  readonly inputs: readonly Value[];
  /** The TensorFlow type of each output. */
  readonly outputTypes: readonly number[];
}

/** Where a tensor that appeared in a program comes from. */
export type Value =
  | Constant
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'output'; readonly operation: Operation; readonly index: number }
  /** A variable's contents at the start of the program (`write` null) or after one of its writes. */
  | { readonly kind: 'variable'; readonly variable: Variable; readonly write: Write | null };

/** A state tensor that only the graph knows: some native updates want a slot that tfjs's formula does without. */
export interface Scratch extends Signature {
  readonly kind: 'scratch';
}

/**
 * A change of one or more variables: an assignment, or a native update (`ResourceApply…`), whose operands are the
 * resources (`targets`, in the order of the op's inputs) and tensors.
 */
export interface Write {
  readonly name: string;
  readonly attributes: readonly NativeAttribute[];
  readonly targets: readonly (Variable | Scratch)[];
  readonly operands: readonly Value[];
}

/** One program, recorded: the operations in the order in which they ran, and what they change. */
export interface Trace {
  readonly inputs: readonly Signature[];
  readonly outputs: readonly Value[];
  readonly operations: readonly Operation[];
  readonly writes: readonly Write[];
}

/** Why a program cannot become a graph. Never leaves this folder: it becomes `whyEager`. */
export class NotCompilable extends Error {
  override readonly name = 'NotCompilable';
}
