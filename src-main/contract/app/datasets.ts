/** Requests about images: import, counts, listing, splitting. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  errorCodeSchema,
  errorDataSchema,
  progressSchema,
  splitCountsSchema,
  splitSchema,
} from '../shared/vocabulary.ts';
import { idRangesSchema } from '../shared/id-ranges.ts';
import { fetchEventSchema, maxAddresses } from '../shared/web-addresses.ts';
import { maxCharacters } from './text-limits.ts';

/** Photos that one request may ask the versions of. */
export const maxPhotoVersions = 5000;

/** The class that all photos of an import get, by its name; it is made when there is none of it. */
const importLabelSchema = z.string().trim().min(1).max(maxCharacters.className);

export const importStateSchema = z.object({
  id: z.string(),
  status: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** What is being imported, for people to read. */
  source: z.string(),
  progress: progressSchema,
  added: z.number().int(),
  /** Files already in the project (same bytes), skipped. */
  known: z.number().int(),
  quarantined: z.number().int(),
  error: errorDataSchema.nullable(),
  /** What was left out or had to be assumed, counted: nothing failed. */
  remarks: z.array(errorDataSchema),
});
export type ImportState = z.infer<typeof importStateSchema>;

export const quarantinedSchema = z.object({
  path: z.string(),
  code: errorCodeSchema,
  message: z.string(),
  remedy: z.string(),
});
export type QuarantinedFile = z.infer<typeof quarantinedSchema>;

export const classSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  /** Place in the palette and in the model's outputs. */
  index: z.number().int(),
  images: z.number().int(),
  /** "None of these": photos of anything else. */
  none: z.boolean(),
});
export type DatasetClass = z.infer<typeof classSchema>;

export const datasetSummarySchema = z.object({
  images: z.number().int(),
  unlabelled: z.number().int(),
  /** Images that are left out; in none of the other counts. */
  excluded: z.number().int(),
  /** Labelled images that are in no split yet. */
  unassigned: z.number().int(),
  quarantined: z.number().int(),
  classes: z.array(classSchema),
  splits: splitCountsSchema,
  /** Where the split comes from: the folders' names, a seeded draw, or nothing yet. */
  splitOrigin: z.enum(['folders', 'seeded', 'none']),
  splitSeed: z.number().int().nullable(),
});
export type DatasetSummary = z.infer<typeof datasetSummarySchema>;

export const imageFilterSchema = z.object({
  classId: z.number().int().optional(),
  split: splitSchema.optional(),
  /** True: images without label only. */
  unlabelled: z.boolean().optional(),
  /** Part of the path, case-insensitive. */
  text: z.string().max(200).optional(),
  /** True: only photos that are left out; without it only those that are not. */
  excluded: z.boolean().optional(),
  /** True: photos with a comment only. */
  commented: z.boolean().optional(),
  /** Photos with a finding of this check that was not dismissed. */
  check: z.string().max(80).optional(),
  /** Photos of this finding. */
  finding: z.number().int().optional(),
  /** The run whose predictions are meant; without it the best finished one that has some. */
  run: z.string().max(80).optional(),
  /** Whether the prediction agrees with the label; `none`: photos without one. */
  prediction: z.enum(['right', 'wrong', 'none']).optional(),
  predictedClassId: z.number().int().optional(),
  /** Bounds of the predicted class's probability, 0–1. */
  confidenceFrom: z.number().min(0).max(1).optional(),
  confidenceTo: z.number().min(0).max(1).optional(),
  /** Only these photos, as id ranges. */
  images: idRangesSchema.optional(),
});
export type ImageFilter = z.infer<typeof imageFilterSchema>;

export const imageSchema = z.object({
  id: z.number().int(),
  path: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  format: z.string(),
  classId: z.number().int().nullable(),
  split: splitSchema.nullable(),
  /** Left out of training, testing and checks. */
  excluded: z.boolean(),
  comment: z.string().nullable(),
  /** When the camera took it, ISO 8601 without a zone; null when the file does not say. */
  takenAt: z.string().nullable(),
  camera: z.string().nullable(),
  /** Ids of the checks that found something, dismissed findings left out. */
  checks: z.array(z.string()),
  /** Of the run asked for, or the best finished one that has some. */
  prediction: z.object({ classId: z.number().int(), probability: z.number() }).nullable(),
});
export type DatasetImage = z.infer<typeof imageSchema>;

export const splitFractionsSchema = z.object({
  train: z.number().min(0).max(1),
  validation: z.number().min(0).max(1),
  test: z.number().min(0).max(1),
});
export type SplitFractions = z.infer<typeof splitFractionsSchema>;

export const datasetsContract = {
  /**
   * Begins to receive dropped files. The bytes follow as `PUT /upload/<id>?path=<relative path>` to the media
   * handler, one request a file; then `startImport({ uploads: [id] })`.
   */
  beginUpload: oc
    .input(
      z.object({
        name: z.string().max(200),
        /**
         * The bytes come from the camera, a video or the clipboard and are nowhere else: what was sent is imported
         * when the project is next opened, should the page go away before `startImport`. `label` is their class.
         */
        capture: z.object({ label: importLabelSchema.nullable() }).optional(),
      }),
    )
    .output(z.object({ id: z.string() })),
  /** Removes an upload that was not imported: what was begun is not wanted any more. */
  discardUpload: oc.input(z.object({ id: z.string() })).output(z.void()),
  /** Opens the system's folder picker (desktop only); null when dismissed. */
  pickFolder: oc
    .input(z.object({ title: z.string().max(120) }))
    .output(z.object({ pick: z.string(), name: z.string() }).nullable()),
  startImport: oc
    .input(
      z.object({
        picks: z.array(z.string()).default([]),
        uploads: z.array(z.string()).default([]),
      }),
    )
    .output(z.object({ importId: z.string() })),
  /**
   * Fetches pictures from web addresses into an upload, at the user's word. Only pictures come in, told by their
   * content; addresses of this machine and of private networks are refused.
   */
  fetchAddresses: oc
    .input(
      z.object({
        addresses: z.array(z.string().max(4096)).min(1).max(maxAddresses),
        label: importLabelSchema.nullable(),
      }),
    )
    .output(eventIterator(fetchEventSchema)),
  cancelImport: oc.output(z.void()),
  /** The running or the last import of this session. */
  importState: oc.output(importStateSchema.nullable()),
  quarantine: oc.output(z.array(quarantinedSchema)),
  summary: oc.output(datasetSummarySchema),
  /** Ids of the images that fit, in display order. The grid asks for details by window. */
  listImages: oc.input(imageFilterSchema).output(z.array(z.number().int())),
  getImages: oc
    .input(z.object({ ids: z.array(z.number().int()).max(2000), run: z.string().max(80).optional() }))
    .output(z.array(imageSchema)),
  /** What names the present content of each photo in its address, in the order asked for; null for unknown ids. */
  photoVersions: oc
    .input(z.object({ ids: z.array(z.number().int()).max(maxPhotoVersions) }))
    .output(z.array(z.string().nullable())),
  /** A seeded, stratified split of all labelled images; replaces the one before. */
  makeSplit: oc
    .input(
      z.object({
        fractions: splitFractionsSchema,
        seed: z
          .number()
          .int()
          .min(0)
          .max(2 ** 31 - 1),
      }),
    )
    .output(datasetSummarySchema),
};
