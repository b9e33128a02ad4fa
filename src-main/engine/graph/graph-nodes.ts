/** A graph of TensorFlow, put together node by node. */
import { type MessageInitShape, create } from '@bufbuild/protobuf';
import {
  type AttrValue,
  AttrValueSchema,
} from '../../core/tensorflow/generated/tensorflow/core/framework/attr_value_pb.js';
import {
  type NodeDef,
  NodeDefSchema,
} from '../../core/tensorflow/generated/tensorflow/core/framework/node_def_pb.js';
import { DataType } from '../../core/tensorflow/generated/tensorflow/core/framework/types_pb.js';

export { DataType };

/** A setting of an operation. */
export type Attribute =
  | { readonly type: DataType }
  | { readonly text: string }
  | { readonly whole: number }
  | { readonly wholes: readonly number[] }
  | { readonly number: number }
  | { readonly truth: boolean }
  /** A side of any length is −1. */
  | { readonly shape: readonly number[] }
  | { readonly types: readonly DataType[] }
  | { readonly shapes: readonly (readonly number[])[] }
  | { readonly function: string };

type ValueInit = MessageInitShape<typeof AttrValueSchema>['value'];

const dimensions = (shape: readonly number[]) => ({ dim: shape.map((size) => ({ size: BigInt(size) })) });

function valueOf(attribute: Attribute): ValueInit {
  if ('type' in attribute) return { case: 'type', value: attribute.type };
  if ('text' in attribute) return { case: 's', value: new TextEncoder().encode(attribute.text) };
  if ('whole' in attribute) return { case: 'i', value: BigInt(attribute.whole) };
  if ('wholes' in attribute) return { case: 'list', value: { i: attribute.wholes.map(BigInt) } };
  if ('number' in attribute) return { case: 'f', value: attribute.number };
  if ('truth' in attribute) return { case: 'b', value: attribute.truth };
  if ('shape' in attribute) return { case: 'shape', value: dimensions(attribute.shape) };
  if ('types' in attribute) return { case: 'list', value: { type: [...attribute.types] } };
  if ('shapes' in attribute) return { case: 'list', value: { shape: attribute.shapes.map(dimensions) } };
  return { case: 'func', value: { name: attribute.function } };
}

function attributesOf(attributes: Readonly<Record<string, Attribute>>): Record<string, AttrValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [
      name,
      create(AttrValueSchema, { value: valueOf(attribute) }),
    ]),
  );
}

/** Numbers that stand in a graph. */
export interface GraphConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** A graph in the making. */
export class GraphNodes {
  readonly nodes: NodeDef[] = [];
  /** Those that were put in, by the names of their nodes. */
  readonly constants: GraphConstant[] = [];
  readonly #names = new Set<string>();

  #free(wanted: string): string {
    let name = wanted;
    for (let number = 1; this.#names.has(name); number++) name = `${wanted}_${number}`;
    this.#names.add(name);
    return name;
  }

  /**
   * A graph that was read: its input without what may feed it, and what is computed from it.
   * @param input its node
   */
  static read(nodes: readonly NodeDef[], input: string): GraphNodes {
    const graph = new GraphNodes();
    const begin = nodes.findIndex(({ name }) => name === input);
    const { dtype, shape } = nodes[begin].attr;
    graph.nodes.push(
      create(NodeDefSchema, { name: input, op: 'Placeholder', attr: { dtype, shape } }),
      ...nodes.slice(begin + 1),
    );
    for (const { name, op, attr } of graph.nodes) {
      const tensor = attr.value?.value.case === 'tensor' ? attr.value.value.value : null;
      if (op !== 'Const' || tensor === null) continue;
      // A copy: `slice` of what Node read would be none.
      const { buffer } = new Uint8Array(tensor.tensorContent);
      const values = tensor.dtype === DataType.DT_FLOAT ? new Float32Array(buffer) : new Int32Array(buffer);
      graph.constants.push({
        name,
        shape: tensor.tensorShape?.dim.map(({ size }) => Number(size)) ?? [],
        values,
      });
    }
    return graph;
  }

  /** Adds a node. @returns its name, by which others take its first output */
  add(
    operation: string,
    wanted: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const name = this.#free(wanted);
    const init = { name, op: operation, input: [...inputs], attr: attributesOf(attributes) };
    this.nodes.push(create(NodeDefSchema, init));
    return name;
  }

  /** What is fed. @param shape sides of any length are −1 */
  placeholder(name: string, type: DataType, shape: readonly number[]): string {
    return this.add('Placeholder', name, [], { dtype: { type }, shape: { shape } });
  }

  /** Numbers that stand in the graph: fractions, or whole numbers such as a shape. */
  constant(wanted: string, shape: readonly number[], values: Float32Array | Int32Array): string {
    const type = values instanceof Float32Array ? DataType.DT_FLOAT : DataType.DT_INT32;
    const name = this.add('Const', wanted, [], { dtype: { type } });
    // A copy: what is given may be a part of something larger, or change.
    const tensorContent = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    const value = { dtype: type, tensorShape: dimensions(shape), tensorContent };
    this.nodes.at(-1)!.attr.value = create(AttrValueSchema, { value: { case: 'tensor', value } });
    this.constants.push({ name, shape, values });
    return name;
  }

  /** Whole numbers in a row. */
  integers(wanted: string, values: readonly number[]): string {
    return this.constant(wanted, [values.length], Int32Array.from(values));
  }
}
