/** The network that is explained: which model, which photo, and the map of its layers. */
import { z } from 'zod';
import { type progressEventSchema } from '../../shared/vocabulary.ts';
import { preprocessingSchema } from '../../shared/preprocessing.ts';
import { layerRowSchema, receptiveFieldSchema } from '../model-summary.ts';

/** What the user says of a model, which wins over what its file records or is known for. */
const given = { preprocessing: preprocessingSchema.optional() };

/** Which model to look into. */
export const explainModelSchema = z.discriminatedUnion('kind', [
  /** A run of the project as it is now, or as it was after an epoch that was kept (`overview.epochs`). */
  z.object({
    kind: z.literal('run'),
    run: z.string(),
    epoch: z.number().int().nonnegative().optional(),
  }),
  /** A picked model file, or a folder that holds one. */
  z.object({ kind: z.literal('pick'), pick: z.string(), ...given }),
  /** Dropped files: a `model.json` with its weights, or one `.h5` or `.keras` file. */
  z.object({ kind: z.literal('upload'), upload: z.string(), ...given }),
  /** A backbone on this machine, by what `backbones.list` calls it. */
  z.object({ kind: z.literal('backbone'), reference: z.string(), ...given }),
]);
export type ExplainModel = z.infer<typeof explainModelSchema>;

/** Which photo to show to it. A photo from the camera is an upload. */
export const explainPhotoSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), image: z.number().int() }),
  /** The n-th file of an upload, in the order of their paths. */
  z.object({
    kind: z.literal('upload'),
    upload: z.string(),
    index: z.number().int().nonnegative().default(0),
  }),
  z.object({ kind: z.literal('pick'), pick: z.string() }),
]);
export type ExplainPhoto = z.infer<typeof explainPhotoSchema>;

export type ExplainProgress = z.infer<typeof progressEventSchema>;

/** One layer of the network map. Layers of nested models stand in place of the model they make up. */
export const mapLayerSchema = layerRowSchema.extend({
  /** The nested model that it is part of, or null. */
  within: z.string().nullable(),
  /** Names of the layers that it takes its input from. */
  inputs: z.array(z.string()),
  receptiveField: receptiveFieldSchema.nullable(),
  /** Height, width and channels of its filters; null for layers without. */
  kernel: z.tuple([z.number().int(), z.number().int(), z.number().int()]).nullable(),
  /** Filters that can be shown as patterns; 0 for other layers than convolutions. */
  filters: z.number().int(),
  /** Its output is made of maps, so its activations and heatmaps on it can be shown. */
  spatial: z.boolean(),
  /** A convolution or pooling: shown by `activations` unless other layers are asked for. */
  shown: z.boolean(),
  /** The activation that follows a convolution as a separate layer (`conv_1` → `conv_1_relu6`), or null. */
  activatedBy: z.string().nullable(),
});
export type MapLayer = z.infer<typeof mapLayerSchema>;

export const explainOverviewSchema = z.object({
  /** What to call the model. */
  name: z.string(),
  classes: z.array(z.string()),
  imageSize: z.number().int(),
  channels: z.union([z.literal(1), z.literal(3)]),
  preprocessing: preprocessingSchema,
  /** A sentence for each thing that its file does not say. */
  assumed: z.array(z.string()),
  layers: z.array(mapLayerSchema),
  params: z.number().int(),
  trainableParams: z.number().int(),
  trainableWeights: z.number().int(),
  /** Weight tensors that would be trainable if nothing were frozen. */
  unfrozenWeights: z.number().int(),
  multiplications: z.number(),
  /** The layer that heatmaps use by themselves; null for a network without convolutions. */
  heatmapLayer: z.string().nullable(),
  /** Epochs whose model was kept and can be asked for; the newest last. Empty for other models than runs. */
  epochs: z.array(z.number().int()),
});
export type ExplainOverview = z.infer<typeof explainOverviewSchema>;

export const layerTimesSchema = z.object({
  type: z.literal('done'),
  engine: z.string(),
  device: z.string(),
  /** Images that went through at once. */
  batchSize: z.number().int(),
  /** Median milliseconds for one image, in the order of `overview.layers`. */
  layers: z.array(z.object({ name: z.string(), milliseconds: z.number() })),
  milliseconds: z.number(),
  /** The whole network in one go, as it is used for prediction. */
  wholeMilliseconds: z.number(),
});
export type LayerTimes = z.infer<typeof layerTimesSchema>;

/** One class with what the model says for the photo. */
export const scoredClassSchema = z.object({
  class: z.number().int(),
  label: z.string(),
  probability: z.number(),
});
export type ScoredClass = z.infer<typeof scoredClassSchema>;

/** A grid of tiles in a picture, for finding the one under the pointer. In pixels of the picture at its own size. */
export const gridSchema = z.object({
  columns: z.number().int(),
  rows: z.number().int(),
  tileWidth: z.number().int(),
  tileHeight: z.number().int(),
  /** Between two tiles. */
  margin: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});
export type Grid = z.infer<typeof gridSchema>;
