/** The layer table of a model: what `model.summary()` prints in Keras, and what each layer costs. */
import type * as tfjs from '@tensorflow/tfjs';
import type { LayerRow, ModelSummary } from '../../contract/app/model-summary.ts';

type Layer = tfjs.layers.Layer;
type Shape = (number | null)[];

/** What goes into and comes out of a layer where it is used. */
interface Use {
  readonly input: Shape;
  readonly output: Shape;
}

/** Kernel size, filters and the like, as far as a layer has them. */
interface LayerConfig {
  readonly kernelSize?: number | number[];
  readonly depthMultiplier?: number;
}

/** Counts parameters, shapes and multiplications of every layer. Sequential models show no input layer, as in Keras. */
export function summarise(model: tfjs.LayersModel): ModelSummary {
  const uses = usesIn(model);
  const layers = model.layers
    .filter((layer) => !(model.getClassName() === 'Sequential' && layer.getClassName() === 'InputLayer'))
    .map((layer) => layerRow(layer, uses.get(layer) ?? [ownUse(layer)]));
  const trainable = model.trainableWeights;
  return {
    layers,
    params: layers.reduce((sum, row) => sum + row.params, 0),
    trainableParams: trainable.reduce((sum, weight) => sum + size(weight.shape), 0),
    trainableWeights: trainable.length,
    unfrozenWeights: countUnfrozen(model),
    multiplications: layers.reduce((sum, row) => sum + row.multiplications, 0),
  };
}

/** Weight tensors that training may change unless they are frozen: all but running means and the like. */
function countUnfrozen(layer: Layer): number {
  if ('layers' in layer)
    return (layer.layers as Layer[]).reduce((sum, inner) => sum + countUnfrozen(inner), 0);
  // tfjs shows them to its own layers only; `trainableWeights` leaves out what is frozen now.
  return (Reflect.get(layer, '_trainableWeights') as unknown[]).length;
}

/**
 * One row of the table. A network used as a layer counts with all that is in it; a layer used several times has its
 * parameters once, the shape of its last use, and the multiplications of all.
 */
export function layerRow(layer: Layer, uses: readonly Use[]): LayerRow {
  const inner = 'layers' in layer ? summarise(layer as tfjs.LayersModel).multiplications : null;
  return {
    name: layer.name,
    type: layer.getClassName(),
    outputShape: uses.at(-1)!.output,
    params: layer.countParams(),
    trainable: layer.trainable,
    trainableParams: layer.trainableWeights.reduce((sum, weight) => sum + size(weight.shape), 0),
    trainableWeights: layer.trainableWeights.length,
    unfrozenWeights: countUnfrozen(layer),
    multiplications: uses.reduce(
      (sum, { input, output }) => sum + (inner ?? multiplications(layer, input, output)),
      0,
    ),
  };
}

/** Where a model uses each of its layers, in order; what nested networks use is theirs. */
function usesIn(model: tfjs.LayersModel): Map<Layer, Use[]> {
  const calls = new Map<Layer, Map<number, Use>>();
  const open = [...model.outputs];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    const { sourceLayer, nodeIndex } = tensor;
    const known = calls.get(sourceLayer) ?? new Map<number, Use>();
    calls.set(sourceLayer, known);
    if (known.has(nodeIndex)) continue;
    const { inputTensors, outputTensors } = sourceLayer.inboundNodes[nodeIndex];
    const output = outputTensors[0].shape;
    known.set(nodeIndex, { input: inputTensors.at(0)?.shape ?? output, output });
    open.push(...inputTensors);
  }
  return new Map(
    [...calls].map(([layer, uses]) => [layer, [...uses].sort(([a], [b]) => a - b).map(([, use]) => use)]),
  );
}

/**
 * The use of a layer that none of the model's tensors come from: a network at the beginning of a stack, which goes on
 * from that network's own output.
 */
function ownUse(layer: Layer): Use {
  const { inputTensors, outputTensors } = layer.inboundNodes[0];
  return { input: inputTensors[0].shape, output: outputTensors[0].shape };
}

function size(shape: Shape): number {
  return shape.reduce<number>((product, side) => product * (side ?? 1), 1);
}

function pair(value: number | number[] | undefined): [number, number] {
  if (Array.isArray(value)) return [value[0], value[1] ?? value[0]];
  return [value ?? 1, value ?? 1];
}

/**
 * Multiplications for one image. Dense: outputs · inputs. Convolution: filters · output height · output width ·
 * (filter height · filter width · input channels). Depthwise: each output from one channel. Other layers, which
 * only compare, add or rescale, count as none.
 */
function multiplications(layer: Layer, input: Shape, output: Shape): number {
  const config = camelCase(layer.getConfig()) as LayerConfig;
  const [height, width] = pair(config.kernelSize);
  const inputChannels = input.at(-1) ?? 1;
  switch (layer.getClassName()) {
    case 'Dense':
      return size(output) * inputChannels;
    case 'Conv2D':
      return size(output) * height * width * inputChannels;
    case 'DepthwiseConv2D':
      return size(output) * height * width;
    case 'SeparableConv2D': {
      const places = size(output) / (output.at(-1) ?? 1);
      const middle = inputChannels * (config.depthMultiplier ?? 1);
      return places * middle * height * width + size(output) * middle;
    }
    default:
      return 0;
  }
}

/** tfjs' `getConfig` uses camel case for what it made itself and may keep snake case for what it loaded. */
function camelCase(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

/** Measured on the lesson's convnet at batch sizes 20 to 120: 16 to 18 bytes for each value of a layer's output. */
const trainingBytesPerValue = 18;

/**
 * Estimated working memory of one image in a training step, in bytes: every layer's output is kept for the gradient,
 * its gradient is as large, and some of both are held twice.
 */
export function trainingBytesPerImage(summary: ModelSummary): number {
  const values = summary.layers.reduce((sum, row) => sum + size(row.outputShape), 0);
  return values * trainingBytesPerValue;
}
