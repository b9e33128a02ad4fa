/** Operations on tensors between layers. */
import { type LayerSite, type WriteLayer, channelsFirst, channelsLast, isMap } from './layer-writer.ts';

/** Nested lists of numbers, as files hold them. */
type Constant = number | Constant[];

const binary: Readonly<Record<string, string>> = {
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Mul',
  trueDivide: 'Div',
  power: 'Pow',
  maximum: 'Max',
  minimum: 'Min',
};

const unary: Readonly<Record<string, string>> = {
  negative: 'Neg',
  absolute: 'Abs',
  sqrt: 'Sqrt',
  log: 'Log',
};

const reductions: Readonly<Record<string, string>> = {
  mean: 'ReduceMean',
  max: 'ReduceMax',
  min: 'ReduceMin',
};

function sidesOfConstant(constant: Constant): number[] {
  return Array.isArray(constant) ? [constant.length, ...sidesOfConstant(constant[0])] : [];
}

/** Numbers of the file, in the layout of TensorFlow. */
function constantOf({ graph, layer }: LayerSite, constant: Constant): string {
  const values = Float32Array.from([constant].flat(8) as number[]);
  return graph.constant(`${layer.name}/constant`, sidesOfConstant(constant), values);
}

/** All operands in their order. */
function operandsOf(site: LayerSite, tensors: readonly string[]): string[] {
  let next = 0;
  return (site.config.operands as (Constant | null)[]).map((operand) =>
    operand === null ? tensors[next++] : constantOf(site, operand),
  );
}

/** Axes counted from the front. */
function axesOf({ config, inputShapes: [shape] }: LayerSite): number[] {
  const { axis } = config;
  const axes = axis === null || axis === undefined ? shape.map((_, place) => place) : [axis].flat();
  return axes.map((place) => (Number(place) < 0 ? Number(place) + shape.length : Number(place)));
}

/** A part of a tensor, axis after axis. @see src-main/engine/layers/tensor-item.ts */
function writeItem(site: LayerSite, value: string): string {
  const { graph, layer, config, inputShapes } = site;
  const name = `${layer.name}/part`;
  const entries = config.item as ('rest' | 'new' | number | (number | null)[])[];
  const taken = entries.filter((entry) => entry !== 'rest' && entry !== 'new').length;
  let axis = 0;
  let part = value;
  for (const entry of entries) {
    if (entry === 'rest') axis += inputShapes[0].length - taken;
    else if (entry === 'new')
      part = graph.add('Unsqueeze', name, [part, graph.integers(`${name}/axis`, [axis++])]);
    else if (typeof entry === 'number')
      part = graph.add('Gather', name, [part, graph.integer(`${name}/place`, entry)], { axis });
    else {
      const [start, stop, step] = entry;
      const by = step ?? 1;
      const bounds = [start ?? (by > 0 ? 0 : -1), stop ?? (by > 0 ? 2 ** 31 - 1 : -(2 ** 31)), axis, by];
      const named = bounds.map((bound, place) => graph.integers(`${name}/bound${place}`, [bound]));
      if (!entry.every((bound) => bound === null)) part = graph.add('Slice', name, [part, ...named]);
      axis++;
    }
  }
  return part;
}

/** The same numbers with a further axis of one place. */
function unsqueeze({ graph, layer }: LayerSite, value: string, axis: number): string {
  return graph.add('Unsqueeze', `${layer.name}/wide`, [value, graph.integers(`${layer.name}/axis`, [axis])]);
}

function compute(site: LayerSite, operands: readonly string[]): string {
  const { graph, layer, config, refuse } = site;
  const { name } = layer;
  const operation = String(config.operation);
  const [first, second] = operands;
  const keepdims = config.keepdims === true ? 1 : 0;
  if (operation in binary) return graph.add(binary[operation], name, operands);
  if (operation in unary) return graph.add(unary[operation], name, [first]);
  if (operation in reductions)
    return graph.add(reductions[operation], name, [first], { axes: axesOf(site), keepdims });
  switch (operation) {
    case 'addScaled': {
      const scale = graph.number(`${name}/scale`, Number(config.scale));
      return graph.add('Add', name, [first, graph.add('Mul', `${name}/scaled`, [second, scale])]);
    }
    case 'square':
      return graph.add('Mul', name, [first, first]);
    case 'rsqrt':
      return graph.add('Reciprocal', name, [graph.add('Sqrt', `${name}/root`, [first])]);
    case 'clip': {
      const ends = [config.lowest, config.highest].map((end, place) =>
        graph.number(`${name}/end${place}`, Number(end)),
      );
      return graph.add('Clip', name, [first, ...ends]);
    }
    case 'sum':
      return graph.add('ReduceSum', name, [first, graph.integers(`${name}/axes`, axesOf(site))], {
        keepdims,
      });
    case 'getItem':
      return writeItem(site, first);
    case 'stack': {
      const axis = Number(config.axis ?? 0);
      const layers = operands.map((operand) => unsqueeze(site, operand, axis));
      return graph.add('Concat', name, layers, { axis });
    }
    case 'expandDims':
      return unsqueeze(site, first, Number(config.axis));
    case 'squeeze':
      return graph.add('Squeeze', name, [first, graph.integers(`${name}/axes`, axesOf(site))]);
    default:
      throw refuse(`Operation ${operation}`);
  }
}

/** Operations on each number by itself, or on numbers at the same place. */
const pointwise = new Set([
  ...Object.keys(binary),
  ...Object.keys(unary),
  'addScaled',
  'square',
  'rsqrt',
  'clip',
]);

/** Computes it as TensorFlow lays tensors out, which matters to axes and to what is laid over what. */
export const writeOperation: WriteLayer = (site) => {
  const { graph, layer, config, inputs, inputShapes } = site;
  const constants = (config.operands as (Constant | null)[]).filter((operand) => operand !== null);
  const ranks = new Set([...inputShapes, layer.outputShape].map((shape) => shape.length));
  const anyLayout = ranks.size === 1 && constants.every((constant) => typeof constant === 'number');
  if (anyLayout && pointwise.has(String(config.operation))) return compute(site, operandsOf(site, inputs));
  const ordered = inputs.map((value, place) =>
    isMap(inputShapes[place]) ? channelsLast(graph, layer.name, value) : value,
  );
  const computed = compute(site, operandsOf(site, ordered));
  return isMap(layer.outputShape) ? channelsFirst(graph, `${layer.name}/map`, computed) : computed;
};
