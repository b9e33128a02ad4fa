/** Requests about sorting a folder of photos into class folders with a run. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorDataSchema, progressSchema } from '../shared/vocabulary.ts';
import { maxCharacters } from './text-limits.ts';

/** Photos that one request may show or change. */
export const maxSortedPhotos = 500;
/** Photos that one step of a review may change: all of a view. */
const maxReviewed = 200_000;

export const sortByNames = ['copy', 'move', 'link'] as const;
export const sortBySchema = z.enum(sortByNames);
/** How files get to their folders. */
export type SortBy = z.infer<typeof sortBySchema>;

/** Where photos go: the folder of a class, that of unknown ones, one for what the detector set aside; or nowhere. */
export const fateKindSchema = z.enum(['class', 'unknown', 'aside', 'failed', 'waiting']);
export type FateKind = z.infer<typeof fateKindSchema>;

/** A sorting: what it is about, and how far it is. */
export const sortingSchema = z.object({
  id: z.string(),
  createdAt: z.string(),
  /** The folder, for people to read. */
  source: z.string(),
  run: z.string().nullable(),
  classes: z.array(z.string()),
  threshold: z.number().nullable(),
  burst: z.number().nullable(),
  /** The file of detections; null without one. */
  boxes: z.string().nullable(),
  /** Photos in the detections that are not in the folder. */
  boxesMissing: z.number().int(),
  /** Links that were passed over. */
  links: z.number().int(),
  stage: z.enum(['looking', 'predicting', 'ready', 'applying', 'applied', 'undoing']),
  by: sortBySchema.nullable(),
  /** Where the class folders are, for people to read. */
  out: z.string().nullable(),
  photos: z.number().int(),
  predicted: z.number().int(),
  /** By what becomes of them. */
  fates: z.array(z.object({ kind: fateKindSchema, name: z.string(), photos: z.number().int() })),
  /** Photos that a person should look at, and those that one has looked at. */
  toReview: z.number().int(),
  reviewed: z.number().int(),
  /** Files, sidecars included. */
  files: z.object({
    planned: z.number().int(),
    placed: z.number().int(),
    failed: z.number().int(),
    kept: z.number().int(),
  }),
  /** Files that could not be moved or were kept, some of them. */
  problems: z.array(z.object({ path: z.string(), error: errorDataSchema })),
  /** Seconds spent predicting. */
  seconds: z.number(),
});
export type Sorting = z.infer<typeof sortingSchema>;

/** The work on a sorting, now or last. */
export const sortingStateSchema = z.object({
  status: z.enum(['running', 'done', 'cancelled', 'failed']),
  progress: progressSchema,
  error: errorDataSchema.nullable(),
  sorting: sortingSchema,
});
export type SortingState = z.infer<typeof sortingStateSchema>;

