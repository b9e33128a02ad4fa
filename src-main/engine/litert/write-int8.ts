/** A lowered network as a LiteRT graph that computes with 8 bits wherever that is exact enough. */
import type { LoweredNetwork, Operation, Value, Work } from '../lowering/operations.ts';
import { floatSite } from './float-site.ts';
import { fuseActivations } from './fuse-activations.ts';
import { type Ranges, int8Site, isInt8 } from './int8-site.ts';
import { LitertGraph, type TensorIndex } from './litert-graph.ts';
import { activationQuantization } from './quantization.ts';
import { type LitertNetwork, finishNetwork, litertInput } from './write-litert.ts';
import { writeOperation } from './write-operations.ts';

/** Makes arithmetic on maps a convolution of each channel by itself: that has one scale for each channel. */
function asConvolution(operation: Operation): Operation {
  const { work, shape } = operation;
  if (work.kind !== 'affine' || shape.length !== 3) return operation;
  const channels = shape[2];
  const each = (values: Float32Array): Float32Array =>
    values.length === channels ? values : new Float32Array(channels).fill(values[0]);
  const depthwise: Work = {
    kind: 'depthwise',
    strides: [1, 1],
    dilations: [1, 1],
    padding: 'valid',
    kernel: { shape: [1, 1, channels, 1], values: each(work.scale) },
    bias: each(work.offset),
  };
  return { ...operation, work: depthwise };
}

/** The network whose values are measured, and written with 8 bits. */
export function forInt8(lowered: LoweredNetwork): LoweredNetwork {
  const network = fuseActivations(lowered);
  const replaced = new Map<Value, Operation>();
  const now = (value: Value): Value => replaced.get(value) ?? value;
  const operations = network.operations.map((operation) => {
    const moved = asConvolution({ ...operation, inputs: operation.inputs.map(now) });
    replaced.set(operation, moved);
    return moved;
  });
  return {
    ...network,
    operations,
    output: replaced.get(network.output)!,
    features: network.features && now(network.features),
    layers: network.layers.map(({ name, operation }) => ({ name, operation: replaced.get(operation)! })),
  };
}

/** Pixels are whole numbers from 0 to 255 already. */
const pixels = { least: 0, greatest: 255 };

/** Values as floats and with 8 bits: each is converted once, when it is first needed as the other. */
class Values {
  readonly #graph: LitertGraph;
  readonly #whole = new Map<Value, TensorIndex>();
  readonly #real = new Map<Value, TensorIndex>();
  readonly #ranges: Ranges;

  constructor(graph: LitertGraph, ranges: Ranges) {
    this.#graph = graph;
    this.#ranges = ranges;
  }

  set(value: Value, tensor: TensorIndex): void {
    const isWhole = this.#graph.quantizationOf(tensor) !== undefined;
    (isWhole ? this.#whole : this.#real).set(value, tensor);
  }

  whole(value: Value): TensorIndex {
    const known = this.#whole.get(value);
    if (known !== undefined) return known;
    const tensor = this.#real.get(value)!;
    const name = this.#graph.nameOf(tensor);
    const kept = activationQuantization(this.#ranges.get(name)!);
    const made = this.#graph.value(`${name}/whole`, this.#graph.shapeOf(tensor), 'INT8', kept);
    this.#whole.set(value, made);
    return this.#graph.operator('QUANTIZE', [tensor], made);
  }

  real(value: Value): TensorIndex {
    const known = this.#real.get(value);
    if (known !== undefined) return known;
    const tensor = this.#whole.get(value)!;
    const made = this.#graph.value(`${this.#graph.nameOf(tensor)}/real`, this.#graph.shapeOf(tensor));
    this.#real.set(value, made);
    return this.#graph.operator('DEQUANTIZE', [tensor], made, null, 2);
  }
}

/**
 * Writes a network that takes pixels as bytes and gives probabilities as floats.
 * @param network as `forInt8` makes it
 * @param ranges of all its values, as they were measured on photos
 */
export function writeInt8(network: LoweredNetwork, ranges: Ranges): LitertNetwork {
  const graph = new LitertGraph();
  const shape = [1, ...network.imageShape];
  const input = graph.value(litertInput, shape, 'UINT8', { scale: [1], zeroPoint: [0], axis: 0 });
  const image = graph.value(`${litertInput}/whole`, shape, 'INT8', activationQuantization(pixels));
  graph.operator('QUANTIZE', [input], image, null, 2);
  const values = new Values(graph, ranges);
  values.set('image', image);
  for (const operation of network.operations) {
    const site = isInt8(operation)
      ? int8Site(
          graph,
          operation,
          operation.inputs.map((value) => values.whole(value)),
          ranges,
        )
      : floatSite(
          graph,
          operation,
          operation.inputs.map((value) => values.real(value)),
          'float32',
        );
    values.set(operation, writeOperation(site));
  }
  return finishNetwork(graph, network, input, (value) => values.real(value));
}
