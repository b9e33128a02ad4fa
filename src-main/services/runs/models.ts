/** Models by path: runs' own and foreign files, without a project. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelDescription, NetworkToSummarise } from '../../contract/engine/engine.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import { examineFile } from '../backbones/examine-file.ts';
import type { EngineClient } from '../base/engine-client.ts';

/** A model with what the user stated about it. */
export interface ModelChoice {
  /** A `model.json`, `.h5` or `.keras` file, a folder that holds one, or the folder of a run. */
  readonly path: string;
  /** Wins over what the file records or is known for. */
  readonly preprocessing?: Preprocessing | undefined;
  /** One name per output; wins over what the file records. */
  readonly classes?: readonly string[] | undefined;
}

/** A model that was found, ready to be used. */
export interface FoundModel {
  /** Path of the `model.json`, `.h5` or `.keras` file. */
  readonly path: string;
  readonly preprocessing: Preprocessing | undefined;
  readonly description: ModelDescription;
}

/** The model file that a path stands for. @throws AppError MODEL_NOT_FOUND */
export function resolveModelPath(path: string): string {
  if (!existsSync(path)) throw new AppError('MODEL_NOT_FOUND', { path });
  if (!statSync(path).isDirectory()) return path;
  const inside = [join(path, 'model', 'model.json'), join(path, 'model.json')].find((file) =>
    existsSync(file),
  );
  if (inside !== undefined) return inside;
  const models = readdirSync(path).filter((name) => /\.(h5|hdf5|keras)$/i.test(name));
  if (models.length !== 1) throw new AppError('MODEL_NOT_FOUND', { path });
  return join(path, models[0]);
}

/**
 * The model file that a path stands for, looked into before the engine opens it: some damaged HDF5 files keep their
 * reader busy for ever.
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_LAYER_UNSUPPORTED, MODEL_WEIGHTS_UNKNOWN
 */
export async function checkedModelPath(path: string): Promise<string> {
  const file = resolveModelPath(path);
  // The engine reads JSON with its own limits, and Lenslet's models are JSON.
  if (!file.toLowerCase().endsWith('.json')) await examineFile(file);
  return file;
}

/**
 * The layer table of a network of the registry, or of a model file, which may end without a classifier.
 * @throws AppError BACKBONE_UNKNOWN, MODEL_…
 */
export async function summariseNetwork(
  engine: EngineClient,
  network: NetworkToSummarise,
): Promise<ModelSummary> {
  const checked =
    network.kind === 'file' ? { ...network, path: await checkedModelPath(network.path) } : network;
  return engine.ask((process) => process.networkSummary(checked));
}

/**
 * Loads a model in the engine and describes its inputs and outputs.
 * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_INPUT_UNSUPPORTED, MODEL_CLASSES_MISMATCH
 */
export async function findModel(engine: EngineClient, choice: ModelChoice): Promise<FoundModel> {
  const path = await checkedModelPath(choice.path);
  const { preprocessing, classes } = choice;
  const description = await engine.ask((process) => process.describeModel({ model: path, preprocessing }));
  if (classes === undefined) return { path, preprocessing, description };
  if (classes.length !== description.classes.length) {
    const [found, expected] = [description.classes.length, classes.length];
    throw new AppError('MODEL_CLASSES_MISMATCH', { found, expected });
  }
  const assumed = description.assumed.filter((sentence) => !sentence.startsWith('Class names'));
  return { path, preprocessing, description: { ...description, classes: [...classes], assumed } };
}
