/**
 * Requests that look inside a trained network: its map, activations, filter patterns, class activation heatmaps, and
 * checks on those. Whatever takes time is a stream that ends with `done`; closing it cancels. Pixels do not travel
 * here: every picture is an address below the media handler (`picture…`), to which `explainPicture` adds options.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { progressEventSchema, splitSchema } from '../shared/vocabulary.ts';
import { activationsSchema, strongestSchema } from './explain/activations.ts';
import {
  curvesSchema,
  gridHeatmapSchema,
  heatmapMethodSchema,
  heatmapSchema,
  randomisedSchema,
} from './explain/heatmaps.ts';
import {
  explainModelSchema,
  explainOverviewSchema,
  explainPhotoSchema,
  layerTimesSchema,
} from './explain/network.ts';
import { patternSettingsSchema, patternsSchema } from './explain/patterns.ts';

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
  return eventIterator(z.discriminatedUnion('type', [progressEventSchema, done]));
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
   * in place of a convolution whose activation is a separate layer.
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
          progressEventSchema,
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
