/**
 * Requests about what a run got wrong and what would help: what changed from one run to another on the same photos, and
 * the training photos that a photo is most like.
 */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { progressEventSchema, splitSchema } from '../../shared/vocabulary.ts';

const intervalSchema = z.tuple([z.number(), z.number()]);

/** What a run said of a photo. */
const saidSchema = z.object({
  /** The class, by its id; it may have been removed since. */
  classId: z.number().int(),
  label: z.string(),
  /** Of that class, 0–1. */
  probability: z.number(),
});

export const flipSchema = z.object({
  image: z.number().int(),
  path: z.string(),
  /** The photo's present class, by which both runs are judged. */
  classId: z.number().int(),
  label: z.string(),
  before: saidSchema,
  after: saidSchema,
  /** Wrong before and right now; right before and wrong now; wrong in another way. */
  change: z.enum(['better', 'worse', 'other']),
});
export type Flip = z.infer<typeof flipSchema>;

/** A share of photos named right by two runs, photo by photo. */
const sharesSchema = z.object({
  before: z.number(),
  after: z.number(),
  /** After minus before. */
  difference: z.number(),
  /** Where the true difference lies with 95% confidence (Newcombe's interval for paired data). */
  interval: intervalSchema,
});
export type ShareChange = z.infer<typeof sharesSchema>;

export const classChangeSchema = z.object({
  name: z.string(),
  classId: z.number().int(),
  /** Photos of the class that both runs were measured on. */
  images: z.number().int(),
  /** Recall; null for a class without such photos: nothing was measured. */
  recall: sharesSchema.nullable(),
  better: z.number().int(),
  worse: z.number().int(),
});
export type ClassChange = z.infer<typeof classChangeSchema>;

const comparedRunSchema = z.object({
  run: z.string(),
  name: z.string(),
  /** Measured when it was last tested, on the photos and labels of then; null where that is not known. */
  tested: z.number().nullable(),
  /** Photos of the split that this run was not measured on. */
  missing: z.number().int(),
});

export const runChangeSchema = z.object({
  split: splitSchema,
  before: comparedRunSchema,
  after: comparedRunSchema,
  /** Photos that both were measured on and neither learned from. */
  images: z.number().int(),
  accuracy: sharesSchema,
  classes: z.array(classChangeSchema),
  /** Photos that changed from wrong to right, and from right to wrong. */
  better: z.number().int(),
  worse: z.number().int(),
  /** Photos that both named wrong, as different classes. */
  other: z.number().int(),
  /** McNemar's exact test on these photos: how likely such a difference is where both runs are equally good. */
  pValue: z.number(),
  /** Photos whose class is another one now than when the run before was trained: it is judged by the present one. */
  relabelled: z.number().int(),
  /** All photos that changed, as id ranges. */
  changed: z.object({ better: z.string(), worse: z.string(), other: z.string() }),
  /** The first of them: for worse, for better, then others; the surest first. */
  flips: z.array(flipSchema),
});
export type RunChange = z.infer<typeof runChangeSchema>;

/** The largest number of changed photos that an answer names. */
export const maxFlips = 1000;

export const similarPhotoSchema = z.object({
  image: z.number().int(),
  path: z.string(),
  /** The present label. */
  classId: z.number().int().nullable(),
  /** The class that the run learned it as. */
  learntAs: z.string(),
  excluded: z.boolean(),
  /** Cosine of the angle between the features of both, −1 to 1. */
  similarity: z.number(),
});
export type SimilarPhoto = z.infer<typeof similarPhotoSchema>;

export const similarPhotosEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  z.object({
    type: z.literal('done'),
    /** What likeness is made of: a pretrained network's name, or `colours and shapes`. */
    features: z.string(),
    /** The most similar first. */
    photos: z.array(similarPhotoSchema),
  }),
]);
export type SimilarPhotosEvent = z.infer<typeof similarPhotosEventSchema>;

/** What of the photos is other than what a run learned from. */
export const dataChangesSchema = z.object({
  /** Photos of the run that are left out now. */
  excluded: z.number().int(),
  relabelled: z.number().int(),
  /** Photos that are in another split now. */
  moved: z.number().int(),
  added: z.number().int(),
});
export type DataChanges = z.infer<typeof dataChangesSchema>;

export const resultsContract = {
  /** What has been edited since a run began to learn. */
  changes: oc.input(z.object({ run: z.string() })).output(dataChangesSchema),
  /**
   * What changed from one run to another, on the photos of a split that both were measured on and neither learned from.
   * Both are judged by the present labels.
   */
  compare: oc
    .input(z.object({ before: z.string(), after: z.string(), split: splitSchema.default('test') }))
    .output(runChangeSchema),
  /** The photos a run learned from that a photo is most like. Closing the stream cancels. */
  similar: oc
    .input(
      z.object({
        run: z.string(),
        image: z.number().int(),
        count: z.number().int().min(1).max(100).default(8),
      }),
    )
    .output(eventIterator(similarPhotosEventSchema)),
};
