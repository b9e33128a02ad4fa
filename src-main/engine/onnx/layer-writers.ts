/** How each kind of layer is written. Adding one is adding its line here. */
import type { WriteLayer } from './layer-writer.ts';
import { writeActivation, writeReLU, writeSloped, writeSoftmax } from './write-activation.ts';
import {
  writeAverage,
  writeBatchNormalization,
  writeConcatenate,
  writeMerge,
  writeNormalization,
  writeRescaling,
} from './write-arithmetic.ts';
import { writeConvolution, writeDense, writeDepthwise, writeSeparable } from './write-convolution.ts';
import { writeCropping } from './write-cropping.ts';
import { writeLayerNormalization, writeLayerScale } from './write-normalized.ts';
import { writeOperation } from './write-operation.ts';
import {
  leaveOut,
  writeFlatten,
  writeGlobalPooling,
  writePooling,
  writeReshape,
  writeResizing,
  writeZeroPadding,
} from './write-pooling.ts';

/** By the class names of Keras. */
export const layerWriters: Readonly<Record<string, WriteLayer>> = {
  Conv2D: writeConvolution,
  GroupedConv2D: writeConvolution,
  DepthwiseConv2D: writeDepthwise,
  SeparableConv2D: writeSeparable,
  Dense: writeDense,
  BatchNormalization: writeBatchNormalization,
  Activation: writeActivation,
  ReLU: writeReLU,
  LeakyReLU: writeSloped('LeakyRelu', 0.3),
  ELU: writeSloped('Elu', 1),
  Softmax: writeSoftmax,
  MaxPooling2D: writePooling('MaxPool'),
  AveragePooling2D: writePooling('AveragePool'),
  GlobalMaxPooling2D: writeGlobalPooling('GlobalMaxPool'),
  GlobalAveragePooling2D: writeGlobalPooling('GlobalAveragePool'),
  ZeroPadding2D: writeZeroPadding,
  Cropping2D: writeCropping,
  Flatten: writeFlatten,
  Reshape: writeReshape,
  Resizing: writeResizing,
  UpSampling2D: writeResizing,
  LayerNormalization: writeLayerNormalization,
  LayerScale: writeLayerScale,
  Operation: writeOperation,
  Rescaling: writeRescaling,
  Normalization: writeNormalization,
  Add: writeMerge('Add'),
  Subtract: writeMerge('Sub'),
  Multiply: writeMerge('Mul'),
  Maximum: writeMerge('Max'),
  Minimum: writeMerge('Min'),
  Average: writeAverage,
  Concatenate: writeConcatenate,
  Dropout: leaveOut,
  SpatialDropout2D: leaveOut,
  GaussianNoise: leaveOut,
  GaussianDropout: leaveOut,
  AlphaDropout: leaveOut,
};
