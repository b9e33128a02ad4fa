/** Filter patterns: pictures that excite a filter. */
import { z } from 'zod';
import { gridSchema } from './network.ts';

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
