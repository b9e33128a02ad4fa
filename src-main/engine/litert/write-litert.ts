/** A lowered network as a LiteRT graph. */
import type { LoweredNetwork, Value } from '../lowering/operations.ts';
import { type WeightType, floatSite } from './float-site.ts';
import { fuseActivations } from './fuse-activations.ts';
import { LitertGraph, type NamedTensors, type TensorIndex } from './litert-graph.ts';
import { writeOperation } from './write-operations.ts';

/** What programs feed: pixels from 0 to 255, `[1, height, width, channels]`. */
export const litertInput = 'image';
/** What they get: one probability per class. */
export const litertOutput = 'probabilities';
/** What the last dense layer reads, where one decides: `[1, n]`. */
export const litertFeatures = 'features';

/** A layer of the network, and the tensor that holds its output. */
export interface LitertLayer {
  readonly name: string;
  readonly tensor: TensorIndex;
}

/** A network in a graph. */
export interface LitertNetwork {
  readonly graph: LitertGraph;
  readonly inputs: NamedTensors;
  readonly outputs: NamedTensors;
  readonly layers: readonly LitertLayer[];
}

/** Writes a network that computes with floats, for one image at a time: programs make it more where they need to. */
export function writeLitert(lowered: LoweredNetwork, weights: WeightType): LitertNetwork {
  const network = fuseActivations(lowered);
  const graph = new LitertGraph();
  const input = graph.value(litertInput, [1, ...network.imageShape]);
  const tensors = new Map<Value, TensorIndex>([['image', input]]);
  for (const operation of network.operations) {
    const inputs = operation.inputs.map((value) => tensors.get(value)!);
    tensors.set(operation, writeOperation(floatSite(graph, operation, inputs, weights)));
  }
  const layers = network.layers.map(({ name, operation }) => ({ name, tensor: tensors.get(operation)! }));
  const { output, features } = network;
  const outputs = {
    [litertOutput]: tensors.get(output)!,
    ...(features === null || features === 'image' ? {} : { [litertFeatures]: tensors.get(features)! }),
  };
  return { graph, inputs: { [litertInput]: input }, outputs, layers };
}
