/** Writes networks as Keras saves them: `.keras` of Keras 3, and `.h5` of Keras 2 and of all since. */
import { zip } from 'fflate';
import { type Hdf5Target, writeHdf5 } from './hdf5-writer.ts';
import { snakeCase } from '../keras-weights.ts';
import type { KerasInput, KerasLayer, KerasNetwork } from './keras-network.ts';

/** The version whose files these are like: what they need is in all of Keras 3. */
const kerasVersion = '3.0.0';
const kerasTwoVersion = '2.15.0';

const encoder = new TextEncoder();
const json = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

/** A `.keras` file: a zip of the network and its weights. @param savedAt a date */
export async function writeKerasZip(network: KerasNetwork, savedAt: Date): Promise<Uint8Array> {
  const parts = {
    'metadata.json': json({
      keras_version: kerasVersion,
      date_saved: savedAt.toISOString().slice(0, 19).replace('T', '@'),
    }),
    'config.json': json(describeNetwork(network)),
    'model.weights.h5': await writeHdf5((root) => writeNewLayout(root, network)),
  };
  return new Promise((resolve, reject) => {
    // Stored as they are: Keras does not compress either, and weights do not become smaller.
    zip(parts, { level: 0, mtime: savedAt }, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}

/** An `.h5` file with the network and its weights. */
export function writeKerasH5(network: KerasNetwork): Promise<Uint8Array> {
  return writeHdf5((root) => {
    root.attribute('keras_version', kerasTwoVersion);
    root.attribute('backend', 'tensorflow');
    root.attribute('model_config', JSON.stringify(describeOldNetwork(network)));
    const weights = root.group('model_weights');
    weights.attribute('keras_version', kerasTwoVersion);
    weights.attribute('backend', 'tensorflow');
    const all = [network.input, ...network.layers];
    weights.attribute(
      'layer_names',
      all.map(({ name }) => name),
    );
    for (const layer of all) writeOldLayer(weights.group(layer.name), layer);
  });
}

function writeOldLayer(group: Hdf5Target, { name, weights }: KerasLayer): void {
  if (weights.length === 0) return;
  group.attribute(
    'weight_names',
    weights.map((weight) => `${name}/${weight.name}:0`),
  );
  const inner = group.group(name);
  for (const weight of weights) inner.numbers(`${weight.name}:0`, weight.shape, weight.values);
}

/** Weights by the class of a layer and how many of it came before. */
function writeNewLayout(root: Hdf5Target, { layers }: KerasNetwork): void {
  const container = root.group('layers');
  const used = new Map<string, number>();
  for (const { type, weights } of layers) {
    const base = snakeCase(type);
    const before = used.get(base) ?? 0;
    used.set(base, before + 1);
    if (weights.length === 0) continue;
    const group = container.group(before === 0 ? base : `${base}_${before}`).group('vars');
    for (const [index, { shape, values }] of weights.entries()) group.numbers(String(index), shape, values);
  }
}

function describeNetwork({ name, input, inputShape, layers, output }: KerasNetwork): object {
  const keras = (type: string, module: string) => ({ module, class_name: type, registered_name: null });
  const tensor = ({ layer, call }: KerasInput) => ({
    class_name: '__keras_tensor__',
    config: { shape: layer.shape, dtype: 'float32', keras_history: [layer.name, call, 0] },
  });
  const begin = {
    ...keras('InputLayer', 'keras.layers'),
    config: { batch_shape: [null, ...inputShape], dtype: 'float32', name: input.name },
    name: input.name,
    inbound_nodes: [],
  };
  const described = layers.map((layer) => ({
    ...keras(layer.type, 'keras.layers'),
    config: { name: layer.name, trainable: layer.trainable, dtype: 'float32', ...newNames(layer) },
    name: layer.name,
    inbound_nodes: layer.calls.map((inputs) => ({
      args: isMerge(layer) ? [inputs.map(tensor)] : inputs.map(tensor),
      kwargs: {},
    })),
  }));
  return {
    ...keras('Functional', 'keras.src.models.functional'),
    registered_name: 'Functional',
    config: {
      name,
      trainable: true,
      layers: [begin, ...described],
      input_layers: [[input.name, 0, 0]],
      output_layers: [[output.layer.name, output.call, 0]],
    },
  };
}

/** Settings that Keras 3 renamed. */
function newNames({ type, config }: KerasLayer): object {
  return type === 'LeakyReLU' ? { negative_slope: config.alpha } : config;
}

/** True for layers that take a list of tensors. */
function isMerge({ calls: [inputs], type }: KerasLayer): boolean {
  return inputs.length > 1 || /^(Add|Subtract|Multiply|Maximum|Minimum|Average|Concatenate)$/.test(type);
}

function describeOldNetwork({ name, input, inputShape, layers, output }: KerasNetwork): object {
  const begin = {
    class_name: 'InputLayer',
    config: { batch_input_shape: [null, ...inputShape], dtype: 'float32', sparse: false, name: input.name },
    name: input.name,
    inbound_nodes: [],
  };
  const described = layers.map(({ type, name: layer, trainable, config, calls }) => ({
    class_name: type,
    config: { name: layer, trainable, dtype: 'float32', ...config },
    name: layer,
    inbound_nodes: calls.map((inputs) => inputs.map(({ layer: from, call }) => [from.name, call, 0, {}])),
  }));
  return {
    class_name: 'Functional',
    config: {
      name,
      layers: [begin, ...described],
      input_layers: [[input.name, 0, 0]],
      output_layers: [[output.layer.name, output.call, 0]],
    },
  };
}
