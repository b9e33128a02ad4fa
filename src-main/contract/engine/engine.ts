/**
 * Requests from the main process to the engine process. Same rules as the outer contract: ids, numbers and names
 * travel; pixels never do. Training data is a tile pack (a file), addressed by slot.
 */
import { preprocessingSchema } from '../shared/preprocessing.ts';
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { rejectedEngineSchema } from '../app/app.ts';
import { augmentationSettingsSchema } from '../shared/augmentation.ts';
import { computingSchema, epochSchema, runProgressSchema } from '../app/runs.ts';
import { learningRateEventSchema } from '../app/training.ts';
import { exportEventSchema, exportRequestSchema } from './exports.ts';
import { modelSummarySchema } from '../app/model-summary.ts';
import { calibrationSchema, judgementSchema } from '../shared/calibration.ts';
import { runSettingsSchema } from '../shared/training-settings.ts';
import { resizeSchema } from '../shared/training-settings.ts';

/** A file of raw uint8 records, `size * size * channels` bytes each, row-major, channels interleaved. */
export const tilePackSchema = z.object({
  path: z.string(),
  size: z.number().int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
});
export type TilePack = z.infer<typeof tilePackSchema>;

/** Whole numbers as base64 of int32, little-endian: a list of 60,000 costs next to nothing on the way. */
export const packedIntegersSchema = z.base64();

/** Images of a pack with their labels: equally long, labels are class indices. */
export const packedSlotsSchema = z.object({ slots: packedIntegersSchema, labels: packedIntegersSchema });
export type PackedSlots = z.infer<typeof packedSlotsSchema>;

export const engineDescriptionSchema = z.object({
  engine: z.string(),
  label: z.string(),
  device: z.string(),
  version: z.string(),
  slow: z.boolean(),
  rejected: z.array(rejectedEngineSchema),
  pid: z.number().int(),
});
export type EngineDescription = z.infer<typeof engineDescriptionSchema>;

export const selfTestSchema = z.object({
  selfTest: z.enum(['passed', 'failed']),
  selfTestDetail: z.string(),
  /** Median milliseconds of a training step of the lesson's convnet (batch 20 of 150×150×3). */
  stepMilliseconds: z.number().nullable(),
  /** For people: what the frozen parts of networks are computed with. Empty when the engine does not compute. */
  frozenNetworks: z.string(),
});
export type SelfTest = z.infer<typeof selfTestSchema>;

/** What a model file says of itself, and what had to be assumed. */
export const modelDescriptionSchema = z.object({
  classes: z.array(z.string()),
  imageSize: z.number().int(),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** How photos are made smaller for it. */
  resize: resizeSchema,
  preprocessing: preprocessingSchema,
  /** A sentence for each thing that the file does not say. */
  assumed: z.array(z.string()),
  summary: modelSummarySchema,
});
export type ModelDescription = z.infer<typeof modelDescriptionSchema>;

/** Where a pretrained network lies: an id of the registry (null when it is none of them) and a path. */
export const backboneWeightsSchema = z.object({ id: z.string().nullable(), path: z.string().nullable() });
export type BackboneWeights = z.infer<typeof backboneWeightsSchema>;

/** A network whose layer table is wanted: of the registry, or in a file. */
export const networkToSummariseSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('backbone'),
    id: z.string(),
    /** Null: the usual one. */
    imageSize: z.number().int().positive().max(4096).nullable(),
    /** With its classifier, for so many classes; null: without. */
    classes: z.number().int().min(2).nullable(),
  }),
  z.object({ kind: z.literal('file'), path: z.string() }),
]);
export type NetworkToSummarise = z.infer<typeof networkToSummariseSchema>;

