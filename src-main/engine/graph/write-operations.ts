/** Each operation of a lowered network as nodes of TensorFlow. */
import type { Arithmetic, Function, Operation, Work } from '../lowering/operations.ts';
import { type Attribute, DataType, type GraphNodes } from './graph-nodes.ts';

/** Adds the nodes of an operation. @param inputs names of nodes. @returns the name of the node that is its output */
type WriteOperation<Kind extends Work['kind']> = (
  graph: GraphNodes,
  operation: Operation & { readonly work: Extract<Work, { kind: Kind }> },
  inputs: readonly string[],
) => string;

const float = { T: { type: DataType.DT_FLOAT } } as const;
const whole = { type: DataType.DT_INT32 } as const;
const last = { data_format: { text: 'NHWC' } } as const;

const functions: Readonly<Record<Function, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  elu: 'Elu',
  exp: 'Exp',
  log: 'Log',
  abs: 'Abs',
};

const arithmetic: Readonly<Record<Arithmetic, string>> = {
  add: 'AddV2',
  subtract: 'Sub',
  multiply: 'Mul',
  divide: 'RealDiv',
  maximum: 'Maximum',
  minimum: 'Minimum',
};

const everyMap = ([height, width]: readonly [number, number]): Attribute => ({
  wholes: [1, height, width, 1],
});

/** Adds a bias, where there is one, so that the last node has the operation's name. */
function withBias(
  graph: GraphNodes,
  name: string,
  bias: Float32Array | null,
  add: (name: string) => string,
): string {
  if (bias === null) return add(name);
  const product = add(`${name}/product`);
  const numbers = graph.constant(`${name}/bias`, [bias.length], bias);
  return graph.add('BiasAdd', name, [product, numbers], { ...float, ...last });
}

type Sliding = Extract<Work, { kind: 'convolution' | 'depthwise' }>;

function slide(graph: GraphNodes, operation: string, name: string, work: Sliding, input: string): string {
  const { kernel, bias, strides, dilations, padding } = work;
  const filter = graph.constant(`${name}/kernel`, kernel.shape, kernel.values);
  return withBias(graph, name, bias, (wanted) =>
    graph.add(operation, wanted, [input, filter], {
      ...float,
      ...last,
      strides: everyMap(strides),
      dilations: everyMap(dilations),
      padding: { text: padding.toUpperCase() },
    }),
  );
}

const writeDense: WriteOperation<'dense'> = (graph, { name, work: { kernel, bias } }, inputs) => {
  const factor = graph.constant(`${name}/kernel`, kernel.shape, kernel.values);
  return withBias(graph, name, bias, (wanted) =>
    graph.add('MatMul', wanted, [...inputs, factor], {
      ...float,
      transpose_a: { truth: false },
      transpose_b: { truth: false },
    }),
  );
};

const shapeOfNumbers = (values: Float32Array): number[] => (values.length === 1 ? [] : [values.length]);

const writeAffine: WriteOperation<'affine'> = (graph, { name, work: { scale, offset } }, [value]) => {
  const by = graph.constant(`${name}/scale`, shapeOfNumbers(scale), scale);
  const scaled = graph.add('Mul', `${name}/scaled`, [value, by], float);
  const more = graph.constant(`${name}/offset`, shapeOfNumbers(offset), offset);
  return graph.add('AddV2', name, [scaled, more], float);
};

const writeClip: WriteOperation<'clip'> = (graph, { name, work: { lowest, highest } }, [value]) => {
  const limit = (called: string, end: number): string =>
    graph.constant(`${name}/${called}`, [], Float32Array.of(end));
  const above = graph.add('Maximum', `${name}/above`, [value, limit('lowest', lowest)], float);
  return graph.add('Minimum', name, [above, limit('highest', highest)], float);
};

const writePool: WriteOperation<'pool'> = (graph, { name, work }, inputs) =>
  graph.add(work.operation === 'max' ? 'MaxPool' : 'AvgPool', name, inputs, {
    ...float,
    ...last,
    ksize: everyMap(work.size),
    strides: everyMap(work.strides),
    padding: { text: work.padding.toUpperCase() },
  });

const writeGlobalPool: WriteOperation<'global-pool'> = (
  graph,
  { name, work: { operation, keeps } },
  [value],
) =>
  graph.add(operation === 'max' ? 'Max' : 'Mean', name, [value, graph.integers(`${name}/axes`, [1, 2])], {
    ...float,
    Tidx: whole,
    keep_dims: { truth: keeps },
  });

const writePad: WriteOperation<'pad'> = (graph, { name, work: { rows, columns } }, [value]) => {
  const ends = Int32Array.of(0, 0, ...rows, ...columns, 0, 0);
  const paddings = graph.constant(`${name}/paddings`, [4, 2], ends);
  return graph.add('Pad', name, [value, paddings], { ...float, Tpaddings: whole });
};

const writeReshape: WriteOperation<'reshape'> = (graph, { name, shape }, [value]) =>
  graph.add('Reshape', name, [value, graph.integers(`${name}/shape`, [-1, ...shape])], {
    ...float,
    Tshape: whole,
  });

const writeResize: WriteOperation<'resize'> = (graph, { name, shape, work: { nearest } }, [value]) =>
  graph.add(
    nearest ? 'ResizeNearestNeighbor' : 'ResizeBilinear',
    name,
    [value, graph.integers(`${name}/size`, [shape[0], shape[1]])],
    { ...float, align_corners: { truth: false }, half_pixel_centers: { truth: true } },
  );

const writeConcatenate: WriteOperation<'concatenate'> = (graph, { name, work: { axis } }, inputs) =>
  graph.add('ConcatV2', name, [...inputs, graph.constant(`${name}/axis`, [], Int32Array.of(axis))], {
    ...float,
    N: { whole: inputs.length },
    Tidx: whole,
  });

const writers: { readonly [Kind in Work['kind']]: WriteOperation<Kind> } = {
  convolution: (graph, { name, work }, [value]) => slide(graph, 'Conv2D', name, work, value),
  depthwise: (graph, { name, work }, [value]) => slide(graph, 'DepthwiseConv2dNative', name, work, value),
  dense: writeDense,
  affine: writeAffine,
  function: (graph, { name, work }, inputs) => graph.add(functions[work.function], name, inputs, float),
  'leaky-relu': (graph, { name, work }, inputs) =>
    graph.add('LeakyRelu', name, inputs, { ...float, alpha: { number: work.slope } }),
  clip: writeClip,
  softmax: (graph, { name }, inputs) => graph.add('Softmax', name, inputs, float),
  'log-softmax': (graph, { name }, inputs) => graph.add('LogSoftmax', name, inputs, float),
  pool: writePool,
  'global-pool': writeGlobalPool,
  pad: writePad,
  reshape: writeReshape,
  resize: writeResize,
  arithmetic: (graph, { name, work }, inputs) => graph.add(arithmetic[work.operation], name, inputs, float),
  concatenate: writeConcatenate,
};

/** Adds the nodes of an operation. @returns the name of the node that is its output */
export function writeOperation(graph: GraphNodes, operation: Operation, inputs: readonly string[]): string {
  const write = writers[operation.work.kind] as WriteOperation<Work['kind']>;
  return write(graph, operation, inputs);
}
