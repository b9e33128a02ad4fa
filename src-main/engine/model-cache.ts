/** Loaded models, kept while their file stays the same: a second prediction needs no loading and no tracing. */
import type { ModelDescription, Preprocessing } from '../contract/engine-process.ts';
import type { Backend, ProgramSet } from './backend.ts';
import { type Classifier, toClassifier } from './classifier.ts';
import { describeModel } from './describe-model.ts';
import { type LoadedModel, loadModel } from './model-file.ts';
import { predictionBatchSizes } from './prediction.ts';
import { type ImageShape, type ProgramOptions, evaluateProgram, predictProgram } from './programs.ts';
import type { Storage } from './storage.ts';
import { hash32 } from '../core/random.ts';

/** Images per step when a whole split is measured. */
export const evaluationBatchSize = 32;

/** A model ready to be used. */
export interface OpenModel {
  readonly classifier: Classifier;
  readonly description: ModelDescription;
  readonly imageShape: ImageShape;
  predictPrograms(size: keyof typeof predictionBatchSizes): ProgramSet<'predict'>;
  evaluatePrograms(): ProgramSet<'evaluate'>;
  dispose(): void;
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

  constructor(options: ModelCacheOptions) {
    this.#options = options;
  }

  /**
   * The model of a file, loaded when it is new or has changed.
   * @throws AppError MODEL_NOT_FOUND, MODEL_FILE_INVALID, MODEL_INPUT_UNSUPPORTED
   */
  async open(path: string, wanted?: Preprocessing): Promise<OpenModel> {
    const { storage, name } = this.#options.locate(path);
    const bytes = await storage.read(name);
    const version = bytes === null ? 0 : hash32(new TextDecoder('latin1').decode(bytes));
    const key = `${path}/${version}/${wanted ?? ''}`;
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
      old.dispose();
    }
    return model;
  }
}

function openModel(
  { backend, imagenetNames }: ModelCacheOptions,
  loaded: LoadedModel,
  path: string,
  wanted: Preprocessing | undefined,
): OpenModel {
  const { tf } = backend;
  const classifier = toClassifier(tf, loaded.model, path);
  const description = describeModel(loaded, classifier.classes, wanted, imagenetNames);
  const { imageSize, channels, preprocessing } = description;
  const imageShape: ImageShape = [imageSize, imageSize, channels];
  const shared = { backend, classifier, preprocessing, imageShape };
  const sets = new Map<string, ProgramSet<never>>();
  const prepared = <Name extends string>(key: string, prepare: () => ProgramSet<Name>): ProgramSet<Name> => {
    const set = (sets.get(key) as ProgramSet<Name> | undefined) ?? prepare();
    sets.set(key, set);
    return set;
  };
  return {
    classifier,
    description,
    imageShape,
    predictPrograms: (size) =>
      prepared(`predict/${size}`, () => preparePredict({ ...shared, batchSize: predictionBatchSizes[size] })),
    evaluatePrograms: () =>
      prepared('evaluate', () => prepareEvaluate({ ...shared, batchSize: evaluationBatchSize })),
    dispose() {
      for (const set of sets.values()) set.dispose();
      loaded.model.dispose();
    },
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
