/** A lowered network as a LiteRT graph. */
import type { LoweredNetwork, Value } from '../lowering/operations.ts';
import { type WeightType, floatSite } from './float-site.ts';
import { LitertGraph, type NamedTensors, type TensorIndex } from './litert-graph.ts';
import { writeOperation } from './write-operations.ts';

/** What programs feed: pixels from 0 to 255, `[1, height, width, channels]`. */
export const litertInput = 'image';
/** What they get: one probability per class. */
export const litertOutput = 'probabilities';
/** What the last dense layer reads, where one decides: `[1, n]`. */
export const litertFeatures = 'features';

/** A layer of the network. */
export interface LitertLayer {
  readonly name: string;
  /** The tensor that holds its output as floats; it is added where there is none. */
  readonly tensorOf: () => TensorIndex;
}

/** A network in a graph. */
export interface LitertNetwork {
  readonly graph: LitertGraph;
  readonly inputs: NamedTensors;
  readonly outputs: NamedTensors;
  readonly layers: readonly LitertLayer[];
}

/**
 * Writes a network that computes with floats, for one image at a time: programs make it more where they need to.
 * @param network see `fuseActivations`
 */
export function writeLitert(network: LoweredNetwork, weights: WeightType): LitertNetwork {
  const graph = new LitertGraph();
  const input = graph.value(litertInput, [1, ...network.imageShape]);
  const tensors = new Map<Value, TensorIndex>([['image', input]]);
  for (const operation of network.operations) {
    const inputs = operation.inputs.map((value) => tensors.get(value)!);
    tensors.set(operation, writeOperation(floatSite(graph, operation, inputs, weights)));
  }
  return finishNetwork(graph, network, input, (value) => tensors.get(value)!);
}

/** Names what a written network takes and gives. @param tensorOf the floats of a value */
export function finishNetwork(
  graph: LitertGraph,
  { output, features, layers }: LoweredNetwork,
  input: TensorIndex,
  tensorOf: (value: Value) => TensorIndex,
): LitertNetwork {
  const outputs = {
    [litertOutput]: tensorOf(output),
    ...(features === null || features === 'image' ? {} : { [litertFeatures]: tensorOf(features) }),
  };
  const named = layers.map(({ name, operation }) => ({ name, tensorOf: () => tensorOf(operation) }));
  return { graph, inputs: { [litertInput]: input }, outputs, layers: named };
}
