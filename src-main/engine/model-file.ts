/**
 * Models on disk: the TensorFlow.js layers format (`model.json` with a weights file beside it), readable by anything
 * that reads that format. What Lenslet adds stands in `userDefinedMetadata`.
 */
import type * as tfjs from '@tensorflow/tfjs';
import { z } from 'zod';
import { preprocessingSchema } from '../contract/engine-process.ts';
import { AppError } from '../contract/errors.ts';
import type { Tf } from './backend.ts';
import { type Storage, concatBytes, readJson, writeJson } from './storage.ts';

/** What Lenslet records in a model's file. */
const modelMetadataSchema = z.object({
  classes: z.array(z.string()),
  preprocessing: preprocessingSchema,
  imageSize: z.number().int(),
  channels: z.union([z.literal(1), z.literal(3)]),
  recipe: z.string(),
  run: z.string(),
  /** Epochs trained. */
  epochs: z.number().int(),
  savedAt: z.string(),
});
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

const modelJsonSchema = z.object({
  format: z.string().optional(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({ paths: z.array(z.string()), weights: z.array(z.record(z.string(), z.unknown())) }),
  ),
  userDefinedMetadata: z.record(z.string(), z.unknown()).optional(),
});

/** A loaded model file. */
export interface LoadedModel {
  readonly model: tfjs.LayersModel;
  /** Null for models that Lenslet did not make. */
  readonly metadata: ModelMetadata | null;
}

/**
 * Saves a model with its metadata. The weights file gets a new name each time and `model.json` is replaced last, so
 * a crash leaves the model before, whole.
 * @param folder inside the storage
 */
export async function saveModel(
  tf: Tf,
  storage: Storage,
  folder: string,
  model: tfjs.LayersModel,
  metadata: Omit<ModelMetadata, 'savedAt'>,
): Promise<void> {
  const artifacts = await artifactsOf(tf, model);
  const weights = tf.io.CompositeArrayBuffer.join(artifacts.weightData);
  const present = await storage.list(folder);
  const name = freeName(present);
  await storage.write(`${folder}/${name}`, new Uint8Array(weights));
  await writeJson(storage, `${folder}/model.json`, {
    format: 'layers-model',
    generatedBy: artifacts.generatedBy,
    convertedBy: null,
    modelTopology: artifacts.modelTopology,
    weightsManifest: [{ paths: [name], weights: artifacts.weightSpecs }],
    userDefinedMetadata: { lenslet: { ...metadata, savedAt: new Date().toISOString() } },
  });
  for (const other of present) {
    if (other.endsWith('.bin') && other !== name) await storage.remove(`${folder}/${other}`);
  }
}

function freeName(present: readonly string[]): string {
  if (!present.includes('weights.bin')) return 'weights.bin';
  for (let number = 2; ; number++) {
    if (!present.includes(`weights-${number}.bin`)) return `weights-${number}.bin`;
  }
}

async function artifactsOf(tf: Tf, model: tfjs.LayersModel): Promise<tfjs.io.ModelArtifacts> {
  let caught: tfjs.io.ModelArtifacts | null = null;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    caught = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
  return caught!;
}

/**
 * Loads `model.json` and its weights.
 * @param storage the folder that holds both
 * @param path for messages
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID
 */
export async function loadModel(tf: Tf, storage: Storage, name: string, path: string): Promise<LoadedModel> {
  const invalid = (reason: string, cause?: unknown): AppError =>
    new AppError('MODEL_FILE_INVALID', { path, reason }, { cause });
  if (/\.(h5|hdf5|keras)$/i.test(name))
    throw invalid('Keras files cannot be read by this version of Lenslet');
  const content = await readJson(storage, name).catch((error: unknown) => {
    if (error instanceof SyntaxError) throw invalid('it is not JSON', error);
    throw error;
  });
  if (content === null) throw new AppError('MODEL_NOT_FOUND', { path });
  const parsed = modelJsonSchema.safeParse(content);
  if (!parsed.success) throw invalid('it is not a TensorFlow.js layers model');
  const { format, modelTopology, weightsManifest, userDefinedMetadata } = parsed.data;
  if (format === 'graph-model') throw invalid('it is a graph model, whose layers cannot be seen or trained');
  const weightData = await readWeights(storage, weightsManifest, invalid);
  try {
    const handler = tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest.flatMap(
        (group) => group.weights,
      ) as unknown as tfjs.io.WeightsManifestEntry[],
      weightData,
    });
    const model = await tf.loadLayersModel(handler);
    const metadata = modelMetadataSchema.safeParse(userDefinedMetadata?.lenslet);
    return { model, metadata: metadata.success ? metadata.data : null };
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
}

async function readWeights(
  storage: Storage,
  manifest: readonly { paths: string[] }[],
  invalid: (reason: string) => AppError,
): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (const path of manifest.flatMap((group) => group.paths)) {
    // Paths in the file must stay beside it.
    if (/^([/\\]|[a-z]+:)|\.\./i.test(path)) throw invalid(`it refers to ${path}`);
    const part = await storage.read(path);
    if (part === null) throw invalid(`${path} is missing beside it`);
    parts.push(part);
  }
  return concatBytes(parts).buffer as ArrayBuffer;
}
