/** Puts weights that were read from a Keras file into a model's layers. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Tf } from '../base/backend.ts';
import { weightsMismatch } from '../network/weights-mismatch.ts';
import type { Hdf5Dataset } from './hdf5-file.ts';
import type { LayerWeights, WeightsByLayer } from './keras-weights.ts';

/** Bytes that are copied before waiting messages get their turn. */
const bytesPerTurn = 16 * 1024 * 1024;

/** Lets others have their turn when enough was copied. */
class Turns {
  #bytes = 0;

  async after(bytes: number): Promise<void> {
    this.#bytes += bytes;
    if (this.#bytes < bytesPerTurn) return;
    this.#bytes = 0;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/**
 * Fills in all weights of a model, which may be a part of the network in the file.
 * @param path the file, for messages
 * @throws AppError MODEL_WEIGHTS_MISMATCH naming the first layer that does not fit, MODEL_FILE_INVALID
 */
export async function fillWeights(
  tf: Tf,
  model: tfjs.LayersModel,
  weights: WeightsByLayer,
  path: string,
): Promise<void> {
  await fillLayers(tf, model.layers, weights, path, new Turns());
}

async function fillLayers(
  tf: Tf,
  layers: readonly tfjs.layers.Layer[],
  weights: WeightsByLayer,
  path: string,
  turns: Turns,
): Promise<void> {
  for (const layer of layers) {
    if (layer.weights.length === 0) continue;
    const found = weights.get(layer.name);
    if (found === undefined) throw weightsMismatch(path, `it has none for the layer ${layer.name}`);
    await fillLayer(tf, layer, found, path, turns);
  }
}

async function fillLayer(
  tf: Tf,
  layer: tfjs.layers.Layer,
  found: LayerWeights,
  path: string,
  turns: Turns,
): Promise<void> {
  if (found.kind === 'network') {
    await fillLayers(tf, (layer as tfjs.LayersModel).layers, found.layers, path, turns);
    return;
  }
  for (const [variable, dataset] of pair(layer, found.weights, path)) {
    const tensor = tf.tensor(dataset.read(), [...dataset.shape], 'float32');
    variable.write(tensor);
    tensor.dispose();
    await turns.after(tensor.size * 4);
  }
}

type Pair = readonly [tfjs.LayerVariable, Hdf5Dataset];

/** Which weight is which: by name where the names say it, else in Keras' order. */
function pair(layer: tfjs.layers.Layer, datasets: readonly Hdf5Dataset[], path: string): Pair[] {
  const pairs = byName(layer, datasets) ?? byOrder(layer, datasets);
  const fits = pairs?.every(([variable, dataset]) => sameShape(variable, dataset));
  if (pairs !== null && fits) return pairs;
  const describe = (shapes: readonly (readonly (number | null)[])[]): string =>
    shapes.map((shape) => shape.join('×') || 'one number').join(', ');
  const held = describe(datasets.map(({ shape }) => shape));
  const wanted = describe(inKerasOrder(layer).map(({ shape }) => shape));
  throw weightsMismatch(
    path,
    `the layer ${layer.name} has weights of ${held || 'no size'} where ${wanted} are expected`,
  );
}

function sameShape({ shape }: tfjs.LayerVariable, dataset: Hdf5Dataset): boolean {
  if (shape.join() === dataset.shape.join()) return true;
  // Single numbers are written as lists of one by some versions.
  return shape.length === 0 && dataset.shape.join() === '1';
}

/** The layer and the kind of a weight: the last two parts of its name. */
function ending(name: string, parts: number): string {
  return name.replace(/:\d+$/, '').split('/').slice(-parts).join('/');
}

function byName(layer: tfjs.layers.Layer, datasets: readonly Hdf5Dataset[]): Pair[] | null {
  const parts = 'layers' in layer ? 2 : 1;
  const named = new Map(datasets.map((dataset) => [ending(dataset.name, parts), dataset]));
  if (named.size !== datasets.length || datasets.length !== layer.weights.length) return null;
  const pairs = layer.weights.map(
    (variable) => [variable, named.get(ending(variable.originalName, parts))] as const,
  );
  return pairs.every((found): found is Pair => found[1] !== undefined) ? pairs : null;
}

/** Keras writes what can be trained first. */
function inKerasOrder(layer: tfjs.layers.Layer): tfjs.LayerVariable[] {
  return [...layer.trainableWeights, ...layer.nonTrainableWeights];
}

function byOrder(layer: tfjs.layers.Layer, datasets: readonly Hdf5Dataset[]): Pair[] | null {
  const variables = inKerasOrder(layer);
  if (variables.length !== datasets.length) return null;
  return variables.map((variable, index) => [variable, datasets[index]] as const);
}
