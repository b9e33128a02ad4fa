/** What the engine process is asked for exports. */
import { z } from 'zod';
import { exportAccuracySchema } from '../app/exports.ts';
import { judgementSchema } from '../shared/calibration.ts';
import { progressEventSchema } from '../shared/vocabulary.ts';
import { preprocessingSchema } from '../shared/preprocessing.ts';

/** Where a model comes from: what travels with it, for whoever uses it. */
export const exportAboutSchema = z.object({
  /** Name and version of the program. */
  lenslet: z.string(),
  run: z.string(),
  name: z.string(),
  recipe: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  /** SHA-256 over the contents, classes and splits of its images. */
  dataHash: z.string(),
  /** On the test images; null where it was not tested. */
  accuracy: z.number().nullable(),
  /** The pretrained network that it is built on. */
  backbone: z
    .object({ id: z.string().nullable(), label: z.string(), licence: z.string().nullable() })
    .nullable(),
});
export type ExportAbout = z.infer<typeof exportAboutSchema>;

export const exportRequestSchema = z.object({
  format: z.string(),
  model: z.string(),
  classes: z.array(z.string()),
  about: exportAboutSchema,
  /** The folder that is written into. */
  folder: z.string(),
  /** The golden photos. */
  tiles: z.object({
    path: z.string(),
    size: z.number().int().positive(),
    channels: z.union([z.literal(1), z.literal(3)]),
  }),
  slots: z.array(z.number().int().nonnegative()).min(1).max(10),
  /** Photos with known classes, for formats that are fitted to them and measured on them. */
  measured: z
    .object({
      slots: z.array(z.number().int().nonnegative()).min(1),
      labels: z.array(z.number().int().nonnegative()).min(1),
    })
    .optional(),
});
export type ExportRequest = z.infer<typeof exportRequestSchema>;

export const exportEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  z.object({
    type: z.literal('done'),
    /** What the run says of each golden photo. */
    golden: z.array(
      z.object({
        /** One per class. */
        probabilities: z.array(z.number()),
        /** Null where nothing was fitted for the model. */
        judgement: judgementSchema.nullable(),
      }),
    ),
    checkedBy: z.string(),
    largestDifference: z.number(),
    tolerance: z.number(),
    /** The most by which a distance from the training photos may differ. */
    distanceTolerance: z.number(),
    accuracy: exportAccuracySchema.nullable(),
    imageSize: z.number().int(),
    channels: z.union([z.literal(1), z.literal(3)]),
    preprocessing: preprocessingSchema,
  }),
]);
export type ExportEvent = z.infer<typeof exportEventSchema>;
