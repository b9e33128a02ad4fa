/** What other programs may ask of a model over HTTP (`lenslet serve --model`); `/openapi.json` is made of it. */
import { z } from 'zod';

export const scoreSchema = z.object({ label: z.string(), probability: z.number().min(0).max(1) });

const apiErrorSchema = z.object({
  code: z.string().describe('Stable; for programs.'),
  message: z.string().describe('What happened; for people.'),
  remedy: z.string().describe('What can be done.'),
});

/** The body of every answer that is no success. */
export const apiFailureSchema = z.object({ error: apiErrorSchema });
export type ApiFailure = z.infer<typeof apiFailureSchema>;

export const apiPredictionSchema = z.object({
  image: z.string().describe('The name of the file as it was sent.'),
  label: z.string().nullable().describe('The most probable class; null where the photo cannot be read.'),
  probability: z.number().nullable(),
  unknown: z.boolean().describe('True where the photo is probably of none of the classes.'),
  top: z.array(scoreSchema).describe('The most probable classes, best first.'),
  heatmap: z
    .object({
      label: z.string().describe('The class that is explained: the most probable one.'),
      layer: z.string().nullable().describe('The layer that was looked at.'),
      map: z
        .array(z.array(z.number()))
        .describe('Rows from top to bottom, 0 to 1; to be laid over the photo.'),
    })
    .nullable()
    .optional()
    .describe('What made the network decide so (Grad-CAM), where it was asked for.'),
  error: apiErrorSchema.nullable().describe('Why the photo cannot be read; null where it can.'),
});
export type ApiPrediction = z.infer<typeof apiPredictionSchema>;

/** What is sent to have photos fetched from the web, where the server allows it. */
export const apiAddressesSchema = z.object({
  urls: z.array(z.string()).min(1).describe('Public addresses of photos, http or https.'),
});

export const apiAnswerSchema = z.object({ predictions: z.array(apiPredictionSchema) });

export const apiModelSchema = z.object({
  name: z.string(),
  classes: z.array(z.string()),
  imageSize: z.number().int(),
  channels: z.number().int(),
  preprocessing: z.string(),
  lenslet: z.string().describe('The program and its version.'),
});
export type ApiModel = z.infer<typeof apiModelSchema>;

export const apiHealthSchema = z.object({
  status: z.enum(['ready', 'stopping']),
  waiting: z.number().int().describe('Photos in the queue.'),
});
