/**
 * A layers model seen as one flat list of layers, nested models opened, whose values can be had at every layer. tfjs
 * itself gives only what a model was made to put out, and nothing of the models inside it.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { layerUnknown } from './layer-errors.ts';
import { tensorName } from './layer-names.ts';

type Layer = tfjs.layers.Layer;
type Symbolic = tfjs.SymbolicTensor;
export type Shape = (number | null)[];

/** A model used as a layer of another one. */
interface Opening {
  readonly model: tfjs.LayersModel;
  /** Which of its calls. */
  readonly call: number;
}

/** One layer of the flat list. */
export interface NetworkLayer {
  /** Unique in the network: the layer's own name, with the nested model's before it where another has the same. */
  readonly name: string;
  readonly type: string;
  readonly layer: Layer;
  /** Name of the nested model that it is part of. */
  readonly within: string | null;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly inputs: readonly NetworkLayer[];
  /** The way to it from the outermost model. */
  readonly openings: readonly Opening[];
  readonly output: Symbolic;
}

/** True for a model, which as a layer of another one is opened. */
function isModel(layer: Layer): layer is tfjs.LayersModel {
  return Array.isArray((layer as Partial<tfjs.LayersModel>).layers);
}

function callOf(output: Symbolic) {
  return output.sourceLayer.inboundNodes[output.nodeIndex];
}

/** The flat list of a model's layers, each after those it takes its input from. Input layers are left out. */
export class Network {
  readonly model: tfjs.LayersModel;
  readonly layers: readonly NetworkLayer[];
  /** The layer whose output is the model's. */
  readonly last: NetworkLayer;

  constructor(model: tfjs.LayersModel) {
    this.model = model;
    const flattening = new Flattening(homes(model));
    this.last = flattening.source(model.outputs[0], [], null)!;
    this.layers = named(flattening.found);
  }

  /** The layer of this name; `model/layer` works too. @throws AppError MODEL_LAYER_UNKNOWN with the nearest names */
  find(name: string): NetworkLayer {
    const wanted = tensorName(name);
    const found = this.layers.find(
      (layer) =>
        [name, wanted].includes(layer.name) || `${layer.within ?? ''}/${layer.layer.name}` === wanted,
    );
    if (found !== undefined) return found;
    throw layerUnknown(
      name,
      this.layers.map((layer) => layer.name),
    );
  }

  /**
   * A walk through the network with the given input. Part of traced programs.
   * @param images `[batch, height, width, channels]`, preprocessed; any height and width that the layers bear
   * @param given outputs to use in place of what layers would compute
   */
  walk(images: tfjs.Tensor, given: ReadonlyMap<NetworkLayer, tfjs.Tensor> = new Map()): Walk {
    return new Walk(this.model, images, given);
  }

  /** The layers that a layer's output depends on, itself included, in order. */
  upTo(layer: NetworkLayer): NetworkLayer[] {
    const needed = new Set<NetworkLayer>();
    const open = [layer];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (needed.has(next)) continue;
      needed.add(next);
      open.push(...next.inputs);
    }
    return this.layers.filter((one) => needed.has(one));
  }
}

/**
 * The nested model that each layer is part of. Not told by the way there: a stack that begins with a model goes on from
 * that model's own output, as if its layers were the stack's.
 */
function homes(model: tfjs.LayersModel, found = new Map<Layer, string>()): Map<Layer, string> {
  for (const inner of model.layers.filter(isModel)) {
    for (const layer of inner.layers) found.set(layer, inner.name);
    homes(inner, found);
  }
  return found;
}

/** Finds all layers behind an output, in the order in which they are computed. */
class Flattening {
  readonly found: NetworkLayer[] = [];
  readonly #homes: ReadonlyMap<Layer, string>;
  readonly #known = new Map<Symbolic, NetworkLayer | null>();

  /** @param homes the nested model of each layer that is in one */
  constructor(homes: ReadonlyMap<Layer, string>) {
    this.#homes = homes;
  }

  /**
   * The layer that makes a tensor.
   * @param begin what a nested model's inputs come from; null for the outermost model
   * @returns null for the network's own input
   */
  source(
    output: Symbolic,
    openings: readonly Opening[],
    begin: ((input: Symbolic) => NetworkLayer | null) | null,
  ): NetworkLayer | null {
    const known = this.#known.get(output);
    if (known !== undefined) return known;
    const made = this.#make(output, openings, begin);
    this.#known.set(output, made);
    return made;
  }

