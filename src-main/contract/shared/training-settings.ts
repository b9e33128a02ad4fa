/** Everything a training can be told. A recipe's defaults fill what is left open; a run records all of it. */
import { z } from 'zod';
import { augmentationSettingsSchema } from './augmentation.ts';
import { preprocessingNames } from './preprocessing.ts';

export const optimizerIds = ['rmsprop', 'adam', 'adamw', 'sgd'] as const;
export type OptimizerId = (typeof optimizerIds)[number];
export const scheduleIds = ['constant', 'step', 'cosine'] as const;
export type ScheduleId = (typeof scheduleIds)[number];

/** How photos are made as small as the network wants: averaged, or the nearest pixel taken as Keras' generator does. */
export const resizeSchema = z.enum(['filter', 'nearest']);
export type Resize = z.infer<typeof resizeSchema>;

const seed = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** What each setting may be; `settingsText` explains them to people. */
const shape = {
  /** Exactly as the lecture has it, where the usual settings are others. */
  lecture: z.boolean(),
  epochs: z.number().int().min(1).max(10_000),
  batchSize: z.number().int().min(1).max(4096),
  learningRate: z.number().positive().max(10),
  imageSize: z.number().int().min(8).max(1024),
  resize: resizeSchema,
  optimizer: z.enum(optimizerIds),
  /** How the learning rate changes over the epochs. */
  schedule: z.enum(scheduleIds),
  /** Epochs over which the learning rate rises from nothing. */
  warmupEpochs: z.number().min(0).max(1000),
  /** Stop after so many epochs without a lower validation loss; null: never. */
  patience: z.number().int().min(1).max(10_000).nullable(),
  /** Keep the weights of the epoch with the lowest validation loss instead of the last one's. */
  keepBest: z.boolean(),
  /** `balanced`: an image of a rare class counts for more, so that all classes count the same. */
  classWeights: z.enum(['none', 'balanced']),
  labelSmoothing: z.number().min(0).max(0.5),
  /** Strength α of mixing pairs of images; 0: off. */
  mixup: z.number().min(0).max(2),
  /** Share of the values left out at random before the head. */
  dropout: z.number().min(0).max(0.9),
  /**
   * A pretrained network: an id, a reference of the list of backbones, or a path, which must be one that the user named
   * on this machine; null: the best one there is.
   */
  backbone: z.string().max(4096).nullable(),
  /** How the backbone wants its pixels; `auto`: as its file records it or as it is known for. */
  preprocess: z.enum(['auto', ...preprocessingNames]),
  /** Units of the dense layer between backbone and head; 0: none. */
  headUnits: z.number().int().min(0).max(4096),
  /** How the backbone's feature map becomes a list of numbers. */
  pooling: z.enum(['flatten', 'average']),
  /** Augmented copies of each training photo whose features are cached; 0: the photo itself only. */
  augmentedCopies: z.number().int().min(0).max(64),
  /** The first layer of the backbone that fine-tuning trains; null: chosen for the backbone. */
  unfreezeFrom: z.string().nullable(),
  /** Epochs that train the head alone, before fine-tuning. */
  headEpochs: z.number().int().min(0).max(10_000),
  headLearningRate: z.number().positive().max(10),
  /** Random changes to the training images; null: none. */
  augmentation: augmentationSettingsSchema.nullable(),
};

/**
 * How much one click trains on a pretrained network: `fast`, a head; `balanced`, its last layers too, where that gains
 * something; `best`, the same on the most accurate network of this machine.
 */
export const trainingModes = ['fast', 'balanced', 'best'] as const;
export type TrainingMode = (typeof trainingModes)[number];

/** What may be wished for; everything left out follows the recipe. */
export const trainingSettingsSchema = z
  .object({
    ...shape,
    /** Null: all training images once an epoch. */
    stepsPerEpoch: z.number().int().min(1).max(1_000_000).nullable(),
    seed,
  })
  .partial();
export type TrainingSettings = z.infer<typeof trainingSettingsSchema>;

/** What changes nothing: for recipes that do not speak of it, and for runs made before there was such a setting. */
const neutral = {
  lecture: false,
  resize: 'filter',
  optimizer: 'rmsprop',
  schedule: 'constant',
  warmupEpochs: 0,
  patience: null,
  keepBest: false,
  classWeights: 'none',
  labelSmoothing: 0,
  mixup: 0,
  dropout: 0,
  backbone: null,
  preprocess: 'auto',
  headUnits: 0,
  pooling: 'average',
  augmentedCopies: 0,
  unfreezeFrom: null,
  headEpochs: 0,
  headLearningRate: 1e-3,
  augmentation: null,
} as const;

/** The settings of a run: nothing left open. */
export const runSettingsSchema = z.object({
  ...shape,
  lecture: shape.lecture.default(neutral.lecture),
  resize: shape.resize.default(neutral.resize),
  optimizer: shape.optimizer.default(neutral.optimizer),
  schedule: shape.schedule.default(neutral.schedule),
  warmupEpochs: shape.warmupEpochs.default(neutral.warmupEpochs),
  patience: shape.patience.default(neutral.patience),
  keepBest: shape.keepBest.default(neutral.keepBest),
  classWeights: shape.classWeights.default(neutral.classWeights),
  labelSmoothing: shape.labelSmoothing.default(neutral.labelSmoothing),
  mixup: shape.mixup.default(neutral.mixup),
  dropout: shape.dropout.default(neutral.dropout),
  backbone: shape.backbone.default(neutral.backbone),
  preprocess: shape.preprocess.default(neutral.preprocess),
  headUnits: shape.headUnits.default(neutral.headUnits),
  pooling: shape.pooling.default(neutral.pooling),
  augmentedCopies: shape.augmentedCopies.default(neutral.augmentedCopies),
  unfreezeFrom: shape.unfreezeFrom.default(neutral.unfreezeFrom),
  headEpochs: shape.headEpochs.default(neutral.headEpochs),
  headLearningRate: shape.headLearningRate.default(neutral.headLearningRate),
  augmentation: shape.augmentation.default(neutral.augmentation),
  stepsPerEpoch: z.number().int().min(1),
  seed,
});
export type RunSettings = z.infer<typeof runSettingsSchema>;

/**
 * A recipe's settings: as a run's, except that `stepsPerEpoch` may be null (all training images, in `minSteps` steps
 * or more) and there is no seed.
 */
export const recipeDefaultsSchema = runSettingsSchema.omit({ seed: true }).extend({
  stepsPerEpoch: z.number().int().nullable(),
  minSteps: z.number().int().min(1).default(1),
  channels: z.union([z.literal(1), z.literal(3)]),
});
export type RecipeDefaults = z.infer<typeof recipeDefaultsSchema>;
/** What a recipe has to say; the rest changes nothing. */
export type RecipeDefaultsInput = z.input<typeof recipeDefaultsSchema>;