/** A photo of a sorting. */
export const sortedPhotoSchema = z.object({
  id: z.number().int(),
  /** Inside the folder. */
  path: z.string(),
  fate: z.object({ kind: fateKindSchema, name: z.string() }),
  label: z.string().nullable(),
  probability: z.number().nullable(),
  /** The most probable classes of this photo by itself. */
  top: z.array(z.object({ label: z.string(), probability: z.number() })),
  /** Why it is unknown: not sure enough, unlike the training photos, boxes of several classes. */
  unknown: z.enum(['probability', 'distance', 'several']).nullable(),
  distance: z.number().nullable(),
  /** What the user said: a class, or '' for unknown. */
  verdict: z.string().nullable(),
  /** The photos of a burst share it. */
  burst: z.number().int().nullable(),
  takenAt: z.string().nullable(),
  camera: z.string().nullable(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  boxes: z
    .array(
      z.object({
        category: z.string(),
        confidence: z.number(),
        box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
        label: z.string().nullable(),
        probability: z.number().nullable(),
      }),
    )
    .nullable(),
  /** Inside the folder of class folders; null where it was not put anywhere. */
  to: z.string().nullable(),
  error: errorDataSchema.nullable(),
});
export type SortedPhoto = z.infer<typeof sortedPhotoSchema>;

/** Which photos to show: those to review, those that a person has looked at, or those that become the same. */
export const sortedViewSchema = z.union([
  z.object({ show: z.enum(['review', 'reviewed', 'all']) }),
  z.object({ show: z.literal('fate'), kind: fateKindSchema, name: z.string() }),
]);
export type SortedView = z.infer<typeof sortedViewSchema>;

export const sortPlanSchema = z.object({
  /** For people to read. */
  out: z.string(),
  folders: z.array(z.object({ folder: z.string(), photos: z.number().int() })),
  files: z.number().int(),
  sidecars: z.number().int(),
  /** Photos that get a number behind their name, as it is taken. */
  renamed: z.number().int(),
  inPlace: z.number().int(),
  /** Photos that cannot be read: they stay. */
  failed: z.number().int(),
});
export type SortPlan = z.infer<typeof sortPlanSchema>;

const sorting = z.object({ id: z.string() });
const threshold = z.number().min(0).max(1).nullable();
const burst = z.number().min(0).max(3600).nullable();
/** Where to: a picked folder, else `sorted/` of the project. */
const place = { by: sortBySchema, out: z.string().optional() };

export const sortingContract = {
  /** All sortings of the project, the newest first. */
  list: oc.output(z.array(sortingSchema)),
  /** The work that runs or ran last; null before the first. */
  state: oc.output(sortingStateSchema.nullable()),
  /** Looks through a picked folder (or an upload) and predicts its photos. Progress comes as `sorting` events. */
  start: oc
    .input(
      z.object({
        run: z.string(),
        pick: z.string().optional(),
        upload: z.string().optional(),
        threshold: threshold.default(null),
        burst: burst.default(null),
        /** A picked file of detections of MegaDetector. */
        boxes: z.string().optional(),
        /** The same, uploaded. */
        boxesUpload: z.string().optional(),
        boxConfidence: z.number().min(0).max(1).default(0.2),
      }),
    )
    .output(sortingSchema),
  /** Goes on with what was cut short: predicting, moving or undoing. */
  resume: oc.input(sorting).output(sortingSchema),
  /** Stops the work; what is done stays. */
  cancel: oc.output(z.void()),
  /** Judges anew with another threshold or other bursts. */
  judge: oc.input(sorting.extend({ threshold, burst })).output(sortingSchema),
  /** Ids of the photos of a view; for a review the least sure first. */
  photos: oc.input(sorting.extend({ view: sortedViewSchema })).output(z.array(z.number().int())),
  /** What is known of photos, in the order asked. */
  rows: oc
    .input(sorting.extend({ photos: z.array(z.number().int()).max(maxSortedPhotos) }))
    .output(z.array(sortedPhotoSchema)),
  /** Says what photos are: a class, '' for unknown, null to take that back. One step for `undoReview`. */
  review: oc
    .input(
      sorting.extend({
        photos: z.array(z.number().int()).min(1).max(maxReviewed),
        verdict: z.string().trim().max(maxCharacters.className).nullable(),
      }),
    )
    .output(sortingSchema),
  /** Takes the last step of the review back. */
  undoReview: oc
    .input(sorting)
    .output(z.object({ photos: z.array(z.number().int()), sorting: sortingSchema })),
  /** Where the files would go. Nothing is moved. */
  plan: oc.input(sorting.extend(place)).output(sortPlanSchema),
  /** Copies, moves or links the files. Progress comes as `sorting` events. */
  apply: oc.input(sorting.extend(place)).output(sortingSchema),
  /** Puts every file back. What was changed since is kept. */
  undo: oc.input(sorting).output(sortingSchema),
  /** Copies the reviewed photos into the project, with their classes. */
  addToTraining: oc
    .input(sorting.extend({ photos: z.array(z.number().int()).min(1).max(maxReviewed) }))
    .output(z.object({ photos: z.number().int() })),
  /** All that is known, as a table. */
  table: oc.input(sorting.extend({ format: z.enum(['csv', 'json']) })).output(z.string()),
  /** Forgets a sorting; files stay where they are. */
  remove: oc.input(sorting).output(z.void()),
};
