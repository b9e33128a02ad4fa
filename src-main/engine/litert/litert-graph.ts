/** A LiteRT graph, put together operation by operation. */
import { type Row, writeFlatBuffer } from './flatbuffer-tables.ts';
import { BuiltinOperator, BuiltinOptions, TensorType, litertSchema } from './schema.ts';

/** How whole numbers stand for real ones: real = scale · (whole − zeroPoint), along an axis or for all. */
export interface Quantization {
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
  readonly axis: number;
}

export type LitertType = keyof typeof TensorType;

/** A value of the graph: the number of its tensor. */
export type TensorIndex = number;

/** What an operation is set to: the table of its kind. */
export interface Options {
  readonly table: keyof typeof BuiltinOptions;
  readonly row: Row;
}

/** Names that programs use, and the tensors that are meant. */
export type NamedTensors = Readonly<Record<string, TensorIndex>>;

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: LitertType;
  readonly quantization: Quantization | undefined;
  readonly data: Uint8Array | null;
}

interface Operator {
  readonly code: number;
  readonly inputs: readonly TensorIndex[];
  readonly outputs: readonly TensorIndex[];
  readonly options: Options | null;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** Old programs read the code of an operation from one byte; later codes have their own field. */
const lastOldCode = 127;

/** A graph in the making. */
export class LitertGraph {
  readonly #tensors: Tensor[] = [];
  readonly #operators: Operator[] = [];
  /** Code and version of the kinds of operations in use. */
  readonly #codes: { readonly code: number; readonly version: number }[] = [];

  /** What is computed, or fed. @param shape the batch first */
  value(
    name: string,
    shape: readonly number[],
    type: LitertType = 'FLOAT32',
    quantization?: Quantization,
  ): TensorIndex {
    return this.#tensors.push({ name, shape, type, quantization, data: null }) - 1;
  }

  /** Numbers that stand in the file. */
  constant(
    name: string,
    shape: readonly number[],
    type: LitertType,
    data: ArrayBufferView,
    quantization?: Quantization,
  ): TensorIndex {
    return this.#tensors.push({ name, shape, type, quantization, data: bytesOf(data) }) - 1;
  }

  /** What a tensor's numbers stand for; undefined for floats. */
  quantizationOf(tensor: TensorIndex): Quantization | undefined {
    return this.#tensors[tensor].quantization;
  }

  nameOf(tensor: TensorIndex): string {
    return this.#tensors[tensor].name;
  }

  shapeOf(tensor: TensorIndex): readonly number[] {
    return this.#tensors[tensor].shape;
  }

  /** All values that are computed, by the names of their tensors. */
  computed(): NamedTensors {
    return Object.fromEntries(
      this.#operators.flatMap(({ outputs }) => outputs.map((tensor) => [this.#tensors[tensor].name, tensor])),
    );
  }

  /** Adds an operation. @param version of its description in the format, which older programs may not know */
  operator(
    kind: keyof typeof BuiltinOperator,
    inputs: readonly TensorIndex[],
    output: TensorIndex,
    options: Options | null = null,
    version = 1,
  ): TensorIndex {
    const code = BuiltinOperator[kind];
    const known = this.#codes.findIndex((one) => one.code === code && one.version === version);
    const place = known === -1 ? this.#codes.push({ code, version }) - 1 : known;
    this.#operators.push({ code: place, inputs, outputs: [output], options });
    return output;
  }

  /**
   * The bytes of the file.
   * @param inputs what programs feed, by name
   * @param outputs what they get, by name
   * @param metadata bytes by name, for programs that know the name
   */
  write(
    description: string,
    inputs: NamedTensors,
    outputs: NamedTensors,
    metadata: Readonly<Record<string, Uint8Array>> = {},
  ): Uint8Array {
    // The first buffer is that of all values that are computed; it is empty.
    const buffers: Row[] = [{}];
    const buffer = (data: Uint8Array): number => buffers.push({ data }) - 1;
    const tensors = this.#tensors.map(({ name, shape, type, quantization, data }) => ({
      name,
      shape,
      type: TensorType[type],
      buffer: data === null ? 0 : buffer(data),
      quantization: quantization && {
        scale: quantization.scale,
        zeroPoint: quantization.zeroPoint,
        quantizedDimension: quantization.axis,
      },
    }));
    const tables = Object.entries(metadata).map(([name, data]) => ({ name, buffer: buffer(data) }));
    const named = (of: NamedTensors): Row[] =>
      Object.entries(of).map(([name, tensorIndex]) => ({ name, tensorIndex }));
    const model = {
      version: 3,
      operatorCodes: this.#codes.map(({ code, version }) => ({
        deprecatedBuiltinCode: Math.min(code, lastOldCode),
        builtinCode: code,
        version,
      })),
      subgraphs: [
        {
          tensors,
          inputs: Object.values(inputs),
          outputs: Object.values(outputs),
          operators: this.#operators.map(describe),
          name: 'main',
        },
      ],
      description,
      buffers,
      metadata: tables,
      signatureDefs: [
        { inputs: named(inputs), outputs: named(outputs), signatureKey: 'serving_default', subgraphIndex: 0 },
      ],
    };
    const size = buffers.reduce(
      (sum, { data }) => sum + ((data as Uint8Array | undefined)?.byteLength ?? 0),
      0,
    );
    return writeFlatBuffer(litertSchema, 'Model', model, 'TFL3', size + 65_536);
  }
}

const describe = ({ code, inputs, outputs, options }: Operator): Row => ({
  opcodeIndex: code,
  inputs,
  outputs,
  builtinOptionsType: options === null ? 0 : BuiltinOptions[options.table],
  builtinOptions: options ?? undefined,
});
