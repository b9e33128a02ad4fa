/** What is fitted to the validation photos after a training: how sure a model may be, and when it stays silent. */
import { z } from 'zod';

/** How far probabilities are from what they promise. */
export const reliabilitySchema = z.object({
  /** Mean negative logarithm of the probability of the true class. */
  loss: z.number(),
  /** Expected calibration error, 0–1. */
  calibrationError: z.number(),
});
export type Reliability = z.infer<typeof reliabilitySchema>;

/** When an answer of one class is "I don't know". */
export const classRefusalSchema = z.object({
  /** Below this probability. */
  probability: z.number(),
  /** Farther than this from the training photos; null where distances are not looked at. */
  distance: z.number().nullable(),
  /** Right answers that the limits were fitted to. */
  photos: z.number().int(),
  /** False where the class had too few: the limits are those of all classes together. */
  own: z.boolean(),
});
export type ClassRefusal = z.infer<typeof classRefusalSchema>;

/** Why something is not fitted. */
export const unfittedSchema = z.enum([
  'no-validation',
  'few-validation',
  'all-right',
  'few-right',
  'unknown-head',
]);
export type Unfitted = z.infer<typeof unfittedSchema>;

export const calibrationSchema = z.object({
  /** Hash of the model file that it was fitted for: for another it means nothing. */
  model: z.string(),
  /** ISO 8601. */
  fittedAt: z.string(),
  /** Validation photos that it was fitted to. */
  images: z.number().int(),
  /** Scores are divided by it before softmax or sigmoid; null where it is not fitted. */
  temperature: z.number().positive().nullable(),
  whyNoTemperature: unfittedSchema.nullable(),
  /** On the validation photos, without temperature and with it; null where there are none. */
  before: reliabilitySchema.nullable(),
  after: reliabilitySchema.nullable(),
  /** Null where it is not fitted. */
  refusal: z
    .object({
      /** Wanted share of right answers that are kept. */
      keep: z.number(),
      /** One for each class. */
      classes: z.array(classRefusalSchema),
      /** Share of the right answers on validation photos that is kept. */
      kept: z.number(),
      /** Share of the wrong answers on validation photos that is refused; null where there was none. */
      wrongRefused: z.number().nullable(),
    })
    .nullable(),
  whyNoRefusal: unfittedSchema.nullable(),
  /** Photos of training to which distances are measured: rows of float32 in a file beside. */
  reference: z
    .object({
      file: z.string(),
      rows: z.number().int(),
      length: z.number().int(),
      neighbour: z.number().int(),
    })
    .nullable(),
  /** Conformal prediction sets; null where they are not fitted. */
  sets: z
    .object({
      /** Wanted share of photos whose set holds their class. */
      coverage: z.number(),
      /** A class is in the set from this probability on. */
      limits: z.array(z.number()),
      /** False where the class had too few photos: its limit is that of all classes together. */
      own: z.array(z.boolean()),
      /** Share of validation photos whose set holds their class. */
      covered: z.number(),
      /** Mean number of classes in a set. */
      meanSize: z.number(),
    })
    .nullable(),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** What a calibrated model says of a photo beside its probabilities. */
export const judgementSchema = z.object({
  /**
   * Why "I don't know" is the better answer: too low a probability, or too far from the training photos. False where
   * it is not; null where no limits are fitted.
   */
  unknown: z.union([z.enum(['probability', 'distance']), z.literal(false)]).nullable(),
  /** From the training photos, 0 to 2: the same to as different as can be. Null where it is not measured. */
  distance: z.number().nullable(),
  /** Indices of the classes that it may be; null where sets are not fitted. */
  set: z.array(z.number().int()).nullable(),
});
export type Judgement = z.infer<typeof judgementSchema>;
