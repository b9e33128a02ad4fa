import { create } from '@bufbuild/protobuf';
import { typeValue } from './attribute-values.ts';
import { AttrValueSchema } from '../../../core/tensorflow/generated/tensorflow/core/framework/attr_value_pb.js';
import {
  NodeDefSchema,
  type NodeDef,
} from '../../../core/tensorflow/generated/tensorflow/core/framework/node_def_pb.js';
import { DataType } from '../../../core/tensorflow/generated/tensorflow/core/framework/types_pb.js';

/** The inputs of an operation that have its element type `T`, as its first output has; the others keep theirs. */
type Typed = readonly number[];

/** What half precision is for: where nearly all the time goes. */
const convolutions: Readonly<Record<string, Typed>> = {
  Conv2D: [0, 1],
  Conv2DBackpropInput: [1, 2],
  Conv2DBackpropFilter: [0, 2],
  DepthwiseConv2dNative: [0, 1],
};

/**
 * What may lie between two convolutions: computed in whatever precision comes in. What sums over many numbers is not
 * among them: `BiasAddGrad` on processors adds bfloat16 to bfloat16, and a sum stops growing at 256 times its terms.
 */
const followers: Readonly<Record<string, Typed>> = {
  AddV2: [0, 1],
  BiasAdd: [0, 1],
  FusedBatchNormV3: [0],
  FusedBatchNormGradV3: [0, 1],
  MaxPool: [0],
  MaxPoolGrad: [0, 1, 2],
  Pad: [0],
  Relu: [0],
  Relu6: [0],
  Relu6Grad: [0, 1],
  ReluGrad: [0, 1],
  Reshape: [0],
};

/** Sums of two: exact as soon as one of them is. */
const exactWhenMixed: ReadonlySet<string> = new Set(['AddV2']);

/** Gradients of weights: what becomes of them is as exact as the weights. */
const towardsWeights: ReadonlySet<string> = new Set(['Conv2DBackpropFilter']);

/**
 * Has convolutions, and what lies between them, computed in bfloat16: numbers with the range of float32 and two to
 * three digits, in half the memory. Weights and what changes them, sums over a batch, losses, dense layers and whatever
 * leaves the graph stay float32, so that small steps of training are not lost. Keras' `mixed_bfloat16` does the same by
 * layers.
 * @param nodes a graph; producers come before their users
 * @returns the same graph with casts where the precision changes, the nodes given are not changed; null where nothing is
 *   a convolution of float32
 * @see https://arxiv.org/abs/1710.03740 (mixed precision), https://arxiv.org/abs/1905.12322 (bfloat16)
 */
export function inHalfPrecision(nodes: readonly NodeDef[]): NodeDef[] | null {
  const graph = new HalfPrecisionGraph();
  for (const node of nodes) graph.add(node);
  return graph.changed ? graph.nodes : null;
}

class HalfPrecisionGraph {
  readonly nodes: NodeDef[] = [];
  /** Outputs (`node:0`) that are bfloat16. */
  readonly #halves = new Set<string>();
  /** Those of them whose followers are bfloat16 as well. */
  readonly #followed = new Set<string>();
  readonly #casts = new Map<string, string>();

  /** Whether anything became bfloat16. */
  get changed(): boolean {
    return this.#halves.size > 0;
  }

  add(node: NodeDef): void {
    const typed = this.#typedInputs(node);
    const input = node.input.map((name, port) =>
      typed?.includes(port) ? this.#as(DataType.DT_BFLOAT16, name) : this.#as(DataType.DT_FLOAT, name),
    );
    const { name, op } = node;
    if (typed) {
      this.#halves.add(`${name}:0`);
      if (!towardsWeights.has(op)) this.#followed.add(`${name}:0`);
    }
    const attr = typed ? { ...node.attr, T: typeValue(DataType.DT_BFLOAT16) } : node.attr;
    this.nodes.push(create(NodeDefSchema, { name, op, input, attr }));
  }

  /** The inputs to have in bfloat16; null for what stays as it is. */
  #typedInputs({ op, attr, input }: NodeDef): Typed | null {
    const type = attr.T?.value;
    if (type?.case !== 'type' || type.value !== DataType.DT_FLOAT) return null;
    if (op in convolutions) return convolutions[op];
    const typed: Typed | undefined = followers[op];
    const isHalf = (port: number): boolean => this.#followed.has(outputName(input[port]));
    if (typed === undefined) return null;
    return (exactWhenMixed.has(op) ? typed.every(isHalf) : typed.some(isHalf)) ? typed : null;
  }

  /** The name of a value in a precision; the node that makes it so is added when it is first needed. */
  #as(type: DataType.DT_BFLOAT16 | DataType.DT_FLOAT, name: string): string {
    const output = outputName(name);
    const isHalf = this.#halves.has(output);
    const shouldBeHalf = type === DataType.DT_BFLOAT16;
    if (isHalf === shouldBeHalf) return name;
    const known = this.#casts.get(output);
    if (known) return known;
    const cast = create(NodeDefSchema, {
      name: `${output.replace(':', '/to_')}_${shouldBeHalf ? 'half' : 'float'}`,
      op: 'Cast',
      input: [name],
      attr: {
        SrcT: typeValue(shouldBeHalf ? DataType.DT_FLOAT : DataType.DT_BFLOAT16),
        DstT: typeValue(type),
        Truncate: create(AttrValueSchema, { value: { case: 'b', value: false } }),
      },
    });
    this.nodes.push(cast);
    this.#casts.set(output, cast.name);
    return cast.name;
  }
}

/** An input's name with the number of the output, which is left out for the first; `^node` is not an output. */
function outputName(input: string): string {
  return input.startsWith('^') || /:\d+$/.test(input) ? input : `${input}:0`;
}