export const trainRequestSchema = z.object({
  run: z.string(),
  /** The run's folder: checkpoints and the model go there. */
  folder: z.string(),
  recipe: z.string(),
  classes: z.array(z.string()).min(2),
  settings: runSettingsSchema,
  /** The pretrained network's file or folder, for recipes that need one. */
  backbone: backboneWeightsSchema.nullable().default(null),
  tiles: tilePackSchema,
  train: packedSlotsSchema,
  validation: packedSlotsSchema.nullable(),
  /** Go on from the checkpoint in the folder. */
  resume: z.boolean(),
});
export type TrainRequest = z.infer<typeof trainRequestSchema>;

export const featuresEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number(), total: z.number() }),
  /** Record k of the file belongs to the tile in slot k: `shape` float32 values. */
  z.object({ type: z.literal('done'), name: z.string(), shape: z.array(z.number().int()) }),
]);
export type FeaturesEvent = z.infer<typeof featuresEventSchema>;

export const memoryStatsSchema = z.object({
  tensors: z.number().int(),
  tensorBytes: z.number(),
  residentBytes: z.number(),
});
export type MemoryStats = z.infer<typeof memoryStatsSchema>;

export const trainEventSchema = z.discriminatedUnion('type', [
  z.object({
    /** A stage begins: the first, or a later one, in which other weights may train. */
    type: z.literal('stage'),
    name: z.string(),
    summary: modelSummarySchema,
    /** Epochs already trained: those of earlier stages, and of this one when resumed. */
    history: z.array(epochSchema),
    computing: computingSchema,
    /** Estimated working memory of one image in a training step. */
    bytesPerImage: z.number(),
  }),
  z.object({ type: z.literal('progress'), progress: runProgressSchema }),
  z.object({ type: z.literal('paused') }),
  z.object({ type: z.literal('resumed') }),
  z.object({ type: z.literal('epoch'), epoch: epochSchema, memory: memoryStatsSchema, seconds: z.number() }),
  z.object({ type: z.literal('checkpoint'), epoch: z.number().int(), step: z.number().int() }),
  z.object({
    type: z.literal('done'),
    outcome: z.enum(['done', 'stopped', 'interrupted']),
    seconds: z.number(),
  }),
]);
export type TrainEvent = z.infer<typeof trainEventSchema>;

/** A measured model: what `evaluation` of the outer contract holds, without names and counters. */
export const measurementSchema = z.object({
  images: z.number().int(),
  loss: z.number(),
  accuracy: z.number(),
  confusionMatrix: z.array(z.array(z.number().int())),
});
export type Measurement = z.infer<typeof measurementSchema>;

export const evaluateEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int() }),
  z.object({
    type: z.literal('done'),
    measurement: measurementSchema,
    /** What was said of each image, in the order asked: model outputs, packed, and their probabilities in millionths. */
    answers: z.object({ predicted: z.string(), probabilities: z.string() }),
    /** What scores are divided by; null where nothing was fitted. Loss and scores are those of before. */
    temperature: z.number().nullable(),
  }),
]);
export type EvaluateEvent = z.infer<typeof evaluateEventSchema>;

export const calibrateEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal('done'), calibration: calibrationSchema }),
]);
export type CalibrateEvent = z.infer<typeof calibrateEventSchema>;

export const augmentRequestSchema = z.object({
  tiles: tilePackSchema,
  slots: z.array(z.number().int().nonnegative()),
  /** Name the random draws, one for each slot: in training `step * batchSize + place`. */
  keys: z.array(z.number().int().nonnegative()),
  seed: z.number().int(),
  settings: augmentationSettingsSchema,
  preprocessing: preprocessingSchema,
  /** The file that the augmented tiles are written to, one record for each slot. */
  into: z.string(),
});
export type AugmentRequest = z.infer<typeof augmentRequestSchema>;

const modelOptions = {
  /** Path of a `model.json`. */
  model: z.string(),
  /** Overrides what the file records or is known for. */
  preprocessing: preprocessingSchema.optional(),
};

