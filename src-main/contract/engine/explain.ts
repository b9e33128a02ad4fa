/**
 * Requests to the engine process that look inside a network: what `explain.ts` asks of the main process, with photos as
 * slots of tile packs and pictures as files of plain bytes.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { progressEventSchema } from '../shared/vocabulary.ts';
import { modelDescriptionSchema, tilePackSchema } from './engine.ts';
import { preprocessingSchema } from '../shared/preprocessing.ts';
import { activationLayerSchema } from '../app/explain/activations.ts';
import { emptyReasonSchema, heatmapMethodSchema } from '../app/explain/heatmaps.ts';
import { mapLayerSchema, scoredClassSchema } from '../app/explain/network.ts';
import { patternSettingsSchema } from '../app/explain/patterns.ts';

const model = {
  /** Path of a model file. */
  model: z.string(),
  preprocessing: preprocessingSchema.optional(),
};
const slot = z.number().int().nonnegative();
const photo = { tiles: tilePackSchema, slot };
const wish = {
  method: heatmapMethodSchema,
  layer: z.string().nullable(),
  class: z.number().int().nullable(),
};

/** A heatmap without its picture. */
export const engineHeatmapSchema = z.object({
  layer: z.string().nullable(),
  class: z.number().int(),
  label: z.string(),
  probability: z.number(),
  /** Best first, at most five. */
  predictions: z.array(scoredClassSchema),
  /** 0–1. */
  map: z.array(z.array(z.number())),
  empty: emptyReasonSchema.nullable(),
});
export type EngineHeatmap = z.infer<typeof engineHeatmapSchema>;

export const engineActivationsSchema = z.object({
  predictions: z.array(scoredClassSchema),
  layers: z.array(
    activationLayerSchema.omit({ grid: true, picture: true }).extend({
      /** Where its channels begin in the file: `height · width` bytes each, one after another. */
      offset: z.number().int(),
    }),
  ),
});
export type EngineActivations = z.infer<typeof engineActivationsSchema>;

export const enginePatternsSchema = z.object({
  layer: z.string(),
  total: z.number().int(),
  filters: z.array(z.number().int()),
  silent: z.array(z.number().int()),
  activations: z.array(z.number()),
  /** Its name in the folder: `size · size · channels` bytes for each filter, one after another. */
  file: z.string(),
  channels: z.union([z.literal(1), z.literal(3)]),
  cached: z.boolean(),
});
export type EnginePatterns = z.infer<typeof enginePatternsSchema>;

const curve = z.object({
  shares: z.array(z.number()),
  probabilities: z.array(z.number()),
  random: z.array(z.number()),
  area: z.number(),
  randomArea: z.number(),
});

/** A stream: progress, then one `done`. */
function steps<Shape extends z.ZodRawShape>(done: z.ZodObject<Shape>) {
  return eventIterator(
    z.discriminatedUnion('type', [progressEventSchema, z.object({ type: z.literal('done'), result: done })]),
  );
}

export const engineExplainContract = {
  overview: oc.input(z.object(model)).output(
    z.object({
      description: modelDescriptionSchema,
      layers: z.array(mapLayerSchema),
      heatmapLayer: z.string().nullable(),
    }),
  ),
  kernel: oc.input(z.object({ ...model, layer: z.string(), filter: z.number().int() })).output(
    z.object({
      values: z.array(z.array(z.array(z.number()))),
      bias: z.number(),
      activation: z.string(),
    }),
  ),
  measure: oc.input(z.object({ ...model, batchSize: z.number().int().positive() })).output(
    steps(
      z.object({
        layers: z.array(z.object({ name: z.string(), milliseconds: z.number() })),
        wholeMilliseconds: z.number(),
      }),
    ),
  ),
  /** The channels are written to the file `into`. */
  activations: oc
    .input(
      z.object({
        ...model,
        ...photo,
        layers: z.array(z.string()).nullable(),
        afterActivation: z.boolean(),
        into: z.string(),
      }),
    )
    .output(engineActivationsSchema),
  strongest: oc
    .input(
      z.object({
        ...model,
        tiles: tilePackSchema,
        slots: z.array(slot).min(1),
        layer: z.string(),
        channel: z.number().int(),
        count: z.number().int(),
      }),
    )
    .output(
      steps(
        z.object({
          layer: z.string(),
          photos: z.array(
            z.object({
              /** Its place in `slots`. */
              place: z.number().int(),
              value: z.number(),
              unit: z.tuple([z.number(), z.number()]),
              /** Top, left, bottom, right as shares of the photo. */
              seen: z.tuple([z.number(), z.number(), z.number(), z.number()]),
            }),
          ),
        }),
      ),
    ),
  /** The pictures are written to a file in `folder`, from which they are taken the next time. */
  patterns: oc
    .input(
      z.object({
        ...model,
        layer: z.string().nullable(),
        first: z.number().int().nonnegative(),
        count: z.number().int().positive(),
        settings: patternSettingsSchema,
        folder: z.string(),
      }),
    )
    .output(steps(enginePatternsSchema)),
  heatmap: oc.input(z.object({ ...model, ...photo, ...wish })).output(steps(engineHeatmapSchema)),
  /** One after another, in the order of `slots`; `classes` holds what to explain of each, null the predicted one. */
  heatmaps: oc
    .input(
      z.object({
        ...model,
        tiles: tilePackSchema,
        slots: z.array(slot).min(1),
        classes: z.array(z.number().int().nullable()),
        method: heatmapMethodSchema,
        layer: z.string().nullable(),
      }),
    )
    .output(eventIterator(z.object({ place: z.number().int(), heatmap: engineHeatmapSchema }))),
  randomised: oc.input(z.object({ ...model, ...photo, ...wish })).output(
    steps(
      z.object({
        steps: z.array(
          z.object({
            downTo: z.string().nullable(),
            shuffled: z.number().int(),
            similarity: z.number(),
            heatmap: engineHeatmapSchema,
          }),
        ),
        verdict: z.enum(['passed', 'flagged', 'undecided']),
      }),
    ),
  ),
  curves: oc
    .input(z.object({ ...model, ...photo, ...wish }))
    .output(steps(z.object({ heatmap: engineHeatmapSchema, deletion: curve, insertion: curve }))),
};
export type EngineExplainContract = typeof engineExplainContract;
