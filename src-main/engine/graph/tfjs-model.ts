/** A graph as TensorFlow.js keeps it: `model.json`, and its weights beside it. */
import { create, toJson } from '@bufbuild/protobuf';
import { AttrValueSchema } from '../../core/tensorflow/generated/tensorflow/core/framework/attr_value_pb.js';
import {
  type NodeDef,
  NodeDefSchema,
} from '../../core/tensorflow/generated/tensorflow/core/framework/node_def_pb.js';
import { DataType, type GraphConstant, type GraphNodes } from './graph-nodes.ts';
import { graphInput, graphOutput } from './write-graph.ts';

/** The version of graphs that TensorFlow 2.9 makes. */
const producer = 1087;

/** The files of a model. */
export interface TfjsModel {
  /** The text of `model.json`. */
  readonly description: string;
  readonly weights: Uint8Array;
}

/** What a model says of itself. */
export interface TfjsAbout {
  readonly generatedBy: string;
  readonly metadata: object;
  /** The name of the file with the weights. */
  readonly weightsFile: string;
}

/** Writes a graph. @param imageShape of the pixels, without the batch. @param classes how many there are */
export function writeTfjsModel(
  { nodes, constants }: GraphNodes,
  imageShape: readonly number[],
  classes: number,
  { generatedBy, metadata, weightsFile }: TfjsAbout,
): TfjsModel {
  const end = (name: string, dtype: string, shape: readonly number[]) => ({
    name: `${name}:0`,
    dtype,
    tensorShape: { dim: shape.map((side) => ({ size: String(side) })) },
  });
  const description = {
    format: 'graph-model',
    generatedBy,
    convertedBy: null,
    signature: {
      inputs: { [graphInput]: end(graphInput, 'DT_INT32', [-1, ...imageShape]) },
      outputs: { [graphOutput]: end(graphOutput, 'DT_FLOAT', [-1, classes]) },
    },
    modelTopology: { node: nodes.map(describe), library: {}, versions: { producer } },
    weightsManifest: [{ paths: [weightsFile], weights: constants.map(specification) }],
    userDefinedMetadata: metadata,
  };
  return { description: JSON.stringify(description), weights: joined(constants) };
}

/** A node, its numbers left to the file of weights. */
function describe(node: NodeDef): object {
  if (node.op !== 'Const') return toJson(NodeDefSchema, node) as object;
  const { value: given, ...others } = node.attr;
  const tensor = given.value.case === 'tensor' ? given.value.value : null;
  const kept = { dtype: tensor?.dtype ?? DataType.DT_FLOAT, tensorShape: tensor?.tensorShape };
  const value = create(AttrValueSchema, { value: { case: 'tensor', value: kept } });
  const bare = create(NodeDefSchema, { ...node, attr: { ...others, value } });
  return toJson(NodeDefSchema, bare) as object;
}

const specification = ({ name, shape, values }: GraphConstant) => ({
  name,
  shape,
  dtype: values instanceof Float32Array ? 'float32' : 'int32',
});

function joined(constants: readonly GraphConstant[]): Uint8Array {
  const whole = new Uint8Array(constants.reduce((sum, { values }) => sum + values.byteLength, 0));
  let at = 0;
  for (const { values } of constants) {
    whole.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return whole;
}