export const engineProcessContract = {
  /** Which engine was chosen and why. */
  describe: oc.output(engineDescriptionSchema),
  /** Computes known results and times a training step; takes seconds. */
  selfTest: oc.output(selfTestSchema),
  /** The layer table of a recipe's model. */
  summary: oc
    .input(
      z.object({
        recipe: z.string(),
        classes: z.number().int().min(2),
        settings: runSettingsSchema,
        backbone: backboneWeightsSchema.nullable().default(null),
      }),
    )
    .output(modelSummarySchema),
  /** The layer table of a network by itself. */
  networkSummary: oc.input(networkToSummariseSchema).output(modelSummarySchema),
  /** What a model file holds. */
  describeModel: oc.input(z.object(modelOptions)).output(modelDescriptionSchema),
  /** Trains; the stream ends with `done` or an error. Closing the stream cancels, leaving a checkpoint. */
  train: oc.input(trainRequestSchema).output(eventIterator(trainEventSchema)),
  /** Makes sure that the features of images are in the cache; the stream ends with the file they lie in. */
  computeFeatures: oc
    .input(z.object({ backbone: backboneWeightsSchema, tiles: tilePackSchema, slots: packedIntegersSchema }))
    .output(eventIterator(featuresEventSchema)),
  /** Writes what computes those features, for images of a size, as an ONNX file in a folder. */
  writeFeatureNetwork: oc
    .input(
      z.object({
        backbone: backboneWeightsSchema,
        imageSize: z.number().int().positive(),
        folder: z.string(),
        file: z.string(),
      }),
    )
    .output(z.object({ name: z.string(), shape: z.array(z.number().int()) })),
  /** Tries learning rates on a network that is thrown away. */
  findLearningRate: oc
    .input(trainRequestSchema.omit({ run: true, folder: true, validation: true, resume: true }))
    .output(eventIterator(learningRateEventSchema)),
  pause: oc.input(z.object({ run: z.string() })).output(z.void()),
  resume: oc.input(z.object({ run: z.string() })).output(z.void()),
  /** Ends the run after the current step; the model is saved as it is. */
  stop: oc.input(z.object({ run: z.string() })).output(z.void()),
  /** Ends the run after the current step, leaving a checkpoint to resume from. */
  interrupt: oc.input(z.object({ run: z.string() })).output(z.void()),
  evaluate: oc
    .input(
      z.object({
        ...modelOptions,
        tiles: tilePackSchema,
        images: packedSlotsSchema,
        /** A file for the scores of each image before softmax or sigmoid: float32, one row after another. */
        scoresInto: z.string().optional(),
      }),
    )
    .output(eventIterator(evaluateEventSchema)),
  /** Fits temperature, limits and sets to validation photos, and writes them beside the model. */
  calibrate: oc
    .input(
      z.object({
        model: z.string(),
        tiles: tilePackSchema,
        /** Training photos that distances are measured to. */
        train: packedIntegersSchema,
        validation: packedSlotsSchema,
        keep: z.number().gt(0).lt(1),
      }),
    )
    .output(eventIterator(calibrateEventSchema)),
  /** Probabilities per slot, one per class; and what a calibrated model says beside them. */
  predict: oc
    .input(
      z.object({ ...modelOptions, tiles: tilePackSchema, slots: z.array(z.number().int().nonnegative()) }),
    )
    .output(
      z.object({
        probabilities: z.array(z.array(z.number())),
        judgements: z.array(judgementSchema.nullable()),
      }),
    ),
  /** Writes a model in a format and proves it; the stream ends with `done` or an error. */
  exportModel: oc.input(exportRequestSchema).output(eventIterator(exportEventSchema)),
  /** Augments tiles as a training step does; the answer holds what a network would be given. */
  augment: oc
    .input(augmentRequestSchema)
    .output(z.object({ range: z.object({ min: z.number(), max: z.number(), mean: z.number() }) })),
  /** Ends the process after what it is doing now. */
  shutdown: oc.output(z.void()),
};
export type EngineProcessContract = typeof engineProcessContract;
