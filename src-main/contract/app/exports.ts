/** Requests that take a run's model, or its photos, out of the app. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { progressEventSchema } from '../shared/vocabulary.ts';

export const exportFormatSchema = z.object({
  id: z.string(),
  label: z.string(),
  /** What it is for, in a sentence. */
  purpose: z.string(),
  /** The model of a run, or the photos that it learned from. */
  kind: z.enum(['model', 'data']),
});
export type ExportFormatInfo = z.infer<typeof exportFormatSchema>;

/** What rounding costs, on photos whose classes are known: shares of them, 0 to 1. */
export const exportAccuracySchema = z.object({
  photos: z.number().int().positive(),
  /** Answered rightly by the run. */
  run: z.number(),
  /** Answered rightly by the export. */
  export: z.number(),
  /** Answered alike by both. */
  same: z.number(),
});
export type ExportAccuracy = z.infer<typeof exportAccuracySchema>;

export const exportResultSchema = z.object({
  type: z.literal('done'),
  format: z.string(),
  /** The folder that was made. */
  out: z.string(),
  /** Paths in it, sorted. */
  files: z.array(z.string()),
  bytes: z.number(),
  /** What loaded it again. */
  checkedBy: z.string(),
  /** Of a probability, over all golden photos; 0 for photos, which are the same byte by byte. */
  largestDifference: z.number(),
  /** How many photos were compared. */
  images: z.number().int(),
  /** For formats that round so coarsely that it matters; null for others. */
  accuracy: exportAccuracySchema.nullable(),
  /** Photos of the run that are not in it, with the reason. */
  problems: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
  /** For `show`. */
  id: z.string(),
});
export type ExportResult = z.infer<typeof exportResultSchema>;

export type ExportProgress = z.infer<typeof progressEventSchema>;

export const exportsContract = {
  /** What there is to choose from, in the order shown. */
  formats: oc.output(z.array(exportFormatSchema)),
  /**
   * Writes a new folder: `out` names it exactly, else it gets a free name in the picked folder `into`, or in `exports/`
   * of the project. The stream ends with `done`; closing it cancels, and leaves nothing behind.
   */
  write: oc
    .input(
      z.object({
        run: z.string(),
        format: z.string(),
        out: z.string().optional(),
        into: z.string().optional(),
        /** Replaces an earlier export; never anything else. */
        overwrite: z.boolean().default(false),
      }),
    )
    .output(eventIterator(z.discriminatedUnion('type', [progressEventSchema, exportResultSchema]))),
  /** Shows the folder of an export in the system's file manager; where the host has none, nothing happens. */
  show: oc.input(z.object({ id: z.string() })).output(z.void()),
};
