/**
 * What of LiteRT's file format is written: fields with their slots and defaults, and numbers of what is named. The
 * facts are those of `schema.fbs` (https://github.com/google-ai-edge/LiteRT, Apache License 2.0); a test compares them
 * with the module that `ai-edge-litert` carries for Python.
 */
import { type Field, type Schema, fields } from './flatbuffer-tables.ts';

const {
  bool,
  bytes,
  float32,
  floats,
  int32,
  int8,
  integers,
  longs,
  table,
  tables,
  text,
  uint32,
  uint8,
  union,
} = fields;

/** What operations with a window have in common, from a slot on. */
const strides = { strideW: int32(1), strideH: int32(2) };
const fused = (slot: number): Record<string, Field> => ({ fusedActivationFunction: int8(slot) });

/** The tables of a model. */
export const litertSchema = {
  Model: {
    version: uint32(0),
    operatorCodes: tables(1, 'OperatorCode'),
    subgraphs: tables(2, 'SubGraph'),
    description: text(3),
    buffers: tables(4, 'Buffer'),
    metadata: tables(6, 'Metadata'),
    signatureDefs: tables(7, 'SignatureDef'),
  },
  OperatorCode: { deprecatedBuiltinCode: int8(0), version: int32(2, 1), builtinCode: int32(3) },
  SubGraph: {
    tensors: tables(0, 'Tensor'),
    inputs: integers(1),
    outputs: integers(2),
    operators: tables(3, 'Operator'),
    name: text(4),
  },
  Tensor: {
    shape: integers(0),
    type: int8(1),
    buffer: uint32(2),
    name: text(3),
    quantization: table(4, 'QuantizationParameters'),
  },
  QuantizationParameters: { scale: floats(2), zeroPoint: longs(3), quantizedDimension: int32(6) },
  Buffer: { data: bytes(0) },
  Operator: {
    opcodeIndex: uint32(0),
    inputs: integers(1),
    outputs: integers(2),
    builtinOptionsType: uint8(3),
    builtinOptions: union(4),
  },
  Metadata: { name: text(0), buffer: uint32(1) },
  SignatureDef: {
    inputs: tables(0, 'TensorMap'),
    outputs: tables(1, 'TensorMap'),
    signatureKey: text(2),
    subgraphIndex: uint32(4),
  },
  TensorMap: { name: text(0), tensorIndex: uint32(1) },
  Conv2DOptions: {
    padding: int8(0),
    ...strides,
    ...fused(3),
    dilationWFactor: int32(4, 1),
    dilationHFactor: int32(5, 1),
  },
  DepthwiseConv2DOptions: {
    padding: int8(0),
    ...strides,
    depthMultiplier: int32(3),
    ...fused(4),
    dilationWFactor: int32(5, 1),
    dilationHFactor: int32(6, 1),
  },
  Pool2DOptions: {
    padding: int8(0),
    ...strides,
    filterWidth: int32(3),
    filterHeight: int32(4),
    ...fused(5),
  },
  FullyConnectedOptions: fused(0),
  SoftmaxOptions: { beta: float32(0) },
  ConcatenationOptions: { axis: int32(0), ...fused(1) },
  AddOptions: fused(0),
  SubOptions: fused(0),
  MulOptions: fused(0),
  DivOptions: fused(0),
  ReshapeOptions: { newShape: integers(0) },
  ResizeBilinearOptions: { alignCorners: bool(2), halfPixelCenters: bool(3) },
  ResizeNearestNeighborOptions: { alignCorners: bool(0), halfPixelCenters: bool(1) },
  LeakyReluOptions: { alpha: float32(0) },
  ReducerOptions: { keepDims: bool(0) },
} satisfies Schema;

/** The kinds of options, as a field says which one follows. */
export const BuiltinOptions = {
  Conv2DOptions: 1,
  DepthwiseConv2DOptions: 2,
  Pool2DOptions: 5,
  FullyConnectedOptions: 8,
  SoftmaxOptions: 9,
  ConcatenationOptions: 10,
  AddOptions: 11,
  ResizeBilinearOptions: 15,
  ReshapeOptions: 17,
  MulOptions: 21,
  ReducerOptions: 27,
  SubOptions: 28,
  DivOptions: 29,
  ResizeNearestNeighborOptions: 74,
  LeakyReluOptions: 75,
} as const;

/** The operations. */
export const BuiltinOperator = {
  ADD: 0,
  AVERAGE_POOL_2D: 1,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEQUANTIZE: 6,
  FULLY_CONNECTED: 9,
  LOGISTIC: 14,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RELU6: 21,
  RESHAPE: 22,
  RESIZE_BILINEAR: 23,
  SOFTMAX: 25,
  TANH: 28,
  PAD: 34,
  MEAN: 40,
  SUB: 41,
  DIV: 42,
  EXP: 47,
  LOG_SOFTMAX: 50,
  MAXIMUM: 55,
  MINIMUM: 57,
  LOG: 73,
  REDUCE_MAX: 82,
  RESIZE_NEAREST_NEIGHBOR: 97,
  LEAKY_RELU: 98,
  ABS: 101,
  ELU: 111,
  QUANTIZE: 114,
} as const;

/** The types of numbers. */
export const TensorType = { FLOAT32: 0, FLOAT16: 1, INT32: 2, UINT8: 3, INT8: 9 } as const;

export const Padding = { same: 0, valid: 1 } as const;

/** What an operation may do to its result by itself. */
export const ActivationFunctionType = { NONE: 0, RELU: 1, RELU6: 3 } as const;
