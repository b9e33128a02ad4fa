/** Operations with weights: convolutions and dense layers. LiteRT has the channels that come out first, or last. */
import type { Numbers, Operation, Pair, Padding as Side } from '../lowering/operations.ts';
import type { WriteOperation } from './operation-site.ts';
import { ActivationFunctionType, Padding } from './schema.ts';

/** What an operation does to its result, as LiteRT numbers it. */
export function fusedIn({ fused }: Operation): number {
  if (fused === undefined) return ActivationFunctionType.NONE;
  return ActivationFunctionType[fused === 'relu' ? 'RELU' : 'RELU6'];
}

/** The same numbers with the last axis first. */
function lastAxisFirst({ shape, values }: Numbers): Numbers {
  const last = shape.at(-1)!;
  const rows = values.length / last;
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < last; column++) turned[column * rows + row] = values[row * last + column];
  return { shape: [last, ...shape.slice(0, -1)], values: turned };
}

interface Sliding {
  readonly strides: Pair;
  readonly padding: Side;
}

/** Strides and padding as options. */
export const slidingOptions = ({ strides: [strideH, strideW], padding }: Sliding) => ({
  padding: Padding[padding],
  strideW,
  strideH,
});

const dilationOptions = ([dilationHFactor, dilationWFactor]: Pair) => ({ dilationWFactor, dilationHFactor });

export const writeConvolution: WriteOperation<'convolution'> = (site) => {
  const { graph, operation, inputs } = site;
  const { work } = operation;
  const { shape, values } = lastAxisFirst(work.kernel);
  const kernel = site.kernel(shape, values, 0);
  const bias = site.bias(work.bias ?? new Float32Array(shape[0]), kernel);
  const isGrouped = shape[3] !== graph.shapeOf(inputs[0])[3];
  const row = {
    ...slidingOptions(work),
    fusedActivationFunction: fusedIn(operation),
    ...dilationOptions(work.dilations),
  };
  const version = isGrouped ? 6 : site.version(1, 3);
  const options = { table: 'Conv2DOptions', row } as const;
  return graph.operator('CONV_2D', [inputs[0], kernel, bias], site.output(), options, version);
};

export const writeDepthwise: WriteOperation<'depthwise'> = (site) => {
  const { graph, operation, inputs } = site;
  const { work } = operation;
  const [height, width, channels, depthMultiplier] = work.kernel.shape;
  const outputs = channels * depthMultiplier;
  const kernel = site.kernel([1, height, width, outputs], work.kernel.values, 3);
  const bias = site.bias(work.bias ?? new Float32Array(outputs), kernel);
  const row = {
    ...slidingOptions(work),
    depthMultiplier,
    fusedActivationFunction: fusedIn(operation),
    ...dilationOptions(work.dilations),
  };
  const dilates = work.dilations.some((rate) => rate > 1);
  const version = site.version(dilates ? 2 : 1, 3);
  const options = { table: 'DepthwiseConv2DOptions', row } as const;
  return graph.operator('DEPTHWISE_CONV_2D', [inputs[0], kernel, bias], site.output(), options, version);
};

export const writeDense: WriteOperation<'dense'> = (site) => {
  const { graph, operation, inputs } = site;
  const { shape, values } = lastAxisFirst(operation.work.kernel);
  const kernel = site.kernel(shape, values, 0);
  const bias = site.bias(operation.work.bias ?? new Float32Array(shape[0]), kernel);
  const row = { fusedActivationFunction: fusedIn(operation) };
  const options = { table: 'FullyConnectedOptions', row } as const;
  return graph.operator(
    'FULLY_CONNECTED',
    [inputs[0], kernel, bias],
    site.output(),
    options,
    site.version(1, 4),
  );
};
