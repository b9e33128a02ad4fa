/** Activations of layers, and the photos that excite a channel most. */
import { z } from 'zod';
import { pairSchema } from '../model-summary.ts';
import { gridSchema, scoredClassSchema } from './network.ts';

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
