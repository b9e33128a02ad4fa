/** Requests about the quality of the dataset: checks, what they found, and fixes that are previewed and undoable. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { appliedEditSchema, editPreviewSchema, editSchema } from './edits.ts';
import { errorDataSchema, progressSchema } from '../shared/vocabulary.ts';

/** `error`: will spoil the result; `warning`: probably worth mending; `note`: good to know. */
export const severitySchema = z.enum(['error', 'warning', 'note']);
export type Severity = z.infer<typeof severitySchema>;

export const checkSchema = z.object({
  id: z.string(),
  label: z.string(),
  severity: severitySchema,
  /** Why it matters, for people who hear of it the first time. */
  explanation: z.string(),
  /** What the fix does, e.g. `Keep one of each`; null when there is none. */
  fix: z.string().nullable(),
  /** Never run; the answer is of the dataset as it is now; the dataset changed since; it needs what is not there. */
  status: z.enum(['never', 'fresh', 'stale', 'unavailable']),
  /** What it needs, when unavailable. */
  needs: z.string().nullable(),
  findings: z.number().int(),
  /** Different photos in the findings. */
  images: z.number().int(),
  dismissed: z.number().int(),
  ranAt: z.string().nullable(),
});
export type CheckInfo = z.infer<typeof checkSchema>;

export const findingSchema = z.object({
  id: z.number().int(),
  check: z.string(),
  severity: severitySchema,
  /** One sentence. */
  message: z.string(),
  /** How bad it is among its kind, 0–1. */
  score: z.number(),
  /** The photos, worst or leading one first; at most 200 of them, see `images`. */
  sample: z.array(z.number().int()),
  images: z.number().int(),
  /** Files that are no photos of the project (unreadable ones). */
  paths: z.array(z.string()),
  /** Names the finding across runs of the check: what `dismiss` edits take. */
  key: z.string(),
  dismissed: z.boolean(),
  fixable: z.boolean(),
  /** The class that the evidence speaks for, where the finding is about a label. */
  suggestedClassId: z.number().int().nullable(),
});
export type Finding = z.infer<typeof findingSchema>;

export const checkRunSchema = z.object({
  id: z.string(),
  status: z.enum(['running', 'done', 'cancelled', 'failed']),
  /** `measuring photos`, then the label of the check at work. */
  progress: progressSchema,
  checks: z.array(z.string()),
  finished: z.array(z.string()),
  findings: z.number().int(),
  error: errorDataSchema.nullable(),
});
export type CheckRun = z.infer<typeof checkRunSchema>;

const someFindings = {
  /** These findings, or with `check` all that are not dismissed. */
  findings: z.array(z.number().int()).max(100_000).default([]),
  check: z.string().optional(),
};

export const checksContract = {
  list: oc.output(z.array(checkSchema)),
  /** Runs checks in the background (all without `checks`); progress comes as `checks` events. */
  run: oc.input(z.object({ checks: z.array(z.string()).default([]) })).output(checkRunSchema),
  cancel: oc.output(z.void()),
  /** The running or the last run of this session. */
  state: oc.output(checkRunSchema.nullable()),
  /** Findings, worst first. */
  findings: oc
    .input(
      z.object({
        check: z.string().optional(),
        image: z.number().int().optional(),
        dismissed: z.boolean().default(false),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(1000).default(100),
      }),
    )
    .output(z.object({ total: z.number().int(), findings: z.array(findingSchema) })),
  /** All photos of a finding, in its order. */
  imagesOf: oc.input(z.object({ finding: z.number().int() })).output(z.array(z.number().int())),
  /** What the fix of findings would do; the edit can be given to `labels.apply` as it is. */
  previewFix: oc
    .input(z.object(someFindings))
    .output(z.object({ edit: editSchema.nullable(), preview: editPreviewSchema.nullable() })),
  /** Does it, as one journal entry. */
  applyFix: oc.input(z.object(someFindings)).output(appliedEditSchema),
};
