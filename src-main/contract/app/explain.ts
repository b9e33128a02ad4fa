/**
 * Requests that look inside a trained network: its map, activations, filter patterns, class activation heatmaps, and
 * checks on those. Whatever takes time is a stream that ends with `done`; closing it cancels. Pixels do not travel
 * here: every picture is an address below the media handler (`picture…`), to which `pictureAddress` adds options.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { preprocessingSchema } from '../shared/preprocessing.ts';
import { layerRowSchema } from './training.ts';
import { splitSchema } from '../shared/vocabulary.ts';

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

/** How a stream tells how far it is. `total` is null while unknown. */
export const explainProgressSchema = z.object({
  type: z.literal('progress'),
  /** `preparing images`, `computing`, … */
  phase: z.string(),
  done: z.number(),
  total: z.number().nullable(),
});
export type ExplainProgress = z.infer<typeof explainProgressSchema>;

/** A pair of numbers, vertical first. */
const pairSchema = z.tuple([z.number(), z.number()]);

/**
 * What one unit of a layer sees of the network's input: unit `[i, j]` sees `size` pixels beginning at
 * `start + [i, j] · stride` (may begin before the picture, where there is padding). `all`: it sees the whole picture.
 * Null where it cannot be told (transposed convolutions, resizing).
 */
export const receptiveFieldSchema = z.union([
  z.literal('all'),
  z.object({ size: pairSchema, stride: pairSchema, start: pairSchema }),
]);
export type ReceptiveField = z.infer<typeof receptiveFieldSchema>;

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
  /** The activation that follows a convolution as a layer of its own (`conv_1` → `conv_1_relu6`), or null. */
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

export const activationLayerSchema = z.object({
  name: z.string(),
  type: z.string(),
  channels: z.number().int(),
  height: z.number().int(),
  width: z.number().int(),
  /** Channels that are the same everywhere: shown empty. */
  blank: z.array(z.number().int()),
  /** Share of the channels that are blank. */
  sparsity: z.number(),
  /** Share of all values that are 0. */
  zeros: z.number(),
  grid: gridSchema,
  /** All channels, 16 a row, as in the lesson. */
  picture: z.string(),
  /**
   * For each channel: least, greatest and mean activation, and the share of its values that are 0 (its sparsity).
   */
  channelStatistics: z.array(
    z.object({ least: z.number(), greatest: z.number(), mean: z.number(), zeros: z.number() }),
  ),
});
export type ActivationLayer = z.infer<typeof activationLayerSchema>;

export const activationsSchema = z.object({
  type: z.literal('done'),
  /** Keeps for the session, until many others have been made. */
  id: z.string(),
  /** Best first, at most five. */
  predictions: z.array(scoredClassSchema),
  layers: z.array(activationLayerSchema),
  /** The photo as the network sees it: squashed to its square. */
  photo: z.string(),
  /** All layers one above the other; for export. */
  picture: z.string(),
  seconds: z.number(),
});
export type Activations = z.infer<typeof activationsSchema>;

/** One of the photos that excite a channel most. */
export const strongPhotoSchema = z.object({
  image: z.number().int(),
  /** The channel's greatest activation on it. */
  value: z.number(),
  /** The unit that gave it. */
  unit: pairSchema,
  /** What that unit sees, as shares of the photo's height and width: top, left, bottom, right within 0–1. */
  seen: z.tuple([z.number(), z.number(), z.number(), z.number()]),
});
export type StrongPhoto = z.infer<typeof strongPhotoSchema>;

export const strongestSchema = z.object({
  type: z.literal('done'),
  layer: z.string(),
  channel: z.number().int(),
  /** Strongest first. */
  photos: z.array(strongPhotoSchema),
  /** Photos that were looked at, and of how many. */
  looked: z.number().int(),
  total: z.number().int(),
});
export type Strongest = z.infer<typeof strongestSchema>;

/** How filter patterns are made. The defaults are the lesson's; the last three are extras, off by themselves. */
export const patternSettingsSchema = z.object({
  /** Side of a pattern in pixels. */
  size: z.number().int().min(16).max(512).default(64),
  steps: z.number().int().min(1).max(1000).default(40),
  stepSize: z.number().positive().max(100).default(1),
  seed: z.number().int().nonnegative().default(0),
  /** Shifts the picture by up to so many pixels before each step, and back. */
  jitter: z.number().int().min(0).max(32).default(0),
  /** Standard deviation in pixels of a blur after each step. */
  blur: z.number().min(0).max(5).default(0),
  /** Begins small and enlarges by 1.4 so many times; `steps` steps at each size. */
  octaves: z.number().int().min(1).max(6).default(1),
});
export type PatternSettings = z.infer<typeof patternSettingsSchema>;

export const patternsSchema = z.object({
  type: z.literal('done'),
  id: z.string(),
  layer: z.string(),
  /** Filters that the layer has. */
  total: z.number().int(),
  /** Filters shown, in the order of the grid. */
  filters: z.array(z.number().int()),
  /** Those among them that nothing excites: their gradient stayed 0 and the noise is all there is. */
  silent: z.array(z.number().int()),
  /** Mean activation of each filter at the end. */
  activations: z.array(z.number()),
  settings: patternSettingsSchema,
  grid: gridSchema,
  picture: z.string(),
  seconds: z.number(),
  /** Nothing was computed: they were there from an earlier time. */
  cached: z.boolean(),
});
export type Patterns = z.infer<typeof patternsSchema>;

