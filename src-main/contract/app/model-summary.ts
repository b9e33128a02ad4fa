/** A network as a table of its layers. */
import { z } from 'zod';

export const layerRowSchema = z.object({
  name: z.string(),
  type: z.string(),
  outputShape: z.array(z.number().int().nullable()),
  params: z.number().int(),
  trainable: z.boolean(),
  /** Multiplications for one image. */
  multiplications: z.number(),
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
