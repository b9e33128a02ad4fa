import type { NativeBinding } from '../native-binding.ts';
import type { AttrValue } from '../../../core/tensorflow/generated/tensorflow/core/framework/attr_value_pb.js';
import type { Constant, Operation, Value } from './trace.ts';

/** What a rewrite needs of the graph under construction. */
export interface RewriteWriter {
  readonly binding: NativeBinding;
  /** The name by which nodes refer to a value. */
  input(value: Value): string;
  constant(constant: Constant): string;
  /** Adds a node. Returns its name. */
  add(op: string, inputs: string[], attributes: Record<string, AttrValue>): string;
  /** Adds a recorded operation with these inputs instead of its own. Returns its name. */
  addLike(operation: Operation, inputs: string[]): string;
}

/** Writes something else for an operation. Returns the name of the node with its first output; null: none is needed. */
export type Rewrite = (writer: RewriteWriter) => string | null;

/** The operations of a program, with who uses what they make. */
export interface Uses {
  readonly operations: readonly Operation[];
  /** The users of an operation's outputs, one entry a use; null stands for the world outside: outputs and writes. */
  of(operation: Operation): readonly (Operation | null)[];
}

/** The operation of this name that makes a value, or null. */
export function producer(value: Value | undefined, ...names: readonly string[]): Operation | null {
  return value?.kind === 'output' && names.includes(value.operation.name) ? value.operation : null;
}
