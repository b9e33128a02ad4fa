/**
 * Models on disk: the TensorFlow.js layers format (`model.json` with a weights file beside it), readable by anything
 * that reads that format. What Lenslet adds stands in `userDefinedMetadata`.
 */
import type { ModelPlace } from './model-files.ts';
import type * as tfjs from '@tensorflow/tfjs';
import { z } from 'zod';
import { preprocessingSchema } from '../../contract/shared/preprocessing.ts';
import type { Tf } from '../base/backend.ts';
import { checkFinite } from '../network/finite-weights.ts';
import { buildTopology } from '../network/model-source.ts';
import { readModelFile } from './read-model-file.ts';
import { type StatedFacts, readTeachableMachine } from './teachable-machine.ts';
import { type Storage, writeJson } from '../../core/files/storage.ts';
import { resizeSchema } from '../../contract/shared/training-settings.ts';

/** What Lenslet records in a model's file. */
const modelMetadataSchema = z.object({
  classes: z.array(z.string()),
  /** How photos are made smaller; missing in models of before. */
  resize: resizeSchema.optional(),
  preprocessing: preprocessingSchema,
  imageSize: z.number().int(),
  channels: z.union([z.literal(1), z.literal(3)]),
  recipe: z.string(),
  run: z.string(),
  /** Epochs trained. */
  epochs: z.number().int(),
  /** The pretrained network it is built on; `frozen` when that kept its weights. */
  backbone: z
    .object({ id: z.string().nullable(), hash: z.string(), frozen: z.boolean() })
    .nullable()
    .default(null),
  savedAt: z.string(),
});
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

/** A loaded model file. */
export interface LoadedModel {
  readonly model: tfjs.LayersModel;
  /** Null for models that Lenslet did not make. */
  readonly metadata: ModelMetadata | null;
  /** What a file beside the model says of it, as Teachable Machine writes one. */
  readonly stated?: StatedFacts | null;
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
 * Loads a model: `model.json` with its weights, Keras `.h5` or `.keras`.
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_SHARD_…, MODEL_LAYER_UNSUPPORTED, MODEL_WEIGHTS_…
 */
export async function loadModel(tf: Tf, file: ModelPlace): Promise<LoadedModel> {
  const { path } = file;
  const source = await readModelFile(file);
  try {
    const model = await buildTopology(tf, source, path);
    try {
      await source.fill(tf, model);
      await checkFinite(tf, model, path);
    } catch (error) {
      model.dispose();
      throw error;
    }
    const metadata = modelMetadataSchema.safeParse(source.lenslet);
    const stated = await readTeachableMachine(file.storage);
    return { model, metadata: metadata.success ? metadata.data : null, stated };
  } finally {
    source.close();
  }
}
