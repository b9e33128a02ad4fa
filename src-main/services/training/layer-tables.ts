/** Layer tables of recipes' networks, requested of the engine once each: later it may be busy with a step. */
import type { ModelSummary } from '../../contract/app/model-summary.ts';
import type { RunSettings } from '../../contract/shared/training-settings.ts';
import type { Recipe } from '../../registries/recipes/index.ts';
import type { ServiceContext } from '../base/context.ts';
import { findWeightsForSummary } from '../runs/run-backbone.ts';

export class LayerTables {
  readonly #context: Pick<ServiceContext, 'engine' | 'settingsFolder'>;
  readonly #known = new Map<string, ModelSummary>();

  constructor(context: Pick<ServiceContext, 'engine' | 'settingsFolder'>) {
    this.#context = context;
  }

  /**
   * The layer table of a recipe's network.
   * @throws AppError MODEL_TOO_SMALL_INPUT, TRAINING_LAYER_UNKNOWN, BACKBONE_…, BACKEND_…
   */
  async of(recipe: Recipe, classes: number, settings: RunSettings): Promise<ModelSummary> {
    recipe.checkImageSize(settings.imageSize);
    const { engine, settingsFolder } = this.#context;
    const backbone = await findWeightsForSummary(settingsFolder, recipe, settings);
    const { imageSize, headUnits, pooling, unfreezeFrom, preprocess } = settings;
    // Layers do not say how much is dropped.
    const drops = settings.dropout > 0;
    const head = [classes, drops, headUnits, pooling];
    const key = JSON.stringify([recipe.id, imageSize, head, unfreezeFrom, backbone, preprocess]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const summary = await engine.ask((process) =>
      process.summary({ recipe: recipe.id, classes, settings, backbone }),
    );
    this.#known.set(key, summary);
    return summary;
  }
}
