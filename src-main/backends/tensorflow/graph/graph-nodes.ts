import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import type { NativeBinding } from '../native-binding.ts';
import { tensorValue, typeValue } from './attribute-values.ts';
import type { AttrValue } from '../../../core/tensorflow/generated/tensorflow/core/framework/attr_value_pb.js';
import {
  NodeDefSchema,
  type NodeDef,
} from '../../../core/tensorflow/generated/tensorflow/core/framework/node_def_pb.js';
import type { Constant, Signature } from './trace.ts';

/** The nodes of a graph under construction; equal constants become one node. */
export class GraphNodes {
  readonly binding: NativeBinding;
  readonly list: NodeDef[] = [];
  readonly #constants = new Map<string, string>();

  constructor(binding: NativeBinding) {
    this.binding = binding;
  }

  /** Adds a node. Inputs are names of outputs (`node`, `node:1`) or `^node`, to come after that node. */
  add(name: string, op: string, input: string[], attr: Record<string, AttrValue> = {}): NodeDef {
    const node = create(NodeDefSchema, { name, op, input, attr });
    this.list.push(node);
    return node;
  }

  /** Adds an input that is fed in every run. Returns its name. */
  placeholder(name: string, { dtype }: Signature): string {
    return this.add(name, 'Placeholder', [], { dtype: typeValue(dtype) }).name;
  }

  /** The name of the node that holds this constant. */
  constant(constant: Constant): string {
    const digest = createHash('sha256').update(constant.bytes).digest('hex');
    const key = `${constant.dtype}/${constant.shape.join(',')}/${digest}`;
    const known = this.#constants.get(key);
    if (known) return known;
    const { name } = this.add(`constant_${this.#constants.size}`, 'Const', [], {
      dtype: typeValue(constant.dtype),
      value: tensorValue(this.binding, constant),
    });
    this.#constants.set(key, name);
    return name;
  }

  /** Adds a node that can be fetched to make others run. Returns its name. */
  barrier(name: string, after: readonly string[]): string {
    const value: Constant = {
      kind: 'constant',
      shape: [],
      dtype: this.binding.TF_BOOL,
      bytes: Uint8Array.of(1),
    };
    return this.add(
      name,
      'Const',
      after.map((node) => `^${node}`),
      { dtype: typeValue(value.dtype), value: tensorValue(this.binding, value) },
    ).name;
  }
}
