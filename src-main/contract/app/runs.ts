/** Runs, their epochs and evaluations. */
import { z } from 'zod';
import { reliabilitySchema } from '../shared/calibration.ts';
import { errorDataSchema, splitSchema } from '../shared/vocabulary.ts';
import { runSettingsSchema } from '../shared/training-settings.ts';

export const epochSchema = z.object({
  epoch: z.number().int(),
  loss: z.number(),
  accuracy: z.number(),
  valLoss: z.number().nullable(),
  valAccuracy: z.number().nullable(),
  seconds: z.number(),
  /** What was trained: `training`, or `head` and then `fine-tuning`. */
  stage: z.string().default('training'),
});
export type Epoch = z.infer<typeof epochSchema>;

/** Lower and upper end. */
const intervalSchema = z.tuple([z.number(), z.number()]);

export const evaluationSchema = z.object({
  split: splitSchema,
  images: z.number().int(),
  loss: z.number(),
  accuracy: z.number(),
  classes: z.array(
    z
      .object({
        name: z.string(),
        precision: z.number(),
        /** Null for a class without images, where nothing was measured; 0 in evaluations made before. */
        recall: z.number().nullable(),
        support: z.number().int(),
      })
      .transform((score) => (score.support === 0 ? { ...score, recall: null } : score)),
  ),
  /** Rows: true class, columns: predicted class, in the order of `classes`. */
  confusionMatrix: z.array(z.array(z.number().int())),
  /** Where the true accuracy lies with 95% confidence (Wilson); null in evaluations made before there was one. */
  interval: intervalSchema.nullable().default(null),
  /** What scores are divided by; null where nothing was fitted. Loss is without it, as in training. */
  temperature: z.number().nullable().default(null),
  /** Expected calibration error of the probabilities that are shown; null in evaluations made before there was one. */
  calibrationError: z.number().nullable().default(null),
  /** How believable probabilities are without the temperature and with it; null in evaluations of before. */
  reliability: z.object({ before: reliabilitySchema, after: reliabilitySchema }).nullable().default(null),
  /** How often this split has been used for this run, this time included. */
  uses: z.number().int(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export const runStatusSchema = z.enum([
  'preparing',
  'training',
  'paused',
  'evaluating',
  'done',
  'stopped',
  'interrupted',
  'failed',
]);
export type RunStatus = z.infer<typeof runStatusSchema>;

/** Where an active run is inside its epoch. */
export const runProgressSchema = z.object({
  epoch: z.number().int(),
  step: z.number().int(),
  stepsPerEpoch: z.number().int(),
  /** Running means over the epoch so far. */
  loss: z.number().nullable(),
  accuracy: z.number().nullable(),
  imagesPerSecond: z.number(),
  secondsLeft: z.number().nullable(),
  /** What is going on, e.g. `preparing images`, `training`, `validating`. */
  phase: z.string(),
  /** Seconds worked so far; left out while the engine has not begun. */
  seconds: z.number().optional(),
});
export type RunProgress = z.infer<typeof runProgressSchema>;

/** How the steps of a run are computed. */
export const computingSchema = z.object({
  /** As a graph, or operation by operation. */
  mode: z.enum(['graph', 'eager']),
  /** Why not as a graph; null when it is one. */
  whyEager: z.string().nullable(),
  /** What convolutions are computed in; everything else is float32. */
  precision: z.enum(['float32', 'bfloat16']),
  /** Why they are float32 although fast mathematics was asked for; left out where nothing went wrong. */
  whyExact: z.string().optional(),
});
export type Computing = z.infer<typeof computingSchema>;

export const runSchema = z.object({
  id: z.string(),
  name: z.string(),
  recipe: z.string(),
  status: runStatusSchema,
  /** ISO 8601. */
  createdAt: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'it is not a date'),
  engine: z.string(),
  device: z.string(),
  settings: runSettingsSchema,
  classes: z.array(z.string()),
  dataHash: z.string(),
  params: z.number().int(),
  trainableWeights: z.number().int(),
  seconds: z.number(),
  history: z.array(epochSchema),
  progress: runProgressSchema.nullable(),
  test: z
    .object({ loss: z.number(), accuracy: z.number(), interval: intervalSchema.nullable().default(null) })
    .nullable(),
  error: errorDataSchema.nullable(),
  /** True when Resume can go on from a checkpoint. */
  resumable: z.boolean(),
  /** Epochs of all stages together; early stopping may end it sooner. */
  totalEpochs: z.number().int(),
  /** What the user wrote about it. */
  notes: z.string(),
  /** Runs that repeat one training with other seeds share it; null for single runs. */
  series: z.string().nullable(),
  /** Of the stage begun last; null before there is one, and for runs of before this was kept. */
  computing: computingSchema.nullable(),
});
export type Run = z.infer<typeof runSchema>;

/** A run whose record in the project cannot be read: it is listed, and can be removed. */
export const damagedRunSchema = z.object({
  id: z.string(),
  /** Its name; its id where that cannot be read either. */
  name: z.string(),
  createdAt: z.string().nullable(),
  /** What is wrong with it. */
  error: errorDataSchema,
});
export type DamagedRun = z.infer<typeof damagedRunSchema>;

const testedSchema = z.object({
  accuracy: z.number(),
  images: z.number().int(),
  interval: intervalSchema.nullable(),
});

/** A run beside the last one like it that was trained before the data were cleaned. */
export const cleaningSchema = z.object({
  before: testedSchema.extend({ run: z.string(), name: z.string() }),
  after: testedSchema,
  /** False where more than the data differs; the seed, and the steps that follow from the data, do not count. */
  sameSettings: z.boolean(),
  /** Photos of the earlier run that are left out now. */
  excluded: z.number().int(),
  relabelled: z.number().int(),
  /** Photos that are in another split now. */
  moved: z.number().int(),
  added: z.number().int(),
  /** Test photos whose like was among the training photos; null while near-duplicates were never looked for. */
  leaks: z.object({ before: z.number().int(), after: z.number().int() }).nullable(),
});
export type Cleaning = z.infer<typeof cleaningSchema>;