export const heatmapMethods = ['grad-cam', 'grad-cam-plus-plus', 'occlusion'] as const;
export const heatmapMethodSchema = z.enum(heatmapMethods);
export type HeatmapMethod = z.infer<typeof heatmapMethodSchema>;

/**
 * Why a map is empty: `saturated`: the probability is so close to 0 or 1 that nothing changes it; `against`: all that
 * the layer shows speaks against the class; `silent`: the layer's output is 0 everywhere; `unaffected`: (occlusion)
 * covering any part makes the class no less likely.
 */
export const emptyReasonSchema = z.enum(['saturated', 'against', 'silent', 'unaffected']);
export type EmptyReason = z.infer<typeof emptyReasonSchema>;

export const heatmapSchema = z.object({
  id: z.string(),
  method: heatmapMethodSchema,
  /** The layer that the map is of; null for occlusion, which needs none. */
  layer: z.string().nullable(),
  class: z.number().int(),
  label: z.string(),
  /** What the model says for this class. */
  probability: z.number(),
  /** Best first, at most five. */
  predictions: z.array(scoredClassSchema),
  /** Before resizing, 0–1. */
  map: z.array(z.array(z.number())),
  /** Null when there is something to see; else why not, and the same as a sentence. */
  empty: z.object({ reason: emptyReasonSchema, sentence: z.string() }).nullable(),
  /** The map over the photo. Options: `intensity`, `colours`, `of=map` for the map alone, `of=photo`. */
  picture: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  seconds: z.number(),
});
export type Heatmap = z.infer<typeof heatmapSchema>;

/** A heatmap within a grid of photos. */
export const gridHeatmapSchema = heatmapSchema
  .pick({
    class: true,
    label: true,
    probability: true,
    map: true,
    empty: true,
    picture: true,
    width: true,
    height: true,
  })
  .extend({
    image: z.number().int(),
    /** The photo's own class, or null for photos without label. */
    trueLabel: z.string().nullable(),
    predicted: scoredClassSchema,
  });
export type GridHeatmap = z.infer<typeof gridHeatmapSchema>;

export const randomisedSchema = z.object({
  type: z.literal('done'),
  method: heatmapMethodSchema,
  layer: z.string().nullable(),
  class: z.number().int(),
  label: z.string(),
  /** The map with the weights as trained, then with ever more layers shuffled, from the last to the first. */
  steps: z.array(
    z.object({
      /** The first layer (nearest to the input) that is shuffled; null for the trained network. */
      downTo: z.string().nullable(),
      /** Layers whose weights are shuffled. */
      shuffled: z.number().int(),
      map: z.array(z.array(z.number())),
      /** Rank correlation with the trained network's map, −1…1; 1 for itself, 0 when one of the two is empty. */
      similarity: z.number(),
      probability: z.number(),
      picture: z.string(),
    }),
  ),
  /** `passed`: the map depends on the weights. `flagged`: it hardly changes when they are shuffled. */
  verdict: z.enum(['passed', 'flagged', 'undecided']),
  sentence: z.string(),
});
export type Randomised = z.infer<typeof randomisedSchema>;

export const curveSchema = z.object({
  /** Share of the photo's pixels that are deleted or inserted, 0–1. */
  shares: z.array(z.number()),
  /** Probability of the class at each share: pixels in the order of the heatmap. */
  probabilities: z.array(z.number()),
  /** The same in a random order, mean of several. */
  random: z.array(z.number()),
  /** Area under each of the two. */
  area: z.number(),
  randomArea: z.number(),
});
export type Curve = z.infer<typeof curveSchema>;

export const curvesSchema = z.object({
  type: z.literal('done'),
  method: heatmapMethodSchema,
  layer: z.string().nullable(),
  class: z.number().int(),
  label: z.string(),
  /** The most important pixels are greyed first: a good heatmap falls fast. */
  deletion: curveSchema,
  /** The most important pixels come back first into a blurred photo: a good heatmap rises fast. */
  insertion: curveSchema,
  sentence: z.string(),
});
export type Curves = z.infer<typeof curvesSchema>;

const model = { model: explainModelSchema };
/** What a heatmap is of; null class: the one predicted. Null layer: chosen (`overview.heatmapLayer`). */
const target = {
  method: heatmapMethodSchema.default('grad-cam'),
  layer: z.string().nullable().default(null),
  class: z.number().int().nullable().default(null),
};
const photo = { photo: explainPhotoSchema };

/** A stream: progress, then one `done`. */
function steps<Done extends z.ZodObject<{ type: z.ZodLiteral<'done'> }>>(done: Done) {
  return eventIterator(z.discriminatedUnion('type', [explainProgressSchema, done]));
}

