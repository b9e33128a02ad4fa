/** A lowered network as a graph of TensorFlow. */
import type { LoweredNetwork, Value } from '../lowering/operations.ts';
import { DataType, type GraphNodes } from './graph-nodes.ts';
import { writeOperation } from './write-operations.ts';

/** The node that takes the pixels: `[batch, height, width, channels]`. */
export const graphInput = 'image';
/** The node that gives the probabilities. */
export const graphOutput = 'probabilities_of_classes';

/** The node that gives what the last dense layer reads, where one decides: `[batch, n]`. */
export const graphFeatures = 'features_of_photo';

/** A layer of the network in a graph. */
export interface GraphLayer {
  readonly name: string;
  /** The node that is its output. */
  readonly node: string;
}

/**
 * Adds a network.
 * @param pixels the node that gives them
 * @param type of the pixels
 * @returns its layers, in order
 */
export function writeGraph(
  graph: GraphNodes,
  network: LoweredNetwork,
  pixels: string,
  type: DataType.DT_UINT8 | DataType.DT_INT32,
): GraphLayer[] {
  const cast = graph.add('Cast', `${graphInput}/float`, [pixels], {
    SrcT: { type },
    DstT: { type: DataType.DT_FLOAT },
    Truncate: { truth: false },
  });
  const nodes = new Map<Value, string>([['image', cast]]);
  for (const operation of network.operations) {
    const inputs = operation.inputs.map((input) => nodes.get(input)!);
    nodes.set(operation, writeOperation(graph, operation, inputs));
  }
  graph.add('Identity', graphOutput, [nodes.get(network.output)!], { T: { type: DataType.DT_FLOAT } });
  const { features } = network;
  if (features !== null)
    graph.add('Identity', graphFeatures, [nodes.get(features)!], { T: { type: DataType.DT_FLOAT } });
  return network.layers.map(({ name, operation }) => ({ name, node: nodes.get(operation)! }));
}
