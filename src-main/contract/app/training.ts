/** Requests about recipes, runs, evaluation and prediction. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  recipeDefaultsSchema,
  runSettingsSchema,
  trainingSettingsSchema,
} from '../shared/training-settings.ts';
import { errorDataSchema, splitCountsSchema, splitSchema } from '../shared/vocabulary.ts';

export const recipeSchema = z.object({
  id: z.string(),
  label: z.string(),
  description: z.string(),
  defaults: recipeDefaultsSchema,
  /** The settings that mean something for this recipe. */
  settingNames: z.array(z.string()),
});
export type RecipeInfo = z.infer<typeof recipeSchema>;

export const layerRowSchema = z.object({
  name: z.string(),
  type: z.string(),
  outputShape: z.array(z.number().int().nullable()),
  params: z.number().int(),
  trainable: z.boolean(),
  /** Multiplications for one image. */
  multiplications: z.number(),
});
export type LayerRow = z.infer<typeof layerRowSchema>;

export const modelSummarySchema = z.object({
  layers: z.array(layerRowSchema),
  params: z.number().int(),
  trainableParams: z.number().int(),
  /** Number of trainable weight tensors. */
  trainableWeights: z.number().int(),
  /** How many there would be with nothing frozen. */
  unfrozenWeights: z.number().int(),
  multiplications: z.number(),
  /** What each stage of a recipe trains, in order; only for recipes and runs. */
  stages: z
    .array(
      z.object({ name: z.string(), trainableWeights: z.number().int(), trainableParams: z.number().int() }),
    )
    .optional(),
  /** The layers inside a recipe's pretrained network, `trainable` as in the last stage. */
  backbone: z.object({ name: z.string(), layers: z.array(layerRowSchema) }).optional(),
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;

/** One stage of a training: what it trains, on what, for how long. */
export const planStageSchema = z.object({
  name: z.enum(['training', 'head', 'fine-tuning']),
  /** `features`: those of the frozen backbone, computed once; `images`: through the whole network at each step. */
  input: z.enum(['images', 'features']),
  /** `all`; only the `head`; or the head and the backbone `from` the chosen layer on. */
  trains: z.enum(['all', 'head', 'from']),
  epochs: z.number().int(),
  learningRate: z.number(),
});
export type PlanStage = z.infer<typeof planStageSchema>;

/** What pressing Train would do, and why: shown before it is pressed. */
export const trainingPlanSchema = z.object({
  recipe: z.string(),
  settings: runSettingsSchema,
  /** The sanity check: images per split and class. */
  counts: splitCountsSchema,
  /** Why this recipe and these settings, a sentence each. */
  reasons: z.array(z.string()),
  /** What is trained one after another. */
  stages: z.array(planStageSchema),
  /** Epochs of all stages together. */
  totalEpochs: z.number().int(),
  /** What might disappoint, a sentence each. */
  warnings: z.array(z.string()),
  /** What stops training from starting; null when ready. */
  blocker: errorDataSchema.nullable(),
});
export type TrainingPlan = z.infer<typeof trainingPlanSchema>;

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
    z.object({ name: z.string(), precision: z.number(), recall: z.number(), support: z.number().int() }),
  ),
  /** Rows: true class, columns: predicted class, in the order of `classes`. */
  confusionMatrix: z.array(z.array(z.number().int())),
  /** Where the true accuracy lies with 95% confidence (Wilson); null in evaluations made before there was one. */
  interval: intervalSchema.nullable().default(null),
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
  settings: trainingPlanSchema.shape.settings,
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

export const predictionSchema = z.object({
  /** A name to show: the file's name or path. */
  image: z.string(),
  /** Address of a picture to show, under the media handler; null when it can't be shown. */
  preview: z.string().nullable(),
  label: z.string().nullable(),
  probability: z.number().nullable(),
  probabilities: z.record(z.string(), z.number()),
  error: errorDataSchema.nullable(),
});
export type Prediction = z.infer<typeof predictionSchema>;

/** What the learning-rate finder tells. */
export const learningRateEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), phase: z.string(), done: z.number(), total: z.number() }),
  z.object({ type: z.literal('point'), learningRate: z.number(), loss: z.number() }),
  z.object({ type: z.literal('done'), suggestion: z.number().nullable() }),
]);
export type LearningRateEvent = z.infer<typeof learningRateEventSchema>;

