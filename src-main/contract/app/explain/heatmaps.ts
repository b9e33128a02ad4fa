/** Class activation heatmaps, and checks on them. */
import { z } from 'zod';
import { scoredClassSchema } from './network.ts';

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
