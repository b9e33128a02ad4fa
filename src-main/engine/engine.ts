/** The engine: everything that needs tensors, on whatever backend it is given. The engine process serves it. */
import type { ModelFiles } from './models/model-files.ts';
import type { EngineRegistries } from './registries.ts';
import type {
  FeaturesEvent,
  ModelDescription,
  NetworkToSummarise,
  TilePack,
  TrainRequest,
} from '../contract/engine/engine.ts';
import type { ModelSummary } from '../contract/app/model-summary.ts';
import type { Backend } from './base/backend.ts';
import { computeFeatures, writeFeatureNetwork } from './transfer/image-features.ts';
import { Explainer } from './interpretation/explain.ts';
import { ExplainedModels } from './interpretation/explained-models.ts';
import { PhotoHeatmaps } from './interpretation/photo-heatmaps.ts';
import { ModelAnswers } from './inference/model-answers.ts';
import { ModelCache, type ModelReference, requireClassifier } from './inference/model-cache.ts';
import { ModelExports } from './exports/export-model.ts';
import { summariseNetwork } from './transfer/network-summary.ts';
import { summariseRecipe } from './transfer/recipe-summary.ts';
import { buildNetwork } from './transfer/run-network.ts';
import type { EnginePlatform } from './base/platform.ts';
import { FrozenNetworks } from './transfer/frozen-networks.ts';
import { TrainingWork } from './training/training-work.ts';

/** A recipe whose layer table is wanted. */
export type SummaryRequest = Pick<TrainRequest, 'recipe' | 'settings' | 'backbone'> & {
  readonly classes: number;
};

export class Engine {
  /** Runs, and the search for a learning rate. */
  readonly training: TrainingWork;
  /** Figures and predictions of finished models. */
  readonly answers: ModelAnswers;
  /** Models that leave. */
  readonly exports: ModelExports;
  /** Explains models: layers, activations, filter patterns. */
  readonly explain: Explainer;
  /** Explains predictions of photos. */
  readonly heatmaps: PhotoHeatmaps;
  /** Computes the frozen parts of networks. */
  readonly frozen: FrozenNetworks;
  readonly #platform: EnginePlatform;
  readonly #models: ModelCache;
  readonly #registries: EngineRegistries;
  readonly #files: ModelFiles;

  constructor(platform: EnginePlatform, registries: EngineRegistries) {
    this.#platform = platform;
    this.#registries = registries;
    const known = registries.backbones;
    this.#files = {
      known,
      at: (path) => {
        const { folder, name } = platform.split(path);
        return { storage: platform.storage(folder), name, path, known };
      },
    };
    this.frozen = new FrozenNetworks(platform.backend, platform.loadOnnxRuntime, platform.frozenEngine);
    this.#models = new ModelCache({
      backend: platform.backend,
      imagenetNames: platform.imagenetNames,
      files: this.#files,
    });
    this.training = new TrainingWork({ platform, files: this.#files, frozen: this.frozen, registries });
    this.answers = new ModelAnswers(platform, this.#models, this.frozen, this.#files);
    this.exports = new ModelExports(platform, this.#models, this.#files, registries.findExportFormat);
    const explained = new ExplainedModels(platform, this.#models);
    this.explain = new Explainer(explained);
    this.heatmaps = new PhotoHeatmaps(explained, registries.heatmapMaker);
  }

  get backend(): Backend {
    return this.#platform.backend;
  }

  /**
   * The layer table of a recipe, with what trains in its first stage and the counts of each.
   * @throws AppError TRAINING_RECIPE_UNKNOWN, TRAINING_LAYER_UNKNOWN, MODEL_TOO_SMALL_INPUT, BACKBONE_NONE
   */
  async summary(request: SummaryRequest): Promise<ModelSummary> {
    const { classes, settings, backbone } = request;
    const recipe = this.#registries.findRecipe(request.recipe);
    const network = await buildNetwork(this.backend.tf, { recipe, classes, settings, backbone }, this.#files);
    try {
      return summariseRecipe(network, recipe, settings);
    } finally {
      network.model.dispose();
    }
  }

  /** The layer table of a network by itself. @throws AppError BACKBONE_UNKNOWN, MODEL_… */
  networkSummary(network: NetworkToSummarise): Promise<ModelSummary> {
    return summariseNetwork(this.backend.tf, network, this.#files);
  }

  /** What a model file holds. @throws AppError MODEL_… */
  async describeModel({ model, preprocessing }: ModelReference): Promise<ModelDescription> {
    return this.#models.use(model, preprocessing, (open) => {
      requireClassifier(open);
      return open.description;
    });
  }

  /** Makes sure that features are in the cache. @throws AppError MODEL_…, CANCELLED, DISK_FULL */
  async computeFeatures(
    {
      path,
      tiles,
      slots,
    }: { readonly path: string; readonly tiles: TilePack; readonly slots: readonly number[] },
    emit: (event: FeaturesEvent) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { backend, openTiles, openFeatures, yieldToOthers } = this.#platform;
    const reader = await openTiles(tiles, false);
    try {
      const found = await computeFeatures({
        backend,
        frozen: this.frozen,
        path,
        files: this.#files,
        tiles: reader,
        slots,
        openFeatures: (name, shape) => openFeatures(tiles, name, shape),
        yieldToOthers,
        signal,
        onProgress: (done, total) => emit({ type: 'progress', done, total }),
      });
      emit({ type: 'done', name: found.name, shape: [...found.shape] });
    } finally {
      await reader.close();
    }
  }
  /** Writes the network that computes features as an ONNX file. @throws AppError MODEL_…, EXPORT_LAYER_UNSUPPORTED */
  async writeFeatureNetwork(
    path: string,
    imageSize: number,
    folder: string,
    name: string,
  ): Promise<{ name: string; shape: readonly number[] }> {
    const { backend, storage } = this.#platform;
    const place = { storage: storage(folder), name };
    return writeFeatureNetwork({ backend, path, files: this.#files, imageSize, ...place });
  }
}
