/** Requests about how Lenslet uses this machine: the engine's arithmetic, and the room the cache takes. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';

/** Fast mathematics (bfloat16): faster where the processor has instructions for it, at the cost of digits. */
export const fastMathSchema = z.object({
  on: z.boolean(),
  /** True on a processor that gains from it; elsewhere it changes nothing and need not be shown. */
  offered: z.boolean(),
  /** The processor's instructions that it uses; null where that cannot be told. */
  instructions: z.array(z.string()).nullable(),
});
export type FastMath = z.infer<typeof fastMathSchema>;

export const engineSettingsSchema = z.object({
  fastMath: fastMathSchema,
  /** Cores the engine computes with, the limits of containers included. */
  cores: z.number().int(),
  /** True while the engine still runs with the settings from before, because it is at work. */
  pending: z.boolean(),
});
export type EngineSettings = z.infer<typeof engineSettingsSchema>;

/** A pair of numbers: as exact as it gets, and with fast mathematics. */
const pair = <Value extends z.ZodType>(value: Value) => z.object({ exact: value, fast: value });

/** What fast mathematics is worth on this machine, for a run's own model. */
export const fastMathComparisonSchema = z.object({
  run: z.string(),
  /** Images that both have predicted. */
  images: z.number().int(),
  /** Median milliseconds of a training step of the lesson's convnet. */
  stepMilliseconds: pair(z.number().nullable()),
  /** Seconds to predict the images with the run's model. */
  predictSeconds: pair(z.number()),
  /** Share of the images that each gives their label. */
  accuracy: pair(z.number()),
  /** Images that get another class. */
  changed: z.number().int(),
  /** Between the two probabilities of one class of one image. */
  largestDifference: z.number(),
  meanDifference: z.number(),
});
export type FastMathComparison = z.infer<typeof fastMathComparisonSchema>;

export const cachePartSchema = z.object({
  /** `thumbnails`, or a tile pack by its shape, e.g. `150x3`. */
  name: z.string(),
  kind: z.enum(['tiles', 'thumbnails']),
  bytes: z.number(),
  images: z.number().int(),
  /** When a pack was used last, as ISO date; null for the thumbnails. */
  usedAt: z.string().nullable(),
  /** It cannot be removed now. */
  inUse: z.boolean(),
});

/** What can be made again at any time, and the room it takes. Bytes throughout. */
export const cacheUsageSchema = z.object({
  parts: z.array(cachePartSchema),
  bytes: z.number(),
  /** Beyond it the packs unused for longest are removed. */
  limit: z.number(),
  /** False when the limit is a share of the drive. */
  limitIsSet: z.boolean(),
  /** Free on the drive; null where that cannot be told. */
  free: z.number().nullable(),
});
export type CacheUsage = z.infer<typeof cacheUsageSchema>;

export const settingsContract = {
  engine: oc.output(engineSettingsSchema),
  /** Changes the engine's settings; it starts again with them as soon as it has nothing to do. */
  setEngine: oc.input(z.object({ fastMath: z.boolean() })).output(engineSettingsSchema),
  /** Compares speed and results with and without fast mathematics, on a run's model and images of its project. */
  measureFastMath: oc
    .input(z.object({ run: z.string(), images: z.number().int().min(1).max(2000).default(200) }))
    .output(
      eventIterator(
        z.discriminatedUnion('type', [
          z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int() }),
          z.object({ type: z.literal('done'), comparison: fastMathComparisonSchema }),
        ]),
      ),
    ),
  /** The open project's cache. */
  cache: oc.output(cacheUsageSchema),
  /** Removes parts of it, all that are not in use when none is named. They are made again when they are wanted. */
  clearCache: oc.input(z.object({ parts: z.array(z.string()).optional() })).output(cacheUsageSchema),
  /** Sets the limit, in bytes; null for a share of the drive. */
  setCacheLimit: oc
    .input(z.object({ bytes: z.number().int().min(100_000_000).nullable() }))
    .output(cacheUsageSchema),
};
