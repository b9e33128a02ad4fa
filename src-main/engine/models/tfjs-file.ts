/** Reads TensorFlow.js layers models: a `model.json` with weight files beside it. */
import type * as tfjs from '@tensorflow/tfjs';
import { z } from 'zod';
import { AppError } from '../../contract/shared/errors.ts';
import { whyOutside } from '../../core/text/untrusted-path.ts';
import type { Tf } from '../base/backend.ts';
import { bytesOf, hashOfParts } from '../base/content-hash.ts';
import { aboutKeras } from '../keras/describe-h5.ts';
import { kerasTopology } from '../keras/keras-topology.ts';
import { tensorName, withTensorNames } from '../network/layer-names.ts';
import { parseDescription } from '../network/model-description.ts';
import type { ModelSource } from '../network/model-source.ts';
import { type Storage, concatBytes } from '../../core/files/storage.ts';
import { type Topology, parseTopology } from '../network/topology.ts';
import { weightsMismatch } from '../network/weights-mismatch.ts';

const weightSpecSchema = z.looseObject({
  name: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  dtype: z.string(),
  group: z.string().optional(),
  quantization: z.looseObject({ dtype: z.string() }).optional(),
});
type WeightSpec = z.infer<typeof weightSpecSchema>;

/** Where weights lie, relative to the `model.json`: read on every system, so refused where one would be led away. */
const weightPathSchema = z.string().superRefine((path, context) => {
  const reason = whyOutside(path, 'windows');
  if (reason !== null) context.addIssue({ code: 'custom', message: `it refers to ${path}, ${reason}` });
});

const modelJsonSchema = z.object({
  format: z.string().optional(),
  generatedBy: z.string().nullish(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({ paths: z.array(weightPathSchema), weights: z.array(weightSpecSchema) }),
  ),
  userDefinedMetadata: z.record(z.string(), z.unknown()).optional(),
});
type ModelJson = z.infer<typeof modelJsonSchema>;

/**
 * Reads a `model.json` and its weights.
 * @param text content of the file
 * @param path for messages
 * @throws AppError MODEL_FILE_INVALID, MODEL_SHARD_MISSING, MODEL_SHARD_SIZE
 */
export async function readTfjsFile(storage: Storage, text: string, path: string): Promise<ModelSource> {
  const { json, topology } = parseModelJson(text, path);
  const shards = await readShards(storage, json, path);
  const format = json.generatedBy ? `TensorFlow.js, by ${json.generatedBy}` : 'TensorFlow.js';
  const manifest = json.weightsManifest;
  return {
    format,
    topology,
    lenslet: json.userDefinedMetadata?.lenslet,
    hash: () =>
      hashOfParts([bytesOf(JSON.stringify(topology)), bytesOf(JSON.stringify(manifest)), ...shards]),
    fill: async (tf, model) =>
      fill(
        tf,
        model,
        manifest.flatMap(({ weights }) => weights),
        shards,
        path,
      ),
    close: () => void (shards.length = 0),
  };
}

/**
 * Reads a `model.json`, without its weights. Paths of weights lead out of its folder by links at most.
 * @throws AppError MODEL_FILE_INVALID, MODEL_GRAPH_ONLY
 */
export function parseModelJson(text: string, path: string): { json: ModelJson; topology: Topology } {
  const invalid = (reason: string, cause?: unknown): AppError =>
    new AppError('MODEL_FILE_INVALID', { path, reason }, { cause });
  const wrong = text.trimStart().startsWith('<') ? 'it is a web page, not a model' : 'it is not JSON';
  const content = parseDescription(text, path, wrong);
  const parsed = modelJsonSchema.safeParse(content);
  if (!parsed.success) {
    const refused = parsed.error.issues.find(({ code }) => code === 'custom');
    throw invalid(refused?.message ?? 'it is not a TensorFlow.js layers model', parsed.error);
  }
  if (parsed.data.format === 'graph-model') throw new AppError('MODEL_GRAPH_ONLY', { path });
  const topology = topologyOf(parsed.data.modelTopology, path);
  if (topology === null) throw invalid('it describes no network of layers');
  return { json: parsed.data, topology };
}

