/** What a training recipe is: a network with the way to train it. */
import type * as tfjs from '@tensorflow/tfjs';
import type { OpenBackbone } from './backbone.ts';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import type {
  RecipeDefaults,
  RunSettings,
  TrainingSettings,
} from '../../contract/shared/training-settings.ts';
import type { Tf } from '../base/backend.ts';

export type { RecipeDefaults };

/** A setting that has a meaning for a recipe. */
export type SettingName = keyof TrainingSettings;

/** What a recipe's network is built for. */
export interface NetworkOptions {
  readonly inputShape: readonly [height: number, width: number, channels: number];
  readonly classes: number;
  /** Initial weights are drawn from it: the same seed gives the same model. */
  readonly seed: number;
  /** What is left out follows the recipe. */
  readonly settings?: Partial<Pick<RunSettings, 'dropout' | 'headUnits' | 'pooling'>>;
  /** The pretrained network, for recipes that need one. */
  readonly backbone?: OpenBackbone | null;
}

/** How the weights of a stage are found: in steps at a rate; or solved for at once, which a linear head allows. */
export type Solver =
  | { readonly solver: 'gradient-descent'; readonly learningRate: number }
  | { readonly solver: 'l-bfgs'; readonly learningRate: null };

/** What one stage of a recipe trains, on what. */
export type RecipeStage = Solver & {
  readonly name: 'training' | 'head' | 'fine-tuning';
  /** `features`: those of the frozen backbone, computed once; `images`: through the whole network at each step. */
  readonly input: 'images' | 'features';
  /** `all`; only the `head`; or the head and the backbone `from` the chosen layer on. */
  readonly trains: 'all' | 'head' | 'from';
  /** 1 where it is solved. */
  readonly epochs: number;
  /** The weights of before are kept where none of its epochs has a lower validation loss than they. */
  readonly mustImprove?: boolean;
};

/** One recipe. Adding one is adding one file and one line in `registries/recipes/index.ts`. */
export interface Recipe {
  readonly id: string;
  readonly label: string;
  /** One or two sentences for people. */
  readonly description: string;
  readonly defaults: RecipeDefaults;
  /** Which settings mean something here: what the form shows. */
  readonly settingNames: readonly SettingName[];
  /** How many classes the lesson's data have: for the layer table while there are no others. */
  readonly defaultClasses: number;
  /** Null: the backbone's. */
  readonly preprocessing: Preprocessing | null;
  readonly needsBackbone: boolean;
  /** Fewer training images of a class than this seldom teach it anything. */
  readonly fewImages: number;
  /** @throws AppError MODEL_TOO_SMALL_INPUT when images of this size leave nothing for a layer */
  checkImageSize(size: number): void;
  /** Builds the network with seeded initial weights. @throws AppError MODEL_TOO_SMALL_INPUT, BACKBONE_NONE */
  build(tf: Tf, options: NetworkOptions): tfjs.LayersModel;
  /** What is trained one after another. */
  stages(settings: RunSettings): readonly RecipeStage[];
}