  #make(
    output: Symbolic,
    openings: readonly Opening[],
    begin: ((input: Symbolic) => NetworkLayer | null) | null,
  ): NetworkLayer | null {
    const layer = output.sourceLayer;
    const inputs = callOf(output).inputTensors;
    if (inputs.length === 0 || layer.getClassName() === 'InputLayer') return begin?.(output) ?? null;
    const outer = inputs.map((input) => this.source(input, openings, begin));
    if (isModel(layer)) {
      const opening = { model: layer, call: output.nodeIndex };
      const inside = (input: Symbolic): NetworkLayer | null => outer[layer.inputs.indexOf(input)] ?? null;
      return this.source(layer.outputs[output.outputTensorIndex ?? 0], [...openings, opening], inside);
    }
    const entry: NetworkLayer = {
      name: layer.name,
      type: layer.getClassName(),
      layer,
      within: this.#homes.get(layer) ?? null,
      inputShape: inputs[0].shape,
      outputShape: output.shape,
      inputs: outer.filter((one) => one !== null),
      openings,
      output,
    };
    this.found.push(entry);
    return entry;
  }
}

/** Gives layers of the same name in different nested models, and the later uses of one layer, names of their own. */
function named(layers: NetworkLayer[]): NetworkLayer[] {
  const holders = new Map<string, Set<Layer>>();
  for (const { name, layer } of layers) holders.set(name, (holders.get(name) ?? new Set()).add(layer));
  const uses = new Map<string, number>();
  for (const layer of layers) {
    const shared = holders.get(layer.name)!.size > 1 && layer.within !== null;
    const name = shared ? `${layer.within}/${layer.name}` : layer.name;
    const use = (uses.get(name) ?? 0) + 1;
    uses.set(name, use);
    Object.assign(layer, { name: use === 1 ? name : `${name} (${use})` });
  }
  return layers;
}

/** The values of one model for one input; each is computed when it is first needed. */
class Frame {
  readonly #values = new Map<Symbolic, tfjs.Tensor>();
  readonly #inner = new Map<tfjs.LayersModel, Map<number, Frame>>();
  readonly #input: (input: Symbolic) => tfjs.Tensor;
  readonly #given: ReadonlyMap<Symbolic, tfjs.Tensor>;

  constructor(input: (input: Symbolic) => tfjs.Tensor, given: ReadonlyMap<Symbolic, tfjs.Tensor>) {
    this.#input = input;
    this.#given = given;
  }

  value(output: Symbolic): tfjs.Tensor {
    const known = this.#given.get(output) ?? this.#values.get(output);
    if (known !== undefined) return known;
    const value = this.#compute(output);
    this.#values.set(output, value);
    return value;
  }

  /** The frame of a model inside this one. */
  open({ model, call }: Opening): Frame {
    const calls = this.#inner.get(model) ?? new Map<number, Frame>();
    this.#inner.set(model, calls);
    const known = calls.get(call);
    if (known !== undefined) return known;
    const inputs = model.inboundNodes[call].inputTensors;
    const frame = new Frame((input) => this.value(inputs[model.inputs.indexOf(input)]), this.#given);
    calls.set(call, frame);
    return frame;
  }

  #compute(output: Symbolic): tfjs.Tensor {
    const layer = output.sourceLayer;
    const { inputTensors } = callOf(output);
    if (inputTensors.length === 0 || layer.getClassName() === 'InputLayer') return this.#input(output);
    const place = output.outputTensorIndex ?? 0;
    if (isModel(layer)) {
      return this.open({ model: layer, call: output.nodeIndex }).value(layer.outputs[place]);
    }
    const inputs = inputTensors.map((input) => this.value(input));
    const result = layer.apply(inputs.length === 1 ? inputs[0] : inputs, { training: false });
    return (Array.isArray(result) ? result[place] : result) as tfjs.Tensor;
  }
}

/** One pass through a network. Computes the requested values and what they need, each once. */
export class Walk {
  readonly #frame: Frame;
  readonly #model: tfjs.LayersModel;

  constructor(model: tfjs.LayersModel, images: tfjs.Tensor, given: ReadonlyMap<NetworkLayer, tfjs.Tensor>) {
    this.#model = model;
    const tensors = new Map([...given].map(([layer, tensor]) => [layer.output, tensor]));
    this.#frame = new Frame(() => images, tensors);
  }

  /** The output of a layer. */
  value(layer: NetworkLayer): tfjs.Tensor {
    const frame = layer.openings.reduce((outer, opening) => outer.open(opening), this.#frame);
    return frame.value(layer.output);
  }

  /** What goes into a layer. */
  input(layer: NetworkLayer): tfjs.Tensor[] {
    const frame = layer.openings.reduce((outer, opening) => outer.open(opening), this.#frame);
    return callOf(layer.output).inputTensors.map((input) => frame.value(input));
  }

  /** The output of the whole model. */
  output(): tfjs.Tensor {
    return this.#frame.value(this.#model.outputs[0]);
  }
}