/** Keras' own description, as its converter leaves it, or that of tfjs. */
function topologyOf(content: Record<string, unknown>, path: string): Topology | null {
  const { keras_version: version, model_config } = content;
  if (typeof version !== 'string' || !/^\d/.test(version) || model_config === undefined) {
    const topology = parseTopology(content);
    return topology && withTensorNames(topology);
  }
  return kerasTopology(model_config, aboutKeras(path, version, 2));
}

async function readShards(
  storage: Storage,
  { weightsManifest }: ModelJson,
  path: string,
): Promise<Uint8Array[]> {
  const shards: Uint8Array[] = [];
  for (const group of weightsManifest) {
    let found = 0;
    for (const name of group.paths) {
      const shard = await storage.read(name);
      if (shard === null) throw new AppError('MODEL_SHARD_MISSING', { path, shard: name });
      shards.push(shard);
      found += shard.byteLength;
    }
    const expected = bytesOfSpecs(group.weights);
    if (expected !== null && expected !== found)
      throw new AppError('MODEL_SHARD_SIZE', { path, shards: group.paths.join(', '), found, expected });
  }
  return shards;
}

const bytesPerValue: Record<string, number> = {
  float32: 4,
  int32: 4,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
  complex64: 8,
};

/** How many bytes weights take; null when one has a type whose size is not fixed. */
function bytesOfSpecs(specs: readonly WeightSpec[]): number | null {
  let sum = 0;
  for (const { shape, dtype, quantization } of specs) {
    const each = bytesPerValue[quantization?.dtype ?? dtype];
    if (each === undefined) return null;
    sum += each * shape.reduce((product, side) => product * side, 1);
  }
  return sum;
}

function fill(
  tf: Tf,
  model: tfjs.LayersModel,
  specs: readonly WeightSpec[],
  shards: readonly Uint8Array[],
  path: string,
): void {
  const bytes = concatBytes(shards).buffer as ArrayBuffer;
  const tensors = tf.io.decodeWeights(bytes, specs as unknown as tfjs.io.WeightsManifestEntry[]);
  try {
    for (const { name } of specs.filter(({ group }) => group === 'optimizer')) {
      tensors[name].dispose();
      Reflect.deleteProperty(tensors, name);
    }
    assign(model, tensors, path);
  } finally {
    tf.dispose(tensors);
  }
}

/** Every weight must have its tensor, and of its shape; what was cut off the network has tensors that are not used. */
function assign(model: tfjs.LayersModel, tensors: tfjs.NamedTensorMap, path: string): void {
  const byName = new Map(Object.entries(tensors));
  for (const [name, tensor] of Object.entries(tensors)) {
    if (!byName.has(tensorName(name))) byName.set(tensorName(name), tensor);
    // TensorFlow 2.2 and later put the name of an inner cell between.
    const parts = name.split('/');
    const short = [...parts.slice(0, -2), parts.at(-1)!].join('/');
    if (parts.length > 2 && !byName.has(short)) byName.set(short, tensor);
  }
  for (const weight of model.weights) {
    const found = byName.get(weight.originalName);
    const expected = weight.shape.join('×') || 'one number';
    if (found === undefined) throw weightsMismatch(path, `${weight.originalName} (${expected}) is missing`);
    if (found.shape.join() !== weight.shape.join()) {
      const reason = `${weight.originalName} is ${found.shape.join('×')} where ${expected} is expected`;
      throw weightsMismatch(path, reason);
    }
    if (found.dtype === 'string') throw weightsMismatch(path, `${weight.originalName} is text`);
    const values = found.cast(weight.dtype);
    weight.write(values);
    values.dispose();
  }
}
