/** Loaded models, kept while their file stays the same: a second prediction needs no loading and no tracing. */
import type * as tfjs from '@tensorflow/tfjs';
import type { ModelDescription, Preprocessing } from '../contract/engine-process.ts';
import { AppError } from '../contract/errors.ts';
import type { Backend, ProgramSet, Tf } from './backend.ts';
import { type Classifier, toClassifier } from './classifier.ts';
import { describeModel } from './describe-model.ts';
import { type LoadedModel, loadModel } from './model-file.ts';
import { predictionBatchSizes } from './prediction.ts';
import { type ImageShape, type ProgramOptions, evaluateProgram, predictProgram } from './programs.ts';
import type { Storage } from './storage.ts';
import { featureName } from './feature-cache.ts';
import { type TransferParts, headClassifier, splitTransfer } from './transfer.ts';
import { hash32 } from '../core/random.ts';

/** Images per step when a whole split is measured. */
export const evaluationBatchSize = 32;

/** A model ready to be used. */
export interface OpenModel {
  readonly model: tfjs.LayersModel;
  /** Throws MODEL_NO_CLASSIFIER for a network that ends without a classifier. */
  readonly classifier: Classifier;
  /** False for a network that can only be looked into. */
  readonly classifies: boolean;
  readonly description: ModelDescription;
  readonly imageShape: ImageShape;
  predictPrograms(size: keyof typeof predictionBatchSizes): ProgramSet<'predict'>;
  evaluatePrograms(): ProgramSet<'evaluate'>;
  /** Its halves, when it is a head on a network that kept its weights: features of images may be in the cache. */
  readonly frozen: FrozenModel | null;
  dispose(): void;
}

/** A head on a frozen network. */
export interface FrozenModel {
  readonly parts: TransferParts;
  /** Name of the feature file that belongs to the network. */
  readonly features: string;
  /** Measures features instead of images. */
  evaluatePrograms(): ProgramSet<'evaluate'>;
}

/** Where models come from. */
export interface ModelCacheOptions {
  readonly backend: Backend;
  /** The folder of a model file, and its name there. */
  readonly locate: (path: string) => { storage: Storage; name: string };
  readonly imagenetNames: readonly string[];
}

/** Two: one to compare with the other. */
const kept = 2;

export class ModelCache {
  readonly #options: ModelCacheOptions;
  readonly #models = new Map<string, OpenModel>();
  /** How many are working with a model that may not be closed meanwhile. */
  readonly #uses = new Map<OpenModel, number>();

  constructor(options: ModelCacheOptions) {
    this.#options = options;
  }

  /**
   * The model of a file, loaded when it is new or has changed.
   * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_INPUT_UNSUPPORTED, MODEL_NO_CLASSIFIER, …
   */
  async open(path: string, wanted?: Preprocessing): Promise<OpenModel> {
    const model = await this.#open(path, wanted);
    // A network without one is kept all the same: others may want to look into it.
    requireClassifier(model);
    return model;
  }

  async #open(path: string, wanted?: Preprocessing): Promise<OpenModel> {
    const { storage, name } = this.#options.locate(path);
    const key = `${path}/${await versionOf(storage, name)}/${wanted ?? ''}`;
    const found = this.#models.get(key);
    if (found !== undefined) {
      this.#models.delete(key);
      this.#models.set(key, found);
      return found;
    }
    const loaded = await loadModel(this.#options.backend.tf, storage, name, path);
    const model = openModel(this.#options, loaded, path, wanted);
    this.#models.set(key, model);
    for (const [oldest, old] of this.#models) {
      if (this.#models.size <= kept) break;
      this.#models.delete(oldest);
      if (!this.#uses.has(old)) old.dispose();
    }
    return model;
  }

  /**
   * As `open`, also for networks without a classifier; the model stays whole until `work` is done, whatever else is
   * opened meanwhile.
   */
  async use<T>(
    path: string,
    wanted: Preprocessing | undefined,
    work: (model: OpenModel) => Promise<T>,
  ): Promise<T> {
    const model = await this.#open(path, wanted);
    this.#uses.set(model, (this.#uses.get(model) ?? 0) + 1);
    try {
      return await work(model);
    } finally {
      const others = this.#uses.get(model)! - 1;
      if (others > 0) this.#uses.set(model, others);
      else this.#uses.delete(model);
      const isKept = [...this.#models.values()].includes(model);
      if (others === 0 && !isKept) model.dispose();
    }
  }

  /** A model of its own, not kept, whose weights may be changed. The caller disposes of it. @throws as `open` */
  async openCopy(path: string, wanted?: Preprocessing): Promise<OpenModel> {
    const { storage, name } = this.#options.locate(path);
    const loaded = await loadModel(this.#options.backend.tf, storage, name, path);
    return openModel(this.#options, loaded, path, wanted);
  }
}

/**
 * A text that changes when a model does. A `model.json` is read for it: its weights get another name each time they
 * are saved. Keras files hold their weights and may be large: their date and size do.
 */
async function versionOf(storage: Storage, name: string): Promise<string> {
  const stamp = /\.json$/i.test(name) ? undefined : await storage.stamp?.(name);
  if (typeof stamp === 'string') return stamp;
  const bytes = await storage.read(name);
  return bytes === null ? '' : String(hash32(new TextDecoder('latin1').decode(bytes)));
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
): OpenModel {
  const { tf } = backend;
  const found = findClassifier(tf, loaded.model, path);
  const classifier = (): Classifier => {
    if (found instanceof AppError) throw found;
    return found;
  };
  const classes = found instanceof AppError ? 0 : found.classes;
  const description = describeModel(loaded, classes, wanted, imagenetNames);
  const { imageSize, channels, preprocessing } = description;
  const imageShape: ImageShape = [imageSize, imageSize, channels];
  const shared = () => ({ backend, classifier: classifier(), preprocessing, imageShape });
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
    predictPrograms: (size) =>
      prepared(`predict/${size}`, () =>
        preparePredict({ ...shared(), batchSize: predictionBatchSizes[size] }),
      ),
    evaluatePrograms: () =>
      prepared('evaluate', () => prepareEvaluate({ ...shared(), batchSize: evaluationBatchSize })),
    frozen: frozenOf(backend, loaded, preprocessing, (options) =>
      prepared('evaluate-features', () => prepareEvaluate({ ...shared(), ...options })),
    ),
    dispose() {
      for (const set of sets.values()) set.dispose();
      loaded.model.dispose();
    },
  };
}

function frozenOf(
  { tf }: Backend,
  { model, metadata }: LoadedModel,
  preprocessing: Preprocessing,
  prepare: (
    options: Pick<ProgramOptions, 'classifier' | 'imageShape' | 'inputType' | 'batchSize'>,
  ) => ProgramSet<'evaluate'>,
): FrozenModel | null {
  const parts = metadata?.backbone?.frozen === true ? splitTransfer(model) : null;
  if (parts === null) return null;
  const { hash } = metadata!.backbone!;
  const pooling = parts.pooling === null ? 'flatten' : 'average';
  return {
    parts,
    features: featureName({ hash, preprocessing, pooling, copy: null }),
    evaluatePrograms: () =>
      prepare({
        classifier: headClassifier(tf, parts),
        imageShape: parts.featureShape,
        inputType: 'float32',
        batchSize: evaluationBatchSize,
      }),
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