export const explainContract = {
  /** The network map, class names, and what to look at first. */
  overview: oc.input(z.object(model)).output(explainOverviewSchema),
  /** Time of each layer on this machine. */
  measure: oc
    .input(z.object({ ...model, batchSize: z.number().int().min(1).max(256).default(1) }))
    .output(steps(layerTimesSchema)),
  /**
   * Activations of one photo. Without `layers`: all convolutions and poolings; `afterActivation` shows the activation
   * in place of a convolution whose activation is a layer of its own.
   */
  activations: oc
    .input(
      z.object({
        ...model,
        ...photo,
        layers: z.array(z.string()).optional(),
        afterActivation: z.boolean().default(false),
      }),
    )
    .output(steps(activationsSchema)),
  /** The photos of the dataset that excite a channel most. At most `limit` photos are looked at, evenly chosen. */
  strongest: oc
    .input(
      z.object({
        ...model,
        layer: z.string(),
        channel: z.number().int().nonnegative(),
        split: splitSchema.optional(),
        count: z.number().int().min(1).max(100).default(12),
        limit: z.number().int().min(1).max(100_000).default(1000),
      }),
    )
    .output(steps(strongestSchema)),
  /** Numbers of one filter of a convolution, for the lab: `values[row][column][input channel]`. */
  kernel: oc
    .input(z.object({ ...model, layer: z.string(), filter: z.number().int().nonnegative() }))
    .output(
      z.object({ values: z.array(z.array(z.array(z.number()))), bias: z.number(), activation: z.string() }),
    ),
  /** Filter patterns of a convolution: `count` filters from `first` on. Null layer: the first convolution. */
  patterns: oc
    .input(
      z.object({
        ...model,
        layer: z.string().nullable().default(null),
        first: z.number().int().nonnegative().default(0),
        count: z.number().int().min(1).max(2048).default(64),
        settings: patternSettingsSchema.prefault({}),
      }),
    )
    .output(steps(patternsSchema)),
  heatmap: oc
    .input(z.object({ ...model, ...photo, ...target }))
    .output(steps(heatmapSchema.extend({ type: z.literal('done') }))),
  /**
   * Heatmaps of many photos: the given ones, or the model's mistakes in a split (at most `limit` of them, the surest
   * first). `towards`: whose evidence is shown. Each comes when it is ready.
   */
  heatmaps: oc
    .input(
      z.object({
        ...model,
        photos: z.union([
          z.object({ images: z.array(z.number().int()).min(1).max(500) }),
          z.object({ mistakesOf: splitSchema, limit: z.number().int().min(1).max(500).default(60) }),
        ]),
        method: z.enum(['grad-cam', 'grad-cam-plus-plus']).default('grad-cam'),
        layer: z.string().nullable().default(null),
        towards: z
          .union([z.enum(['predicted', 'true']), z.number().int().nonnegative()])
          .default('predicted'),
      }),
    )
    .output(
      eventIterator(
        z.discriminatedUnion('type', [
          explainProgressSchema,
          z.object({ type: z.literal('heatmap'), heatmap: gridHeatmapSchema }),
          z.object({
            type: z.literal('done'),
            method: heatmapMethodSchema,
            layer: z.string(),
            shown: z.number().int(),
            /** Mistakes found, also those beyond the limit; null when photos were given. */
            mistakes: z.number().int().nullable(),
            /** Photos that the mistakes were looked for in, or that were given. */
            images: z.number().int(),
          }),
        ]),
      ),
    ),
  /** Does the heatmap depend on what the network has learned? Weights are shuffled layer by layer. */
  randomised: oc.input(z.object({ ...model, ...photo, ...target })).output(steps(randomisedSchema)),
  /** Does the heatmap point at what matters? Deletion and insertion curves. */
  curves: oc.input(z.object({ ...model, ...photo, ...target })).output(steps(curvesSchema)),
};

/** How a picture is drawn. What does not fit a picture is left unheeded. */
export interface PictureOptions {
  /** `png` (the usual), or `svg` with captions. Both carry their settings. */
  readonly format?: 'png' | 'svg';
  readonly colours?: 'viridis' | 'jet' | 'grey' | 'inferno';
  /** Heatmaps: share of the colours that is added to the photo; 0.4 in the lesson. */
  readonly intensity?: number;
  /** Heatmaps: `overlay` (the usual), `map` alone, `photo` alone. Channels: `overlay` or `map` (the usual). */
  readonly of?: 'overlay' | 'map' | 'photo';
  /** Long side at most, in pixels. */
  readonly side?: number;
  /** A name to save it under: the browser downloads it. */
  readonly save?: string;
}

/** An address of a picture with options. */
export function explainPicture(address: string, options: PictureOptions = {}): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length === 0) return address;
  const query = new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
  return `${address}?${query.toString()}`;
}

/** One channel of a layer of activations: large, over the photo with `of: 'overlay'`. */
export function channelPicture(activations: string, layer: string, channel: number): string {
  return `media/explain/${activations}/layer/${encodeURIComponent(layer)}/${channel}`;
}

/** One pattern at its own size. @param place in `filters` */
export function patternPicture(patterns: string, place: number): string {
  return `media/explain/${patterns}/pattern/${place}`;
}
