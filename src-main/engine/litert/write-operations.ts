/** Each operation of a lowered network as operations of LiteRT. */
import type { Arithmetic, Function, Work } from '../lowering/operations.ts';
import type { TensorIndex } from './litert-graph.ts';
import type { OperationSite, WriteOperation } from './operation-site.ts';
import type { BuiltinOperator } from './schema.ts';
import { fusedIn, slidingOptions, writeConvolution, writeDense, writeDepthwise } from './write-sliding.ts';

type Kind = keyof typeof BuiltinOperator;

const functions: Readonly<Record<Function, Kind>> = {
  relu: 'RELU',
  relu6: 'RELU6',
  sigmoid: 'LOGISTIC',
  tanh: 'TANH',
  elu: 'ELU',
  exp: 'EXP',
  log: 'LOG',
  abs: 'ABS',
};

const arithmetic: Readonly<Record<Arithmetic, Kind>> = {
  add: 'ADD',
  subtract: 'SUB',
  multiply: 'MUL',
  divide: 'DIV',
  maximum: 'MAXIMUM',
  minimum: 'MINIMUM',
};

const arithmeticOptions: Partial<
  Record<Arithmetic, 'AddOptions' | 'SubOptions' | 'MulOptions' | 'DivOptions'>
> = { add: 'AddOptions', subtract: 'SubOptions', multiply: 'MulOptions', divide: 'DivOptions' };

const shapeOfNumbers = (values: Float32Array): number[] => (values.length === 1 ? [] : [values.length]);

const writeAffine: WriteOperation<'affine'> = (site) => {
  const { graph, operation, inputs } = site;
  const { scale, offset } = operation.work;
  const by = site.numbers('scale', shapeOfNumbers(scale), scale);
  const scaled = graph.operator('MUL', [inputs[0], by], site.between('scaled'), {
    table: 'MulOptions',
    row: {},
  });
  const more = site.numbers('offset', shapeOfNumbers(offset), offset);
  const row = { fusedActivationFunction: fusedIn(operation) };
  return graph.operator('ADD', [scaled, more], site.output(), { table: 'AddOptions', row });
};

const writeClip: WriteOperation<'clip'> = (site) => {
  const { graph, inputs } = site;
  const { lowest, highest } = site.operation.work;
  const limit = (called: string, end: number): TensorIndex => site.numbers(called, [], Float32Array.of(end));
  const above = graph.operator('MAXIMUM', [inputs[0], limit('lowest', lowest)], site.between('above'));
  return graph.operator('MINIMUM', [above, limit('highest', highest)], site.output());
};

const writePool: WriteOperation<'pool'> = (site) => {
  const { work } = site.operation;
  const [filterHeight, filterWidth] = work.size;
  const row = { ...slidingOptions(work), filterWidth, filterHeight };
  const kind = work.operation === 'max' ? 'MAX_POOL_2D' : 'AVERAGE_POOL_2D';
  const options = { table: 'Pool2DOptions', row } as const;
  return site.graph.operator(kind, site.inputs, site.output(), options, site.version(1, 2));
};

const writeGlobalPool: WriteOperation<'global-pool'> = (site) => {
  const { operation, keeps } = site.operation.work;
  const axes = site.integers('axes', [2], [1, 2]);
  const options = { table: 'ReducerOptions', row: { keepDims: keeps } } as const;
  const kind = operation === 'max' ? 'REDUCE_MAX' : 'MEAN';
  return site.graph.operator(kind, [site.inputs[0], axes], site.output(), options, site.version(1, 2));
};

const writePad: WriteOperation<'pad'> = (site) => {
  const { rows, columns } = site.operation.work;
  const paddings = site.integers('paddings', [4, 2], [0, 0, ...rows, ...columns, 0, 0]);
  return site.graph.operator('PAD', [site.inputs[0], paddings], site.output(), null, site.version(1, 2));
};

const writeReshape: WriteOperation<'reshape'> = (site) => {
  const newShape = [-1, ...site.operation.shape];
  const shape = site.integers('shape', [newShape.length], newShape);
  const options = { table: 'ReshapeOptions', row: { newShape } } as const;
  return site.graph.operator('RESHAPE', [site.inputs[0], shape], site.output(), options);
};

const writeResize: WriteOperation<'resize'> = (site) => {
  const { work, shape } = site.operation;
  const size = site.integers('size', [2], shape.slice(0, 2));
  const [kind, table] = work.nearest
    ? (['RESIZE_NEAREST_NEIGHBOR', 'ResizeNearestNeighborOptions'] as const)
    : (['RESIZE_BILINEAR', 'ResizeBilinearOptions'] as const);
  const row = { alignCorners: false, halfPixelCenters: true };
  return site.graph.operator(kind, [site.inputs[0], size], site.output(), { table, row }, 3);
};

const writeArithmetic: WriteOperation<'arithmetic'> = (site) => {
  const { operation } = site.operation.work;
  const table = arithmeticOptions[operation];
  const options = table === undefined ? null : { table, row: {} };
  return site.graph.operator(arithmetic[operation], site.inputs, site.output(), options, site.version(1, 2));
};

const writeConcatenate: WriteOperation<'concatenate'> = (site) => {
  const { axis } = site.operation.work;
  const options = { table: 'ConcatenationOptions', row: { axis } } as const;
  return site.graph.operator('CONCATENATION', site.inputs, site.output(), options, site.version(1, 2));
};

const writers: { readonly [Name in Work['kind']]: WriteOperation<Name> } = {
  convolution: writeConvolution,
  depthwise: writeDepthwise,
  dense: writeDense,
  affine: writeAffine,
  function: (site) => {
    const kind = functions[site.operation.work.function];
    return site.graph.operator(kind, site.inputs, site.output(), null, site.version(1, 2));
  },
  'leaky-relu': (site) => {
    const options = { table: 'LeakyReluOptions', row: { alpha: site.operation.work.slope } } as const;
    return site.graph.operator('LEAKY_RELU', site.inputs, site.output(), options);
  },
  clip: writeClip,
  softmax: (site) => {
    const options = { table: 'SoftmaxOptions', row: { beta: 1 } } as const;
    return site.graph.operator('SOFTMAX', site.inputs, site.output(), options);
  },
  'log-softmax': (site) => site.graph.operator('LOG_SOFTMAX', site.inputs, site.output()),
  pool: writePool,
  'global-pool': writeGlobalPool,
  pad: writePad,
  reshape: writeReshape,
  resize: writeResize,
  arithmetic: writeArithmetic,
  concatenate: writeConcatenate,
};

/** Adds the operations that one operation comes to. @returns the tensor of its result */
export function writeOperation(site: OperationSite): TensorIndex {
  return (writers[site.operation.work.kind] as WriteOperation<Work['kind']>)(site);
}
