/** Loaded models, kept while their file stays the same: a second prediction needs no loading and no tracing. */
import type { ModelFiles } from '../models/model-files.ts';
import type * as tfjs from '@tensorflow/tfjs';
import type { ModelDescription } from '../../contract/engine/engine.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import { AppError } from '../../contract/shared/errors.ts';
import type { Backend, ProgramSet, Tf } from '../base/backend.ts';
import { type Classifier, toClassifier } from '../step/classifier.ts';
import { describeModel } from '../models/describe-model.ts';
import { type LoadedModel, loadModel } from '../models/model-file.ts';
import { modelMark, readCalibration } from './calibration-file.ts';
import { type Calibrated, openCalibration } from './open-calibration.ts';
import { predictionBatchSizes } from './prediction.ts';
import { type ImageShape, type ProgramOptions, evaluateProgram, predictProgram } from '../step/programs.ts';
import type { Storage } from '../../core/files/storage.ts';
import { featureName } from '../transfer/feature-cache.ts';
import { type TransferParts, headClassifier, splitTransfer } from '../transfer/transfer.ts';

/** Images per step when a whole split is measured. */
export const evaluationBatchSize = 32;

/** A model file with what the user stated about it. */
export interface ModelReference {
  readonly model: string;
  readonly preprocessing?: Preprocessing | undefined;
}

/** A model ready to be used. */
export interface OpenModel {
  readonly model: tfjs.LayersModel;
  /** Throws MODEL_NO_CLASSIFIER for a network that ends without a classifier. */
  readonly classifier: Classifier;
  /** False for a network that can only be looked into. */
  readonly classifies: boolean;
  readonly description: ModelDescription;
  readonly imageShape: ImageShape;
  /** What was fitted for it; null where nothing was. Its temperature is in the weights already. */
  readonly calibrated: Calibrated | null;
  predictPrograms(size: keyof typeof predictionBatchSizes): ProgramSet<'predict'>;
  evaluatePrograms(): ProgramSet<'evaluate'>;
  /** Its halves, when it is a head on a network that kept its weights: features of images may be in the cache. */
  readonly frozen: FrozenModel | null;
  dispose(): void;
}

/** A head on a frozen network. */
export interface FrozenModel {
  readonly parts: TransferParts;
  /** Of the backbone's network and weights. */
  readonly hash: string;
  /** Name of the feature file that belongs to the network. */
  readonly features: string;
  /** Predicts from features. */
  predictPrograms(size: keyof typeof predictionBatchSizes): ProgramSet<'predict'>;
  /** Measures features instead of images. */
  evaluatePrograms(): ProgramSet<'evaluate'>;
}

/** Where models come from. */
export interface ModelCacheOptions {
  readonly backend: Backend;
  /** The folder of a model file, and its name there. */
  readonly files: ModelFiles;
  readonly imagenetNames: readonly string[];
}

/** Two: one to compare with the other. */
const kept = 2;

/** A model that is kept or being loaded. */
interface Entry {
  readonly loading: Promise<OpenModel>;
  /** The model, once it is loaded. */
  model: OpenModel | null;
  /** How many wait for it or work with it: it may not be closed meanwhile. */
  users: number;
}

export class ModelCache {
  readonly #options: ModelCacheOptions;
  /** The one used last is the last. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: ModelCacheOptions) {
    this.#options = options;
  }

  /**
   * Works with the model of a file, which is loaded when it is new or has changed, and once for all who ask at the same
   * time. It stays whole until `work` is done, whatever else is opened meanwhile. It may be a network without a
   * classifier, which others may want to look into: see `requireClassifier`.
   * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_INPUT_UNSUPPORTED, … and what `work` throws
   */
  async use<T>(
    path: string,
    wanted: Preprocessing | undefined,
    work: (model: OpenModel) => T | Promise<T>,
  ): Promise<T> {
    const { storage, name } = this.#options.files.at(path);
    const key = `${path}/${await versionOf(storage, name)}/${wanted ?? ''}`;
    const entry = this.#entries.get(key) ?? this.#load(key, path, wanted);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users++;
    try {
      return await work(await entry.loading);
    } finally {
      entry.users--;
      if (this.#entries.get(key) !== entry) closeUnused(entry);
    }
  }

  #load(key: string, path: string, wanted: Preprocessing | undefined): Entry {
    const entry: Entry = { loading: this.openCopy(path, wanted), model: null, users: 0 };
    entry.loading.then(
      (model) => {
        entry.model = model;
        this.#dropOldest();
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry;
  }

  #dropOldest(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= kept) break;
      this.#entries.delete(key);
      closeUnused(entry);
    }
  }

