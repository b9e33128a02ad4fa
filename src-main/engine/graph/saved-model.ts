/** A graph as a SavedModel of TensorFlow: one file, its weights in it, and two ways to ask it. */
import { create, toBinary } from '@bufbuild/protobuf';
import { FunctionDefSchema } from '../../core/tensorflow/generated/tensorflow/core/framework/function_pb.js';
import { SavedModelSchema } from '../../core/tensorflow/generated/tensorflow/core/protobuf/saved_model_pb.js';
import { DataType, type GraphNodes } from './graph-nodes.ts';

/** TF_GRAPH_DEF_VERSION of TensorFlow 2.9: every later one reads it. */
const producer = 1087;

/** One way to ask a SavedModel. */
export interface Signature {
  readonly input: {
    readonly name: string;
    readonly node: string;
    readonly type: DataType;
    readonly shape: readonly number[];
  };
  readonly outputs: readonly {
    readonly name: string;
    readonly node: string;
    readonly shape: readonly number[];
  }[];
}

/** A function that a graph calls. */
export interface GraphFunction {
  readonly name: string;
  readonly input: { readonly name: string; readonly type: DataType };
  readonly output: { readonly name: string; readonly type: DataType };
  /** Its nodes, which name each other as `node:output:index`. */
  readonly nodes: GraphNodes['nodes'];
  /** The value that it gives, as its nodes name it. */
  readonly value: string;
}

const info = (node: string, dtype: DataType, shape: readonly number[]) => ({
  encoding: { case: 'name', value: `${node}:0` } as const,
  dtype,
  tensorShape: { dim: shape.map((size) => ({ size: BigInt(size) })) },
});

/** The bytes of `saved_model.pb`. */
export function writeSavedModel(
  { nodes }: GraphNodes,
  functions: readonly GraphFunction[],
  signatures: Readonly<Record<string, Signature>>,
): Uint8Array {
  const signatureDef = Object.fromEntries(
    Object.entries(signatures).map(([name, { input, outputs }]) => [
      name,
      {
        inputs: { [input.name]: info(input.node, input.type, input.shape) },
        outputs: Object.fromEntries(
          outputs.map((output) => [output.name, info(output.node, DataType.DT_FLOAT, output.shape)]),
        ),
        methodName: 'tensorflow/serving/predict',
      },
    ]),
  );
  const library = { function: functions.map(definition) };
  const metaGraph = {
    metaInfoDef: { tags: ['serve'], tensorflowVersion: '2.9.0' },
    graphDef: { node: nodes, library, versions: { producer } },
    signatureDef,
  };
  const whole = create(SavedModelSchema, { savedModelSchemaVersion: 1n, metaGraphs: [metaGraph] });
  return toBinary(SavedModelSchema, whole);
}

const definition = ({ name, input, output, nodes, value }: GraphFunction) =>
  create(FunctionDefSchema, {
    signature: {
      name,
      inputArg: [{ name: input.name, type: input.type }],
      outputArg: [{ name: output.name, type: output.type }],
    },
    nodeDef: nodes,
    ret: { [output.name]: value },
  });
