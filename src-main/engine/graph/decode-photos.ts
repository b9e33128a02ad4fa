/** Photos as files, decoded inside a graph of TensorFlow. */
import { DataType, GraphNodes } from './graph-nodes.ts';
import type { GraphFunction } from './saved-model.ts';

/** The node that takes the bytes of files: `[batch]`, text. */
export const bytesInput = 'image_bytes';

const functionName = 'decode_photo';
const bytes = DataType.DT_UINT8;
const float = DataType.DT_FLOAT;

/** The bytes of one JPEG, PNG, GIF or BMP as pixels of the network's size: squashed, as a triangle filter does it. */
function decodePhoto([height, width, channels]: readonly number[]): GraphFunction {
  const graph = new GraphNodes();
  const type = (of: DataType) => ({ T: { type: of } });
  const index = { Index: { type: DataType.DT_INT32 } };
  graph.add('DecodeImage', 'decoded', ['file'], {
    channels: { whole: channels },
    dtype: { type: bytes },
    expand_animations: { truth: false },
  });
  const decoded = 'decoded:image:0';
  graph.constant('first', [], Int32Array.of(0));
  graph.add('ExpandDims', 'batch', [decoded, 'first:output:0'], {
    ...type(bytes),
    Tdim: { type: DataType.DT_INT32 },
  });
  graph.add('Shape', 'shape', [decoded], { ...type(bytes), out_type: { type: DataType.DT_INT32 } });
  graph.integers('begin', [0]);
  graph.integers('two', [2]);
  graph.add('Slice', 'sides', ['shape:output:0', 'begin:output:0', 'two:output:0'], {
    ...type(DataType.DT_INT32),
    ...index,
  });
  graph.add('Cast', 'sides_float', ['sides:output:0'], {
    SrcT: { type: DataType.DT_INT32 },
    DstT: { type: float },
    Truncate: { truth: false },
  });
  graph.integers('size', [height, width]);
  graph.constant('size_float', [2], Float32Array.of(height, width));
  graph.add('RealDiv', 'scale', ['size_float:output:0', 'sides_float:y:0'], type(float));
  graph.constant('translation', [2], Float32Array.of(0, 0));
  graph.add(
    'ScaleAndTranslate',
    'resized',
    ['batch:output:0', 'size:output:0', 'scale:z:0', 'translation:output:0'],
    { ...type(bytes), kernel_type: { text: 'triangle' }, antialias: { truth: true } },
  );
  graph.add('Round', 'rounded', ['resized:resized_images:0'], type(float));
  graph.add('Cast', 'pixels', ['rounded:y:0'], {
    SrcT: { type: float },
    DstT: { type: bytes },
    Truncate: { truth: false },
  });
  graph.add('Squeeze', 'one', ['pixels:y:0'], { ...type(bytes), squeeze_dims: { wholes: [0] } });
  return {
    name: functionName,
    input: { name: 'file', type: DataType.DT_STRING },
    output: { name: 'image', type: bytes },
    nodes: graph.nodes,
    value: 'one:output:0',
  };
}

/**
 * Adds an input of files, and their pixels.
 * @param shape of the pixels of one image
 * @returns the node of the pixels, and the function that the graph calls
 */
export function writeDecoding(
  graph: GraphNodes,
  shape: readonly number[],
): { pixels: string; function: GraphFunction } {
  const files = graph.placeholder(bytesInput, DataType.DT_STRING, [-1]);
  const pixels = graph.add('MapDefun', 'decoded_photos', [files], {
    Targuments: { types: [DataType.DT_STRING] },
    Tcaptured: { types: [] },
    output_types: { types: [bytes] },
    output_shapes: { shapes: [shape] },
    f: { function: functionName },
    max_intra_op_parallelism: { whole: 1 },
  });
  return { pixels, function: decodePhoto(shape) };
}