  /** A separate model, not kept, whose weights may be changed. The caller disposes of it. @throws as `use` */
  async openCopy(path: string, wanted?: Preprocessing): Promise<OpenModel> {
    const { files, backend } = this.#options;
    const place = files.at(path);
    const loaded = await loadModel(backend.tf, place);
    return openModel(this.#options, loaded, path, wanted, await openCalibration(backend.tf, loaded, place));
  }
}

function closeUnused({ model, users }: Entry): void {
  if (users === 0) model?.dispose();
}

/**
 * A text that changes when a model does, or what was fitted for it. A `model.json` is read for it: its weights get another name each time they
 * are saved. Keras files hold their weights and may be large: their date and size do.
 */
async function versionOf(storage: Storage, name: string): Promise<string> {
  const stamp = /\.json$/i.test(name) ? undefined : await storage.stamp?.(name);
  if (typeof stamp === 'string') return stamp;
  const bytes = await storage.read(name);
  const calibration = await readCalibration(storage, name);
  return bytes === null ? '' : `${modelMark(bytes)}-${calibration?.fittedAt ?? ''}`;
}

/** @throws AppError MODEL_NO_CLASSIFIER for a network that ends without a classifier */
export function requireClassifier(model: OpenModel): Classifier {
  return model.classifier;
}

/** The classifier, or why there is none. */
function findClassifier(tf: Tf, model: tfjs.LayersModel, path: string): Classifier | AppError {
  try {
    return toClassifier(tf, model, path);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

function openModel(
  { backend, imagenetNames }: ModelCacheOptions,
  loaded: LoadedModel,
  path: string,
  wanted: Preprocessing | undefined,
  calibrated: Calibrated | null,
): OpenModel {
  const { tf } = backend;
  const temperature = temperatureOf(calibrated);
  const found = findClassifier(tf, loaded.model, path);
  const classifier = (): Classifier => {
    if (found instanceof AppError) throw found;
    return found;
  };
  const classes = found instanceof AppError ? 0 : found.classes;
  const description = describeModel(loaded, classes, wanted, imagenetNames);
  const { imageSize, channels, preprocessing } = description;
  const imageShape: ImageShape = [imageSize, imageSize, channels];
  const shared = () => ({ backend, classifier: classifier(), preprocessing, imageShape, temperature });
  const sets = new Map<string, ProgramSet<never>>();
  const prepared = <Name extends string>(key: string, prepare: () => ProgramSet<Name>): ProgramSet<Name> => {
    const set = (sets.get(key) as ProgramSet<Name> | undefined) ?? prepare();
    sets.set(key, set);
    return set;
  };
  return {
    model: loaded.model,
    get classifier() {
      return classifier();
    },
    classifies: classes > 0,
    description,
    imageShape,
    calibrated,
    predictPrograms: (size) =>
      prepared(`predict/${size}`, () =>
        preparePredict({ ...shared(), batchSize: predictionBatchSizes[size] }),
      ),
    evaluatePrograms: () =>
      prepared('evaluate', () => prepareEvaluate({ ...shared(), batchSize: evaluationBatchSize })),
    frozen: frozenOf(backend, loaded, preprocessing, {
      evaluate: (input) =>
        prepared('evaluate-features', () =>
          prepareEvaluate({ ...shared(), ...input, batchSize: evaluationBatchSize }),
        ),
      predict: (input, size) =>
        prepared(`predict-features/${size}`, () =>
          preparePredict({ ...shared(), ...input, batchSize: predictionBatchSizes[size] }),
        ),
    }),
    dispose() {
      for (const set of sets.values()) set.dispose();
      loaded.model.dispose();
    },
  };
}

/** What the scores of a model were divided by when it was opened. */
function temperatureOf(calibrated: Calibrated | null): number {
  return calibrated?.calibration.temperature ?? 1;
}

/** What makes a program one of features. */
type FeatureInput = Pick<ProgramOptions, 'classifier' | 'imageShape' | 'inputType'>;

function frozenOf(
  { tf, precision }: Backend,
  { model, metadata }: LoadedModel,
  preprocessing: Preprocessing,
  prepare: {
    readonly evaluate: (input: FeatureInput) => ProgramSet<'evaluate'>;
    readonly predict: (input: FeatureInput, size: keyof typeof predictionBatchSizes) => ProgramSet<'predict'>;
  },
): FrozenModel | null {
  const parts = metadata?.backbone?.frozen === true ? splitTransfer(model) : null;
  if (parts === null) return null;
  const { hash } = metadata!.backbone!;
  const pooling = parts.pooling === null ? 'flatten' : 'average';
  const input = (): FeatureInput => ({
    classifier: headClassifier(tf, parts),
    imageShape: parts.featureShape,
    inputType: 'float32',
  });
  return {
    parts,
    hash,
    features: featureName({ hash, preprocessing, pooling, precision, copy: null }),
    evaluatePrograms: () => prepare.evaluate(input()),
    predictPrograms: (size) => prepare.predict(input(), size),
  };
}

function preparePredict(options: ProgramOptions): ProgramSet<'predict'> {
  const predict = predictProgram(options);
  const set = options.backend.prepare({ predict });
  options.backend.tf.dispose([...predict.exampleInputs] as never[]);
  return set;
}

function prepareEvaluate(options: ProgramOptions): ProgramSet<'evaluate'> {
  const evaluate = evaluateProgram(options);
  const set = options.backend.prepare({ evaluate });
  options.backend.tf.dispose([...evaluate.exampleInputs] as never[]);
  return set;
}
