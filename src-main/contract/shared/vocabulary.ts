/** Words that every domain shares: splits, engines, counts. Names are the field's. */
import { z } from 'zod';
import { type ErrorCode, isErrorCode } from './errors.ts';

export const splitNames = ['train', 'validation', 'test'] as const;
export const splitSchema = z.enum(splitNames);
/** Which part of a dataset an image belongs to. */
export type Split = z.infer<typeof splitSchema>;

/** Images per class name, e.g. `{ cats: 1000, dogs: 1000 }`. */
export const classCountsSchema = z.record(z.string(), z.number().int());
/** Counts per split, then per class name. */
export const splitCountsSchema = z.object({
  train: classCountsSchema.optional(),
  validation: classCountsSchema.optional(),
  test: classCountsSchema.optional(),
});
export type SplitCounts = z.infer<typeof splitCountsSchema>;

/** A code of the error catalogue. */
export const errorCodeSchema = z.custom<ErrorCode>(isErrorCode, 'not an error code of Lenslet');

/** A failure as data: `AppError.toData()`. */
export const errorDataSchema = z.object({
  code: errorCodeSchema,
  kind: z.enum(['expected', 'cancelled', 'bug']),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  message: z.string(),
  remedy: z.string(),
});

/** How a stream tells how far its work is. */
export const progressEventSchema = z.object({
  type: z.literal('progress'),
  /** What is being done, e.g. `preparing images`, `computing`. */
  phase: z.string(),
  done: z.number(),
  /** Null while nobody knows. */
  total: z.number().nullable(),
});

/** How far a long piece of work has come. */
export const progressSchema = z.object({
  /** What is being done now, e.g. `scanning`, `reading`, `preparing`. */
  phase: z.string(),
  done: z.number(),
  /** Null while the total is not known yet. */
  total: z.number().nullable(),
  /** Items per second over the last seconds. */
  rate: z.number(),
  secondsLeft: z.number().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;
