/** Requests about recipes, runs, evaluation and prediction. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  recipeDefaultsSchema,
  runSettingsSchema,
  trainingModes,
  trainingSettingsSchema,
} from '../shared/training-settings.ts';
import { calibrationSchema, judgementSchema } from '../shared/calibration.ts';
import { errorDataSchema, splitCountsSchema, splitSchema } from '../shared/vocabulary.ts';
import { crossValidateEventSchema } from './judging/cross-validation.ts';
import { modelSummarySchema } from './model-summary.ts';
import { testUseSchema } from './judging/test-use.ts';
import { cleaningSchema, damagedRunSchema, evaluationSchema, runSchema } from './runs.ts';

export const recipeSchema = z.object({
  id: z.string(),
  label: z.string(),
  description: z.string(),
  defaults: recipeDefaultsSchema,
  /** The settings that mean something for this recipe. */
  settingNames: z.array(z.string()),
});
export type RecipeInfo = z.infer<typeof recipeSchema>;

/** One stage of a training: what it trains, on what, for how long. */
export const planStageSchema = z.object({
  name: z.enum(['training', 'head', 'fine-tuning']),
  /** `features`: those of the frozen backbone, computed once; `images`: through the whole network at each step. */
  input: z.enum(['images', 'features']),
  /** `all`; only the `head`; or the head and the backbone `from` the chosen layer on. */
  trains: z.enum(['all', 'head', 'from']),
  /** `gradient-descent`: in steps; `l-bfgs`: the best weights of a linear head, solved for at once. */
  solver: z.enum(['gradient-descent', 'l-bfgs']),
  /** 1 where it is solved. */
  epochs: z.number().int(),
  /** Null where it is solved. */
  learningRate: z.number().nullable(),
  /** The weights of before are kept where none of its epochs has a lower validation loss than they. */
  mustImprove: z.boolean().optional(),
});
export type PlanStage = z.infer<typeof planStageSchema>;

/** What pressing Train would do, and why: shown before it is pressed. */
export const trainingPlanSchema = z.object({
  recipe: z.string(),
  /** What one click chose among; null where there is nothing to choose: another recipe, or no pretrained network. */
  mode: z.enum(trainingModes).nullable(),
  settings: runSettingsSchema,
  /** The settings without the request's own, for the same pretrained network: the recommended ones. */
  baseline: runSettingsSchema,
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
  /** Findings of the checks, as they last ran, that make a result unreliable: one of the warnings counts them. */
  graveFindings: z.number().int(),
  /** The layer table of the network; null where it cannot be built, for the reason in `blocker`. */
  summary: modelSummarySchema.nullable(),
  /** What stops training from starting; null when ready. */
  blocker: errorDataSchema.nullable(),
});
export type TrainingPlan = z.infer<typeof trainingPlanSchema>;

export const predictionSchema = z.object({
  /** A name to show: the file's name or path. */
  image: z.string(),
  /** Address of a picture to show, under the media handler; null when it can't be shown. */
  preview: z.string().nullable(),
  label: z.string().nullable(),
  probability: z.number().nullable(),
  probabilities: z.record(z.string(), z.number()),
  /** As `Judgement.unknown`; null too where nothing was fitted for the model, or the photo cannot be read. */
  unknown: judgementSchema.shape.unknown,
  /** Cosine distance from the training photos, in the features of the last layer; null where it is not measured. */
  distance: z.number().nullable(),
  /** Names of the classes that it may be, the most probable first; null where that is not fitted. */
  set: z.array(z.string()).nullable(),
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

const predictRequestSchema = z.object({
  run: z.string(),
  images: z.array(z.number().int()).max(500).default([]),
  uploads: z.array(z.string()).default([]),
  picks: z.array(z.string()).default([]),
});

/** What a training is asked for with. */
const draft = {
  recipe: z.string().optional(),
  /** Of the one-click choice; without it `fast`. A recipe decides for itself. */
  mode: z.enum(trainingModes).optional(),
  settings: trainingSettingsSchema.default({}),
};

export const trainingContract = {
  recipes: oc.output(z.array(recipeSchema)),
  /** Without a recipe: the one-click choice. */
  plan: oc.input(z.object(draft)).output(trainingPlanSchema),
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
  start: oc.input(z.object(draft)).output(runSchema),
  /** Trains the same several times with other seeds, one run after another, as a series. Gives the first run. */
  repeat: oc
    .input(
      z.object({
        ...draft,
        seeds: z.array(z.number().int().min(0)).min(2).max(20),
      }),
    )
    .output(runSchema),
  /**
   * Tries learning rates from tiny to large, a step each, and watches the loss: nothing is kept. Ends with `done`;
   * closing the stream cancels. The suggestion is where the smoothed loss falls most steeply; null when it never fell.
   */
  findLearningRate: oc.input(z.object(draft)).output(eventIterator(learningRateEventSchema)),
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
  /** Fits temperature, limits and sets to the run's validation photos. After a training this is done by itself. */
  calibrate: oc
    .input(z.object({ run: z.string(), keep: z.number().min(0.5).max(0.999).default(0.95) }))
    .output(calibrationSchema),
  /**
   * Predicts every training and validation photo by a linear head that has not seen it; no test photo is used. Ends
   * with `done`; closing the stream cancels.
   */
  crossValidate: oc
    .input(
      z.object({
        folds: z.number().int().min(2).max(20).default(5),
        seed: z.number().int().min(0).default(1),
      }),
    )
    .output(eventIterator(crossValidateEventSchema)),
  /** What was fitted for a run's model as it is now; null where nothing was. */
  calibration: oc.input(z.object({ run: z.string() })).output(calibrationSchema.nullable()),
  /** Every use of the project's test photos, the newest first. */
  testUses: oc.output(z.array(testUseSchema)),
  /** Notes that a threshold was chosen on the test photos. */
  noteTestThreshold: oc.input(z.object({ run: z.string() })).output(z.array(testUseSchema)),
  /** What cleaning the data did to the test accuracy; null when nothing was cleaned since a run like this one. */
  cleaning: oc.input(z.object({ run: z.string() })).output(cleaningSchema.nullable()),
  /** Predicts images of the project, or uploaded or picked files. */
  predict: oc.input(predictRequestSchema).output(z.array(predictionSchema)),
  /** The same a portion at a time, for folders of thousands. */
  predictPortions: oc.input(predictRequestSchema).output(
    eventIterator(
      z.object({
        /** Photos predicted so far, these included. */
        done: z.number().int(),
        /** Photos to predict in all. */
        total: z.number().int(),
        predictions: z.array(predictionSchema),
      }),
    ),
  ),
};
