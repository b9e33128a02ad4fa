/** The receptive field of a value of a deep layer, and the cost of a stack of layers. */
import { type Padding, planAxis } from './convolution.ts';

/** A convolution or pooling layer with a square window. */
export interface StackLayer {
  readonly kind: 'conv' | 'pool';
  /** Side of the filter or window. */
  readonly size: number;
  readonly stride: number;
  readonly padding: Padding;
  /** Filters; pooling keeps the channels it is given. */
  readonly filters: number;
}

/** A layer with what follows from those before it. */
export interface StackStage {
  readonly layer: StackLayer;
  /** Side and channels of the feature map; side 0 when the layer no longer fits. */
  readonly side: number;
  readonly channels: number;
  readonly parameters: number;
  /** Side of the square of input pixels that one value sees. */
  readonly field: number;
  /** Input pixels between two neighbouring values. */
  readonly jump: number;
  /** First input pixel that value 0 sees; negative inside a border of zeros. */
  readonly start: number;
}

/**
 * Follows a stack from the input on. Receptive field: f ← f + (size − 1) · jump, jump ← jump · stride
 * (Araujo et al., "Computing receptive fields of convolutional neural networks", Distill 2019).
 * @param side side of the square input in pixels
 * @param channels of the input, e.g. 3
 */
export function followStack(side: number, channels: number, layers: readonly StackLayer[]): StackStage[] {
  let before = { side, channels, field: 1, jump: 1, start: 0 };
  return layers.map((layer) => {
    const plan = planAxis(before.side, layer.size, layer.stride, layer.padding);
    const out = layer.kind === 'conv' ? layer.filters : before.channels;
    const stage: StackStage = {
      layer,
      side: before.side === 0 ? 0 : plan.output,
      channels: out,
      parameters: layer.kind === 'conv' ? convParameters(layer.size, before.channels, out) : 0,
      field: before.field + (layer.size - 1) * before.jump,
      jump: before.jump * layer.stride,
      start: before.start - plan.before * before.jump,
    };
    before = stage;
    return stage;
  });
}

/** Input pixels from `from` to before `to`, cut at the edges of the input. */
export interface PixelSpan {
  readonly from: number;
  readonly to: number;
}

/** The input pixels along one side that value `unit` of a stage sees. */
export function fieldOf(stage: StackStage, unit: number, side: number): PixelSpan {
  const from = stage.start + unit * stage.jump;
  return { from: Math.max(0, from), to: Math.min(side, from + stage.field) };
}

/** The values of stage `of` along one side that value `unit` of stage `seenBy` depends on. `of` −1: the input. */
export function dependsOn(
  stages: readonly StackStage[],
  seenBy: number,
  unit: number,
  of: number,
): PixelSpan {
  let [from, to] = [unit, unit + 1];
  for (let at = seenBy; at > of; at--) {
    const { layer } = stages[at];
    const before =
      at === 0 ? stages[0].start : (stages[at].start - stages[at - 1].start) / stages[at - 1].jump;
    from = from * layer.stride + before;
    to = (to - 1) * layer.stride + before + layer.size;
    if (at > 0) [from, to] = [Math.max(0, from), Math.min(stages[at - 1].side, to)];
  }
  return { from, to };
}

/** Weights and one bias a filter: size² · channels · filters + filters. */
export function convParameters(size: number, channels: number, filters: number): number {
  return size * size * channels * filters + filters;
}

/** Weights and one bias an output: inputs · outputs + outputs. */
export function denseParameters(inputs: number, outputs: number): number {
  return inputs * outputs + outputs;
}

/** Multiplications of a dense layer: images · outputs · inputs. */
export function denseMultiplications(images: number, outputs: number, inputs: number): number {
  return images * outputs * inputs;
}

/** The sizes that a convolution's cost depends on. */
export interface ConvCost {
  readonly images: number;
  readonly filters: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly inputChannels: number;
}

/** Multiplications of a convolution: images · filters · output height · width · (filter height · width · channels). */
export function convMultiplications(cost: ConvCost): number {
  return (
    cost.images *
    cost.filters *
    cost.outputHeight *
    cost.outputWidth *
    (cost.filterHeight * cost.filterWidth * cost.inputChannels)
  );
}