export const trainingContract = {
  recipes: oc.output(z.array(recipeSchema)),
  /** Without a recipe: the one-click choice. */
  plan: oc
    .input(z.object({ recipe: z.string().optional(), settings: trainingSettingsSchema.default({}) }))
    .output(trainingPlanSchema),
  /** The layer table of a recipe (for the open project's classes, or `classes`) or of a run. */
  summary: oc
    .input(
      z.object({
        recipe: z.string().optional(),
        run: z.string().optional(),
        classes: z.number().int().min(2).optional(),
        settings: trainingSettingsSchema.default({}),
      }),
    )
    .output(modelSummarySchema),
  start: oc
    .input(z.object({ recipe: z.string().optional(), settings: trainingSettingsSchema.default({}) }))
    .output(runSchema),
  /** Trains the same several times with other seeds, one run after another, as a series. Gives the first run. */
  repeat: oc
    .input(
      z.object({
        recipe: z.string().optional(),
        settings: trainingSettingsSchema.default({}),
        seeds: z.array(z.number().int().min(0)).min(2).max(20),
      }),
    )
    .output(runSchema),
  /**
   * Tries learning rates from tiny to large, a step each, and watches the loss: nothing is kept. Ends with `done`;
   * closing the stream cancels. The suggestion is where the smoothed loss falls most steeply; null when it never fell.
   */
  findLearningRate: oc
    .input(z.object({ recipe: z.string().optional(), settings: trainingSettingsSchema.default({}) }))
    .output(eventIterator(learningRateEventSchema)),
  pause: oc.input(z.object({ run: z.string() })).output(runSchema),
  /** Goes on after a pause, or from the last checkpoint of an interrupted run. */
  resume: oc.input(z.object({ run: z.string() })).output(runSchema),
  /** Ends the run after the current step and keeps the model as it is. */
  stop: oc.input(z.object({ run: z.string() })).output(runSchema),
  runs: oc.output(z.array(runSchema)),
  /** Runs whose record cannot be read; every other request about one fails with TRAINING_RUN_DAMAGED. */
  damagedRuns: oc.output(z.array(damagedRunSchema)),
  run: oc.input(z.object({ run: z.string() })).output(runSchema),
  renameRun: oc
    .input(z.object({ run: z.string(), name: z.string().trim().min(1).max(80) }))
    .output(runSchema),
  /** Keeps what the user writes about a run. */
  noteRun: oc.input(z.object({ run: z.string(), notes: z.string().max(20_000) })).output(runSchema),
  /** Goes on with a finished run for so many more epochs of its last stage. */
  extend: oc
    .input(z.object({ run: z.string(), epochs: z.number().int().min(1).max(10_000) }))
    .output(runSchema),
  removeRun: oc.input(z.object({ run: z.string() })).output(z.void()),
  evaluate: oc
    .input(z.object({ run: z.string(), split: splitSchema.default('test') }))
    .output(evaluationSchema),
  /** Evaluations already made for a run, newest of each split. */
  evaluations: oc.input(z.object({ run: z.string() })).output(z.array(evaluationSchema)),
  /** What cleaning the data did to the test accuracy; null when nothing was cleaned since a run like this one. */
  cleaning: oc.input(z.object({ run: z.string() })).output(cleaningSchema.nullable()),
  /** Predicts images of the project, or uploaded or picked files. */
  predict: oc
    .input(
      z.object({
        run: z.string(),
        images: z.array(z.number().int()).max(500).default([]),
        uploads: z.array(z.string()).default([]),
        picks: z.array(z.string()).default([]),
      }),
    )
    .output(z.array(predictionSchema)),
};
