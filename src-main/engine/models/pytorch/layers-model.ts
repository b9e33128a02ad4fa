/** A published file of PyTorch weights as a TensorFlow.js layers model: the same numbers, with our names and axes. */
import { AppError } from '../../../contract/shared/errors.ts';
import { concatBytes } from '../../../core/files/storage.ts';
import type { PublishedTensor } from '../../network/backbone.ts';
import type { Topology } from '../../network/topology.ts';
import { floatsOf, readTorchFile } from './tensor-file.ts';

/** What makes up a model: `model.json` and the weights file that it names. */
export interface ModelParts {
  readonly modelJson: string;
  /** Little-endian float32. */
  readonly weights: Uint8Array;
}

/** Counts of training steps stand beside the statistics of batch normalisation; nothing reads them. */
const unused = /\.num_batches_tracked$/;

/**
 * Converts a published file. Nothing in it is run.
 * @param bytes of the file
 * @param network the layers that the weights are for
 * @param tensors every weight of the network, with its tensor in the file
 * @param about what `userDefinedMetadata.lenslet` of the model says
 * @param path for messages
 * @throws AppError MODEL_FILE_INVALID, also when a tensor is missing or belongs to no layer
 */
export function layersModelOf(
  bytes: Uint8Array,
  network: Topology,
  tensors: readonly PublishedTensor[],
  about: object,
  path: string,
): ModelParts {
  const found = readTorchFile(bytes, path);
  const wanted = new Set(tensors.map(({ tensor }) => tensor));
  const stranger = [...found.keys()].find((name) => !wanted.has(name) && !unused.test(name));
  if (stranger !== undefined) {
    const reason = `its tensor ${stranger.slice(0, 200)} belongs to no layer of ${network.config.name}`;
    throw new AppError('MODEL_FILE_INVALID', { path, reason });
  }
  const weights = tensors.map(({ weight, tensor: name, axes }) => {
    const tensor = found.get(name);
    if (tensor === undefined || tensor.shape.length !== axes.length) {
      const reason = `its tensor ${name} is ${tensor === undefined ? 'missing' : 'of another shape'}`;
      throw new AppError('MODEL_FILE_INVALID', { path, reason });
    }
    const shape = axes.map((axis) => tensor.shape[axis]);
    return { spec: { name: weight, shape, dtype: 'float32' }, values: floatsOf(tensor, axes, path) };
  });
  const modelJson = JSON.stringify({
    format: 'layers-model',
    generatedBy: 'Lenslet',
    convertedBy: null,
    modelTopology: network,
    weightsManifest: [{ paths: ['weights.bin'], weights: weights.map(({ spec }) => spec) }],
    userDefinedMetadata: { lenslet: about },
  });
  return { modelJson, weights: concatBytes(weights.map(({ values }) => new Uint8Array(values.buffer))) };
}
