/** A training as it was requested, with its network built and its images at hand. */
import type { TrainRequest } from '../../contract/engine/engine.ts';
import type { Augmentation } from '../augmentation/augmentation.ts';
import type { EnginePlatform } from '../base/platform.ts';
import type { ModelFiles } from '../models/model-files.ts';
import type { KnownBackbones } from '../network/backbone.ts';
import { summarise, trainingBytesPerImage } from '../network/layer-table.ts';
import type { Recipe, RecipeStage } from '../network/recipe.ts';
import type { LabelledSlots } from '../step/batches.ts';
import { balanced } from '../step/class-weights.ts';
import type { FrozenNetworks } from '../transfer/frozen-networks.ts';
import { type RunNetwork, buildNetwork } from '../transfer/run-network.ts';
import { planStages } from './run-stages.ts';
import type { StagePlan } from './stage.ts';

/** What a run can be made of. */
export interface TrainingRegistries {
  /** A recipe by id. @throws AppError TRAINING_RECIPE_UNKNOWN */
  readonly findRecipe: (id: string) => Recipe;
  readonly backbones: KnownBackbones;
  /** In the order of application. */
  readonly augmentations: readonly Augmentation[];
}

/** What trainings are opened with. */
export interface TrainingResources {
  readonly platform: EnginePlatform;
  readonly files: ModelFiles;
  readonly frozen: FrozenNetworks;
  readonly registries: TrainingRegistries;
}

/** What is trained on what, with the images unpacked. */
export type TrainingRequest = Pick<TrainRequest, 'recipe' | 'classes' | 'settings' | 'backbone' | 'tiles'> & {
  readonly train: LabelledSlots;
  readonly validation: LabelledSlots | null;
};

/** A training that can begin. */
export interface OpenTraining {
  readonly recipe: Recipe;
  readonly network: RunNetwork;
  readonly recipeStages: readonly RecipeStage[];
  readonly stages: readonly StagePlan[];
  /** How much an image of each class counts; null: all the same. */
  readonly classWeights: readonly number[] | null;
  /** Memory of a step for each image of its batch; an estimate. */
  readonly bytesPerImage: number;
  close(): Promise<void>;
}

/**
 * Builds the network and opens the tiles. The caller closes it.
 * @param isEnding true when the training is to end: computing features then ends too
 * @throws AppError TRAINING_RECIPE_UNKNOWN, MODEL_…, BACKBONE_…, DATASET_TILES_MISSING
 */
export async function openTraining(
  { platform, files, frozen, registries }: TrainingResources,
  request: TrainingRequest,
  isEnding: () => boolean,
): Promise<OpenTraining> {
  const { backend, openTiles, openFeatures, yieldToOthers } = platform;
  const { settings, classes, tiles: pack, backbone, train, validation } = request;
  const recipe = registries.findRecipe(request.recipe);
  const wanted = { recipe, classes: classes.length, settings, backbone };
  const network = await buildNetwork(backend.tf, wanted, files);
  try {
    const tiles = await openTiles(pack, true);
    const recipeStages = recipe.stages(settings);
    const context = {
      backend,
      frozen,
      augmentations: registries.augmentations,
      network,
      settings,
      tiles,
      train,
      validation,
      openFeatures: (name: string, shape: readonly number[]) => openFeatures(pack, name, shape),
      yieldToOthers,
      isEnding,
    };
    return {
      recipe,
      network,
      recipeStages,
      stages: planStages(context, recipeStages),
      classWeights: settings.classWeights === 'balanced' ? balanced(train, classes.length) : null,
      bytesPerImage: trainingBytesPerImage(summarise(network.model)),
      close: async () => {
        network.model.dispose();
        await tiles.close();
      },
    };
  } catch (error) {
    network.model.dispose();
    throw error;
  }
}
