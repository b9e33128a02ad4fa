/** Edits of the dataset, the changes that they are made of, and the journal that keeps them. */
import { z } from 'zod';
import { classNameOf } from '../shared/class-names.ts';
import { idRangesSchema } from '../shared/id-ranges.ts';
import { splitSchema } from '../shared/vocabulary.ts';
import { splitFractionsSchema } from './datasets.ts';
import { maxCharacters } from './text-limits.ts';

const classNameSchema = z.string().trim().min(1).max(maxCharacters.className).transform(classNameOf);
const images = idRangesSchema;
const classId = z.number().int();

/** What the user did, as the journal keeps it. Ids of images come as ranges (`packRanges`). */
export const editSchema = z.discriminatedUnion('kind', [
  /** Puts photos into a class; null takes the label away. */
  z.object({ kind: z.literal('label'), images, classId: classId.nullable() }),
  /** The same by name; the class is made when there is none of it. */
  z.object({ kind: z.literal('label-as'), images, name: classNameSchema }),
  /** Many labels and splits at once: an imported list, accepted suggestions. Names that are new become classes. */
  z.object({
    kind: z.literal('assign'),
    /** What this is, for the journal, e.g. `labels.csv`. */
    what: z.string().max(200),
    labels: z.array(z.object({ name: classNameSchema.nullable(), images })).default([]),
    splits: z.array(z.object({ split: splitSchema.nullable(), images })).default([]),
  }),
  /** Puts photos into a split by hand; null takes them out of all. */
  z.object({ kind: z.literal('split'), images, split: splitSchema.nullable() }),
  /** Leaves photos out of training, testing and checks. The files stay. */
  z.object({ kind: z.literal('exclude'), images }),
  z.object({ kind: z.literal('restore'), images }),
  /** Sets the comment of photos; null removes it. */
  z.object({
    kind: z.literal('comment'),
    images,
    comment: z.string().trim().max(maxCharacters.comment).nullable(),
  }),
  z.object({ kind: z.literal('class-create'), name: classNameSchema, none: z.boolean().default(false) }),
  z.object({ kind: z.literal('class-rename'), classId, name: classNameSchema }),
  /** All photos of some classes go into another; the emptied classes are removed. */
  z.object({ kind: z.literal('class-merge'), from: z.array(classId).min(1).max(1000), into: classId }),
  /** Some photos of a class become a class of their own. */
  z.object({ kind: z.literal('class-split'), classId, images, name: classNameSchema }),
  /** Removes a class; its photos stay, without a label. */
  z.object({ kind: z.literal('class-delete'), classId }),
  /** The order of the classes in the palette and in the outputs of models to come. */
  z.object({ kind: z.literal('class-order'), classIds: z.array(classId).max(10_000) }),
  /** Marks a class as "none of these": photos of anything else. */
  z.object({ kind: z.literal('class-none'), classId, none: z.boolean() }),
  /** Puts findings aside that are no problem (by their `key`), or brings them back. */
  z.object({ kind: z.literal('dismiss'), keys: z.array(z.string().max(200)).min(1), dismissed: z.boolean() }),
  /** A new drawn split of all labelled photos (`splitOptionsSchema`); made by `splits.make`. */
  z.object({
    kind: z.literal('draw-split'),
    splits: z.array(z.object({ split: splitSchema, images })),
    seed: z.number().int().min(0),
    fractions: splitFractionsSchema,
    groups: z.string().max(200).default(''),
  }),
]);
export type Edit = z.infer<typeof editSchema>;
/** An edit as a caller may write it: fields with defaults may be left out. */
export type EditInput = z.input<typeof editSchema>;

/** One thing an edit changes. Applying all of an entry's changes in order does it; its inverse undoes it. */
export const changeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('label'), images, classId: classId.nullable() }),
  z.object({ type: z.literal('split'), images, split: splitSchema.nullable() }),
  z.object({ type: z.literal('excluded'), images, excluded: z.boolean() }),
  z.object({ type: z.literal('comment'), images, comment: z.string().nullable() }),
  /** A class that is new or changed, whole. */
  z.object({
    type: z.literal('class'),
    id: classId,
    name: z.string(),
    position: z.number().int(),
    none: z.boolean(),
  }),
  z.object({ type: z.literal('class-removed'), id: classId }),
  z.object({ type: z.literal('dismissal'), key: z.string(), dismissed: z.boolean() }),
  z.object({ type: z.literal('setting'), key: z.string(), value: z.string().nullable() }),
]);
export type Change = z.infer<typeof changeSchema>;

export const journalEntrySchema = z.object({
  id: z.number().int(),
  /** What was done, a sentence: `Labelled 12 photos as cats.` */
  sentence: z.string(),
  madeAt: z.string(),
  /** True for entries that were undone and can be done again. */
  undone: z.boolean(),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;

/** What Undo and Redo would do now, and how far the autosave has come. */
export const journalStateSchema = z.object({
  undo: journalEntrySchema.nullable(),
  redo: journalEntrySchema.nullable(),
  /** Entries in the journal. */
  entries: z.number().int(),
  /** When the last edit, undo or redo was on the disk; null before the first of this session. */
  savedAt: z.string().nullable(),
  /** Grows with every change of the dataset, restarts included. */
  revision: z.number().int(),
});
export type JournalState = z.infer<typeof journalStateSchema>;

/** An edit (or an undo, or a redo) that is on the disk. */
export const appliedEditSchema = z.object({
  /** Null when there was nothing to do, e.g. the photos were of that class already. */
  entry: journalEntrySchema.nullable(),
  /** `edit`: done for the first time. */
  how: z.enum(['edit', 'undo', 'redo']),
  /**
   * What changed, in order. A page that shows revision `journal.revision − 1` can take these instead of asking for
   * everything again.
   */
  changes: z.array(changeSchema),
  journal: journalStateSchema,
});
export type AppliedEdit = z.infer<typeof appliedEditSchema>;

/** What an edit would do. */
export const editPreviewSchema = z.object({
  sentence: z.string(),
  /** Photos that would change. */
  images: z.number().int(),
  changes: z.array(changeSchema),
  /** What may be unwise about it, a sentence each, e.g. a near-duplicate that would be in another split. */
  warnings: z.array(z.string()),
});
export type EditPreview = z.infer<typeof editPreviewSchema>;
