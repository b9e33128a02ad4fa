/**
 * Requests about suggested labels: while the user labels, a small head on cached features learns from the labels there
 * are and says what the other photos probably show. Off until it is switched on. A suggestion is never a label: it
 * becomes one only by an edit.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorDataSchema, progressSchema } from '../shared/vocabulary.ts';

export const suggestionsStateSchema = z.object({
  /** The switch, kept with the project. */
  on: z.boolean(),
  /**
   * `off`; `waiting` for what `waitsFor` says; `working`: `progress` tells at what; `fresh`: learnt from all labels;
   * `failed`: see `error`.
   */
  status: z.enum(['off', 'waiting', 'working', 'fresh', 'failed']),
  /** More labels; a pretrained network; the end of a training. */
  waitsFor: z.enum(['labels', 'backbone', 'training']).nullable(),
  /**
   * `opening the network`, `preparing photos` and `looking at photos` come first, and again for new photos; `learning`
   * after every label.
   */
  progress: progressSchema,
  error: errorDataSchema.nullable(),
  /** So many photos a class needs to be learnt; two such classes are needed. */
  minPerClass: z.number().int(),
  /** Names the suggestions that `of` gives; null while there are none. Grows with each. */
  version: z.number().int().nullable(),
  /** Names the order by `next`, which is there before the first suggestions; null while there is none. Grows with each. */
  order: z.number().int().nullable(),
  /** Labelled photos that these were learnt from. */
  learntFrom: z.number().int(),
  /** Photos without a label that have a suggestion. */
  suggested: z.number().int(),
  /** Of the last photos that were labelled after they had been suggested a class: how many got that class. */
  agreement: z.object({ asked: z.number().int(), agreed: z.number().int() }),
});
export type SuggestionsState = z.infer<typeof suggestionsStateSchema>;

export const suggestionSchema = z.object({
  id: z.number().int(),
  classId: z.number().int(),
  /** What the head says, 0–1. */
  probability: z.number(),
  /** The label that the photo had when this was learnt: without one it is a guess, with one a doubt or none. */
  learntAs: z.number().int().nullable(),
});
export type Suggestion = z.infer<typeof suggestionSchema>;

export const suggestionsContract = {
  state: oc.output(suggestionsStateSchema),
  /** Turns suggestions on or off; off also ends the work on them. On tries again after a failure. */
  switch: oc.input(z.object({ on: z.boolean() })).output(suggestionsStateSchema),
  /** Suggestions of photos, labelled ones included; photos without one are left out. */
  of: oc
    .input(z.object({ ids: z.array(z.number().int()).max(5000) }))
    .output(z.object({ version: z.number().int().nullable(), suggestions: z.array(suggestionSchema) })),
};
