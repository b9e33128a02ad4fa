/**
 * The gradient of a convolution's filters for the plain JavaScript engine. tfjs' own kernel reads every number through
 * a method call and takes nine tenths of a training step; this one takes about as long as the forward pass.
 */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../engine/base/backend.ts';

type ConvInfo = tfjs.backend_util.Conv2DInfo;

interface CpuBackend {
  readonly data: { get(dataId: object): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): tfjs.TensorInfo;
}

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: number | 'valid' | 'same' | tfjs.backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/** Adds `scale · source[from …]` to `target[to …]`. */
function addScaled(
  target: Float64Array,
  to: number,
  source: Float32Array,
  from: number,
  length: number,
  scale: number,
): void {
  for (let i = 0; i < length; i++) target[to + i] += scale * source[from + i];
}

/** What one output pixel adds: its gradient, times every input value that its filter saw. */
function addPixel(
  sums: Float64Array,
  x: Float32Array,
  dy: Float32Array,
  info: ConvInfo,
  pixel: number,
): void {
  const { outWidth, outHeight, outChannels, inWidth, inHeight, inChannels } = info;
  const column = pixel % outWidth;
  const row = Math.floor(pixel / outWidth) % outHeight;
  const image = Math.floor(pixel / (outWidth * outHeight));
  for (let filterRow = 0; filterRow < info.filterHeight; filterRow++) {
    const inRow = row * info.strideHeight + filterRow - info.padInfo.top;
    if (inRow < 0 || inRow >= inHeight) continue;
    for (let filterColumn = 0; filterColumn < info.filterWidth; filterColumn++) {
      const inColumn = column * info.strideWidth + filterColumn - info.padInfo.left;
      if (inColumn < 0 || inColumn >= inWidth) continue;
      const from = ((image * inHeight + inRow) * inWidth + inColumn) * inChannels;
      const to = (filterRow * info.filterWidth + filterColumn) * inChannels * outChannels;
      for (let channel = 0; channel < inChannels; channel++) {
        const value = x[from + channel];
        // After a ReLU many are 0.
        if (value !== 0)
          addScaled(sums, to + channel * outChannels, dy, pixel * outChannels, outChannels, value);
      }
    }
  }
}

/**
 * Replaces tfjs' `Conv2DBackpropFilter` of the backend `cpu`; channels-first data, which Lenslet does not use, stays
 * with the kernel that was there.
 */
export function registerFilterGradient(tf: Tf): void {
  const key = { kernelName: 'Conv2DBackpropFilter', backendName: 'cpu' };
  const original = tf.getKernel(key.kernelName, key.backendName).kernelFunc;
  const kernelFunc: tfjs.KernelFunc = (call) => {
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } = call.attrs as unknown as Attributes;
    if (dataFormat === 'NCHW') return original(call);
    const { x, dy } = call.inputs as { x: tfjs.TensorInfo; dy: tfjs.TensorInfo };
    const backend = call.backend as CpuBackend;
    const shape = x.shape as [number, number, number, number];
    const info = tf.backend_util.computeConv2DInfo(shape, filterShape, strides, 1, pad, dimRoundingMode);
    const xValues = backend.data.get(x.dataId).values;
    const dyValues = backend.data.get(dy.dataId).values;
    // Sums over thousands of pixels: in doubles, as tfjs does it.
    const sums = new Float64Array(tf.util.sizeFromShape(filterShape));
    const pixels = info.batchSize * info.outHeight * info.outWidth;
    for (let pixel = 0; pixel < pixels; pixel++) addPixel(sums, xValues, dyValues, info, pixel);
    return backend.makeTensorInfo(filterShape, 'float32', Float32Array.from(sums));
  };
  tf.unregisterKernel(key.kernelName, key.backendName);
  tf.registerKernel({ ...key, kernelFunc });
}
