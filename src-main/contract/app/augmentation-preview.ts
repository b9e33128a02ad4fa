/** Requests about augmentation: what there is, what the project uses, and how its photos look then. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { augmentationSettingsSchema, augmentationValueSchema } from '../shared/augmentation.ts';
import { preprocessingSchema } from '../shared/preprocessing.ts';
import { trainingSettingsSchema } from '../shared/training-settings.ts';

/** A slider: with one handle, or with two where `default` is a pair. */
export const augmentationParamSchema = z.object({
  /** As in Keras where Keras has it, e.g. `rotation_range`. */
  name: z.string(),
  title: z.string(),
  /** `%`: the value is a fraction of 1. `×`: a factor. */
  unit: z.enum(['°', '%', '×']),
  min: z.number(),
  max: z.number(),
  step: z.number(),
  default: augmentationValueSchema,
});
export type AugmentationParam = z.infer<typeof augmentationParamSchema>;

export const augmentationInfoSchema = z.object({
  id: z.string(),
  label: z.string(),
  description: z.string(),
  kind: z.enum(['geometric', 'colour', 'pixels']),
  params: z.array(augmentationParamSchema),
});
export type AugmentationInfo = z.infer<typeof augmentationInfoSchema>;

export const augmentationPresetSchema = z.object({
  id: z.string(),
  label: z.string(),
  description: z.string(),
  settings: augmentationSettingsSchema,
});
export type AugmentationPreset = z.infer<typeof augmentationPresetSchema>;

/** An image of the project with its class. */
export const previewedPhotoSchema = z.object({
  image: z.number().int(),
  path: z.string(),
  label: z.string().nullable(),
});
export type PreviewedPhoto = z.infer<typeof previewedPhotoSchema>;

/** One picture that holds many of equal size, row by row. */
export const pictureSheetSchema = z.object({
  /** Under the media handler. */
  address: z.string(),
  columns: z.number().int(),
  /** Width and height of each in pixels. */
  size: z.number().int(),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** How many it holds. */
  count: z.number().int(),
});
export type PictureSheet = z.infer<typeof pictureSheetSchema>;

const seedSchema = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);

/** Several random results of one photo. */
export const photoPreviewSchema = z.object({
  photo: previewedPhotoSchema,
  /** First the photo as training gets it, then the results. */
  sheet: pictureSheetSchema,
});
export type PhotoPreview = z.infer<typeof photoPreviewSchema>;

/** What a number of a batch may be, once it is preprocessed. */
export const valueRangeSchema = z.object({ min: z.number(), max: z.number(), mean: z.number() });

/** One batch of a training run, as the network gets it. */
export const batchPreviewSchema = z.object({
  recipe: z.string(),
  /** The recipes whose steps see pictures, and so can be asked for. */
  choices: z.array(z.object({ id: z.string(), label: z.string() })),
  batchSize: z.number().int(),
  seed: z.number().int(),
  /** Counted from 1. */
  step: z.number().int(),
  epoch: z.number().int(),
  stepsPerEpoch: z.number().int(),
  steps: z.number().int(),
  /** False for recipes that train on the photos as they are. */
  augments: z.boolean(),
  /** Pairs of these pictures are mixed before the network gets them. */
  mixes: z.boolean(),
  preprocessing: preprocessingSchema,
  /** Names of the classes, in the order of the labels. */
  classes: z.array(z.string()),
  /** The photos of the batch in order; of a very large batch the first. */
  photos: z.array(previewedPhotoSchema.extend({ labelIndex: z.number().int() })),
  /** Images in the whole batch. */
  images: z.number().int(),
  /** The photos as they are, in the same order. */
  before: pictureSheetSchema,
  after: pictureSheetSchema,
  /** Of the numbers that the network gets. */
  range: valueRangeSchema,
});
export type BatchPreview = z.infer<typeof batchPreviewSchema>;

export const augmentationContract = {
  /** Every augmentation there is, and ready-made settings. */
  catalogue: oc.output(
    z.object({ augmentations: z.array(augmentationInfoSchema), presets: z.array(augmentationPresetSchema) }),
  ),
  /** What the project uses in recipes that augment; null while nobody has chosen: then each recipe's own. */
  get: oc.output(augmentationSettingsSchema.nullable()),
  /** Sets it; null gives it back to the recipes. */
  set: oc
    .input(z.object({ settings: augmentationSettingsSchema.nullable() }))
    .output(augmentationSettingsSchema.nullable()),
  /** Training photos to look at, some of each class. */
  photos: oc.output(z.array(previewedPhotoSchema)),
  /** A photo, without one the first for training; null when there is none. */
  photo: oc
    .input(
      z.object({
        settings: augmentationSettingsSchema,
        image: z.number().int().optional(),
        count: z.number().int().min(1).max(64).default(15),
        seed: seedSchema,
      }),
    )
    .output(photoPreviewSchema.nullable()),
  /**
   * What a step of a run sees, to the last number, when its recipe augments with these settings. Without a recipe: the
   * one-click choice, or the lesson's augmented recipe where that does not change pictures.
   */
  batch: oc
    .input(
      z.object({
        settings: augmentationSettingsSchema,
        recipe: z.string().optional(),
        training: trainingSettingsSchema.default({}),
        step: z.number().int().min(1).default(1),
      }),
    )
    .output(batchPreviewSchema),
};
