/**
 * Requests about editing the dataset: labels, classes, splits, comments; the journal with undo and redo; the grid's
 * lists and saved views; labels from and to files.
 *
 * Every edit goes through `apply`, is one journal entry and can be undone, also after a restart. When the answer is
 * there, the edit is on the disk: what is shown as saved is saved.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorCodeSchema } from '../shared/vocabulary.ts';
import { datasetSummarySchema, imageFilterSchema, splitFractionsSchema } from './datasets.ts';
import {
  appliedEditSchema,
  editPreviewSchema,
  editSchema,
  journalEntrySchema,
  journalStateSchema,
} from './edits.ts';
import { maxCharacters } from './text-limits.ts';

export const photoSortSchema = z.object({
  by: z.enum([
    'added',
    'name',
    'class',
    'taken',
    'modified',
    'pixels',
    'bytes',
    /** Of the prediction. Photos without one come last. */
    'confidence',
    /** Of the findings; the worst first. */
    'severity',
    /** Of the suggested label; the least certain first. Photos without one come last. */
    'uncertainty',
    /** What is best labelled next: what suggestions are unsure of, many photos are like, and is unlike the one before. */
    'next',
  ]),
  descending: z.boolean().default(false),
});
export type PhotoSort = z.infer<typeof photoSortSchema>;

export const photoListSchema = z.object({
  /** Image ids in order: `unpackIds`. */
  ids: z.string(),
  total: z.number().int(),
  revision: z.number().int(),
});
export type PhotoList = z.infer<typeof photoListSchema>;

/** A named filter with its order. */
export const savedViewSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  filter: imageFilterSchema,
  sort: photoSortSchema,
});
export type SavedView = z.infer<typeof savedViewSchema>;

/** Everything about one photo, for the details pane. */
export const photoDetailsSchema = z.object({
  id: z.number().int(),
  /** From the file itself: camera, exposure, date, place. Empty when it has none or is gone. */
  exif: z.array(z.object({ name: z.string(), value: z.string() })),
  /** What the checks measured; null before. */
  signals: z
    .object({
      /** Variance of the Laplacian; small is blurred. */
      sharpness: z.number(),
      /** Mean luminance, 0–1. */
      brightness: z.number(),
      /** Standard deviation of luminance, 0–1. */
      contrast: z.number(),
      /** Mean saturation, 0–1. */
      saturation: z.number(),
    })
    .nullable(),
  findings: z.array(z.object({ id: z.number().int(), check: z.string(), message: z.string() })),
  /** Photos of the same near-duplicate group, this one included; empty when it is alone. */
  group: z.array(z.number().int()),
});
export type PhotoDetails = z.infer<typeof photoDetailsSchema>;

export const labelFileFormats = ['csv', 'coco', 'label-studio', 'folders'] as const;
export const labelFileFormatSchema = z.enum(labelFileFormats);
export type LabelFileFormat = z.infer<typeof labelFileFormatSchema>;

/** What a file of labels would do to the project. */
export const labelImportPreviewSchema = z.object({
  format: labelFileFormatSchema,
  /** Rows of the file that name a photo of the project. */
  matched: z.number().int(),
  /** Rows that name none; the first few of them. */
  unmatched: z.number().int(),
  unmatchedExamples: z.array(z.string()),
  /** Rows that fit more than one photo and were left out. */
  ambiguous: z.number().int(),
  newClasses: z.array(z.string()),
  /** Photos whose label or split would change. */
  changed: z.number().int(),
});
export type LabelImportPreview = z.infer<typeof labelImportPreviewSchema>;

export const labelExportSchema = z.object({
  /** Where it was written, for people to read. */
  location: z.string(),
  images: z.number().int(),
  /** Files that could not be written, with the reason. */
  problems: z.array(z.object({ path: z.string(), code: errorCodeSchema, message: z.string() })),
});
export type LabelExport = z.infer<typeof labelExportSchema>;

const labelFile = {
  /** A picked file or folder, or an upload that holds one file. Neither: the folder names of the photos themselves. */
  pick: z.string().optional(),
  upload: z.string().optional(),
};

export const labelsContract = {
  /** Does an edit and writes it into the journal. */
  apply: oc.input(editSchema).output(appliedEditSchema),
  preview: oc.input(editSchema).output(editPreviewSchema),
  undo: oc.output(appliedEditSchema),
  redo: oc.output(appliedEditSchema),
  journalState: oc.output(journalStateSchema),
  /** Entries, newest first; `before` an id pages on. */
  journal: oc
    .input(
      z.object({
        before: z.number().int().optional(),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .output(z.array(journalEntrySchema)),

  /** Photos that fit, in order. */
  list: oc
    .input(
      z.object({
        filter: imageFilterSchema.default({}),
        sort: photoSortSchema.default({ by: 'added', descending: false }),
      }),
    )
    .output(photoListSchema),
  details: oc.input(z.object({ id: z.number().int() })).output(photoDetailsSchema),
  views: oc.output(z.array(savedViewSchema)),
  /** A view of the same name is replaced. */
  saveView: oc
    .input(
      z.object({
        name: z.string().trim().min(1).max(maxCharacters.viewName),
        filter: imageFilterSchema,
        sort: photoSortSchema,
      }),
    )
    .output(z.array(savedViewSchema)),
  removeView: oc.input(z.object({ id: z.number().int() })).output(z.array(savedViewSchema)),

  /** Reads labels from a CSV, COCO or Label Studio file, or from the photos' own folder names, without a change. */
  previewImport: oc.input(z.object(labelFile)).output(labelImportPreviewSchema),
  /** The same as one edit. */
  importLabels: oc.input(z.object(labelFile)).output(appliedEditSchema),
  /**
   * Writes the labels into a picked folder, or into `exports/` of the project without one. Never over a file that is
   * there. `folders` makes one folder per class (below one per split when there are splits) with copies or links.
   */
  exportLabels: oc
    .input(
      z.object({
        format: z.enum(['folders', 'csv', 'coco']),
        files: z.enum(['copy', 'link']).default('copy'),
        filter: imageFilterSchema.default({}),
        pick: z.string().optional(),
      }),
    )
    .output(labelExportSchema),

  /** A drawn split that keeps groups together, as one edit. Without `groupBy` near-duplicates found so far are kept. */
  makeSplit: oc
    .input(
      z.object({
        fractions: splitFractionsSchema,
        seed: z.number().int().min(0).max(0x7fffffff),
        groupBy: z
          .array(z.enum(['near-duplicates', 'burst', 'folder', 'file-name', 'capture-time']))
          .default(['near-duplicates']),
        /** For `file-name`: a regular expression whose first group is the photo's group; else its name up to the last number. */
        pattern: z.string().max(200).optional(),
        /** For `capture-time`: photos less than this apart belong together. */
        minutes: z.number().positive().max(100_000).default(5),
        /** Photos that have a split keep it; only the others are given one. */
        keep: z.boolean().default(false),
      }),
    )
    .output(z.object({ applied: appliedEditSchema, summary: datasetSummarySchema })),
};
