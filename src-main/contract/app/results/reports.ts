/** Requests that write a run down for people: a report, and a model card. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { progressEventSchema } from '../../shared/vocabulary.ts';

/** `html` and `pdf`: the report; `card`: a README.md with the fields that Hugging Face reads. */
export const reportKinds = ['html', 'pdf', 'card'] as const;
export const reportKindSchema = z.enum(reportKinds);
export type ReportKind = z.infer<typeof reportKindSchema>;

export const reportEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  z.object({
    type: z.literal('done'),
    /** The files that were written, in the order asked for. */
    files: z.array(z.object({ kind: reportKindSchema, path: z.string(), bytes: z.number() })),
    /** Why photos have no heatmap in it; null where all have. */
    withoutHeatmaps: z.string().nullable(),
    /** For `exports.show`: the folder. */
    id: z.string(),
  }),
]);
export type ReportEvent = z.infer<typeof reportEventSchema>;

export const reportsContract = {
  /**
   * Writes the report of a run. `out` names one file exactly; else each kind gets a free name in the picked folder
   * `into`, or in `exports/` of the project. Never over a file that is there, unless `overwrite`.
   */
  write: oc
    .input(
      z.object({
        run: z.string(),
        kinds: z.array(reportKindSchema).min(1).max(3).default(['html', 'card']),
        out: z.string().optional(),
        into: z.string().optional(),
        overwrite: z.boolean().default(false),
      }),
    )
    .output(eventIterator(reportEventSchema)),
};
