import type { Tf } from '../../../engine/base/backend.ts';
import { replaceKernel } from './replace-kernel.ts';

type ConvolutionArguments = Parameters<Tf['backend_util']['computeConv2DInfo']>;

/**
 * Refuses transposed convolutions whose input is not what a convolution of the wanted output would give. TensorFlow
 * reads past the end of the input then, which ends the process.
 */
export function registerConvolutionCheck(tf: Tf): void {
  const { computeConv2DInfo, convertConv2DDataFormat } = tf.backend_util;
  replaceKernel(tf, 'Conv2DBackpropInput', (_, { dy, filter }, attributes) => {
    const { inputShape, strides, pad, dimRoundingMode, dataFormat } = attributes;
    const { outShape } = computeConv2DInfo(
      inputShape as ConvolutionArguments[0],
      filter.shape as ConvolutionArguments[1],
      strides as ConvolutionArguments[2],
      1,
      pad as ConvolutionArguments[4],
      dimRoundingMode as ConvolutionArguments[5],
      false,
      convertConv2DDataFormat(dataFormat as 'NHWC' | 'NCHW'),
    );
    if (!tf.util.arraysEqual(outShape, dy.shape)) {
      throw new RangeError(
        `The shapes of a transposed convolution do not fit. Expected: an input of [${outShape.join(', ')}]. Received: [${dy.shape.join(', ')}].`,
      );
    }
    return null;
  });
}
