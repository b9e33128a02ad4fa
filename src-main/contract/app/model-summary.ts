/** A network as a table of its layers. */
import { z } from 'zod';

/** A pair of numbers, vertical first. */
export const pairSchema = z.tuple([z.number(), z.number()]);

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

export const layerRowSchema = z.object({
  name: z.string(),
  type: z.string(),
  outputShape: z.array(z.number().int().nullable()),
  params: z.number().int(),
  trainable: z.boolean(),
  /** Of them trainable now. */
  trainableParams: z.number().int(),
  /** Weight tensors that are trainable now. */
  trainableWeights: z.number().int(),
  /** Weight tensors that would be trainable if nothing were frozen. */
  unfrozenWeights: z.number().int(),
  /** Multiplications for one image. */
  multiplications: z.number(),
  /** Where it was worked out. */
  receptiveField: receptiveFieldSchema.nullable().optional(),
});
export type LayerRow = z.infer<typeof layerRowSchema>;

export const modelSummarySchema = z.object({
  layers: z.array(layerRowSchema),
  params: z.number().int(),
  trainableParams: z.number().int(),
  /** Number of trainable weight tensors. */
  trainableWeights: z.number().int(),
  /** How many there would be with nothing frozen. */
  unfrozenWeights: z.number().int(),
  multiplications: z.number(),
  /** What each stage of a recipe trains, in order; only for recipes and runs. */
  stages: z
    .array(
      z.object({ name: z.string(), trainableWeights: z.number().int(), trainableParams: z.number().int() }),
    )
    .optional(),
  /** The layers inside a recipe's pretrained network, `trainable` as in the last stage. */
  backbone: z
    .object({
      name: z.string(),
      layers: z.array(layerRowSchema),
      /** A sentence for each thing that its file does not say. */
      assumed: z.array(z.string()).optional(),
    })
    .optional(),
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;
