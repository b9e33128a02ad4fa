/** A graph of ONNX, put together operation by operation. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.js';

/** The version of the operators: that of ONNX 1.8, the first with a softmax along one axis. All that run ONNX know it. */
const operatorSet = 13;
/** The format of the file that belongs to it. */
const fileFormat = 8;

/** The types of numbers that are used. */
export type NumberType = 'float32' | 'uint8' | 'int64';

const dataTypes: Record<NumberType, TensorProto_DataType> = {
  float32: TensorProto_DataType.FLOAT,
  uint8: TensorProto_DataType.UINT8,
  int64: TensorProto_DataType.INT64,
};

/** Settings of an operation: whole numbers by default, fractions where it says so. */
export type Attribute = string | number | readonly number[] | { readonly float: number };

/** A side of a shape: a number, or the name of a side of any length. */
export type Side = number | string;

/** What a file says of itself. */
export interface OnnxAbout {
  /** Name of the program and its version. */
  readonly producer: readonly [name: string, version: string];
  readonly description: string;
  /** Names with texts, for whoever uses the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

function attribute(name: string, value: Attribute): AttributeProto {
  const type = AttributeProto_AttributeType;
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: type.STRING, s: new TextEncoder().encode(value) });
  }
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: type.INT, i: BigInt(value) });
  }
  if ('float' in value) return create(AttributeProtoSchema, { name, type: type.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: type.INTS, ints: value.map(BigInt) });
}

function valueInfo(name: string, type: NumberType, sides: readonly Side[] | null): ValueInfoProto {
  const dim = sides?.map((side) => ({
    value:
      typeof side === 'number'
        ? ({ case: 'dimValue', value: BigInt(side) } as const)
        : ({ case: 'dimParam', value: side } as const),
  }));
  const value = { elemType: dataTypes[type], ...(dim && { shape: { dim } }) };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } });
}

/** The bytes of numbers as files have them: little-endian, as every processor that runs this has them too. */
function bytesOfNumbers(values: Float32Array | readonly bigint[]): Uint8Array {
  const array = values instanceof Float32Array ? values : BigInt64Array.from(values);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

export class OnnxGraph {
  readonly #graph: GraphProto;
  readonly #names = new Set<string>();

  constructor(name: string) {
    this.#graph = create(GraphProtoSchema, { name });
  }

  /** A name that nothing has yet. */
  #free(wanted: string): string {
    let name = wanted;
    for (let number = 1; this.#names.has(name); number++) name = `${wanted}_${number}`;
    this.#names.add(name);
    return name;
  }

  /** What the graph takes. @returns the name of the value */
  input(name: string, type: NumberType, sides: readonly Side[]): string {
    this.#names.add(name);
    this.#graph.input.push(valueInfo(name, type, sides));
    return name;
  }

  /** Puts out a value. @param sides null where they need not be said */
  output(name: string, type: NumberType, sides: readonly Side[] | null): void {
    this.#graph.output.push(valueInfo(name, type, sides));
  }

  /** Numbers that stand in the file. @returns the name of the value */
  constant(wanted: string, shape: readonly number[], values: Float32Array): string {
    return this.#initializer(wanted, 'float32', shape, values);
  }

  /** Whole numbers that stand in the file, such as a shape. @returns the name of the value */
  integers(wanted: string, values: readonly number[]): string {
    return this.#initializer(wanted, 'int64', [values.length], values.map(BigInt));
  }

  /** One whole number that stands in the file, such as a place. @returns the name of the value */
  integer(wanted: string, value: number): string {
    return this.#initializer(wanted, 'int64', [], [BigInt(value)]);
  }

  /** One number that stands in the file. @returns the name of the value */
  number(wanted: string, value: number): string {
    return this.constant(wanted, [], Float32Array.of(value));
  }

  #initializer(
    wanted: string,
    type: NumberType,
    shape: readonly number[],
    values: Float32Array | readonly bigint[],
  ): string {
    const name = this.#free(wanted);
    this.#graph.initializer.push(
      create(TensorProtoSchema, {
        name,
        dataType: dataTypes[type],
        dims: shape.map(BigInt),
        rawData: bytesOfNumbers(values),
      }),
    );
    return name;
  }

  /**
   * Adds an operation with one output.
   * @param operation as ONNX calls it
   * @param wanted the name of its output; another where that is taken
   * @returns the name of its output
   */
  add(
    operation: string,
    wanted: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const output = this.#free(wanted);
    this.#graph.node.push(
      create(NodeProtoSchema, {
        name: output,
        opType: operation,
        input: [...inputs],
        output: [output],
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    );
    return output;
  }

  /** The whole file. */
  toBytes({ producer: [producerName, producerVersion], description, metadata }: OnnxAbout): Uint8Array {
    const model = create(ModelProtoSchema, {
      irVersion: BigInt(fileFormat),
      producerName,
      producerVersion,
      docString: description,
      opsetImport: [{ domain: '', version: BigInt(operatorSet) }],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: this.#graph,
    });
    return toBinary(ModelProtoSchema, model);
  }
}

/** The same file, which puts out further values of its graph: to find the operation at which two engines part. */
export function showValues(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  const shown = new Set(model.graph!.output.map(({ name }) => name));
  for (const name of new Set(names)) {
    if (!shown.has(name)) model.graph!.output.push(valueInfo(name, 'float32', null));
  }
  return toBinary(ModelProtoSchema, model);
}
