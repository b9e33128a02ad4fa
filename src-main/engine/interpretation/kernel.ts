/** The numbers of one filter, to be laid over a picture by hand. */
import { AppError } from '../../contract/shared/errors.ts';
import { layerUnsuitable } from '../network/layer-errors.ts';
import { isConvolution } from './layer-choice.ts';
import type { Network } from '../network/network.ts';

/** One filter. */
export interface Kernel {
  /** `[row][column][input channel]`. */
  readonly values: number[][][];
  readonly bias: number;
  readonly activation: string;
}

const plain = new Set(['Conv2D', 'DepthwiseConv2D']);

/**
 * One filter of a convolution.
 * @throws AppError MODEL_LAYER_UNKNOWN, MODEL_LAYER_UNSUITABLE, MODEL_NO_CONVOLUTION, MODEL_FILTER_UNKNOWN
 */
export function kernelOf(network: Network, name: string, filter: number): Kernel {
  const found = network.find(name);
  if (!plain.has(found.type)) {
    const first = network.layers.find(({ type }) => plain.has(type));
    if (first === undefined) throw new AppError('MODEL_NO_CONVOLUTION');
    const reason = isConvolution(found) ? 'its filters have two parts' : 'it has no filters';
    throw layerUnsuitable(found.name, found.type, reason, first.name);
  }
  const [weights, bias] = found.layer.getWeights();
  const [height, width, inputs, multiplier] = weights.shape as [number, number, number, number];
  const depthwise = found.type === 'DepthwiseConv2D';
  const filters = depthwise ? inputs * multiplier : multiplier;
  if (filter < 0 || filter >= filters) {
    throw new AppError('MODEL_FILTER_UNKNOWN', { layer: found.name, filter, last: filters - 1 });
  }
  const numbers = weights.dataSync();
  // A depthwise filter belongs to one input channel, and lies beside that channel's others.
  const at = (row: number, column: number, input: number): number =>
    depthwise
      ? numbers[(row * width + column) * filters + filter]
      : numbers[((row * width + column) * inputs + input) * filters + filter];
  const depth = depthwise ? 1 : inputs;
  const values = Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (__, column) =>
      Array.from({ length: depth }, (___, input) => at(row, column, input)),
    ),
  );
  const { activation } = found.layer.getConfig();
  return {
    values,
    bias: bias?.dataSync()[filter] ?? 0,
    activation: typeof activation === 'string' ? activation : 'linear',
  };
}
