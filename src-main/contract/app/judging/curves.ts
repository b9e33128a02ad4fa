/** Curves of a measured split: what a threshold on a probability finds, and how far probabilities are right. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { splitSchema } from '../../shared/vocabulary.ts';
import { evaluationSchema } from '../runs.ts';

const interval = evaluationSchema.shape.interval.unwrap();

/** Answers whose probability lies in one of the bins, which are equally wide from 0 to 1. */
export const reliabilityBinSchema = z.object({
  photos: z.number().int(),
  right: z.number().int(),
  /** Mean probability; 0 without photos. */
  confidence: z.number(),
  /** Of the share of right answers (Wilson, 95%); null without photos. */
  interval,
});

const reliabilityDiagramSchema = z.object({ bins: z.array(reliabilityBinSchema), error: z.number() });

export const thresholdPointSchema = z.object({
  threshold: z.number(),
  /** Photos of the class with at least this probability, and others with it. */
  right: z.number().int(),
  wrong: z.number().int(),
});
export type ThresholdPoint = z.infer<typeof thresholdPointSchema>;

export const classCurveSchema = z.object({
  class: z.number().int(),
  positives: z.number().int(),
  negatives: z.number().int(),
  /** The highest threshold first; of more than 2,000 every so-many-th. */
  points: z.array(thresholdPointSchema),
  /** Null for a class without photos, or with all of them: it is not measured. */
  rocArea: z.number().nullable(),
  averagePrecision: z.number().nullable(),
  /** By the bootstrap, 95%. */
  rocInterval: interval,
  precisionInterval: interval,
  /** Photos by the probability of the class, in 20 bins that are equally wide: of the class, and others. */
  histogram: z.object({ own: z.array(z.number().int()), others: z.array(z.number().int()) }),
});
export type ClassCurve = z.infer<typeof classCurveSchema>;

export const splitCurvesSchema = z.object({
  split: splitSchema,
  images: z.number().int(),
  /** That the probabilities are scaled with; null where they are as the network was trained. */
  temperature: z.number().nullable(),
  classes: z.array(
    z.object({
      name: z.string(),
      positives: z.number().int(),
      rocArea: z.number().nullable(),
      averagePrecision: z.number().nullable(),
    }),
  ),
  reliability: z.object({ before: reliabilityDiagramSchema, after: reliabilityDiagramSchema }),
});
export type SplitCurves = z.infer<typeof splitCurvesSchema>;

/** What photos of a class a rule finds, and what its mistakes cost. */
export const ruleSchema = z.object({
  /** Photos of the class that it finds, and those that it misses. */
  right: z.number().int(),
  missed: z.number().int(),
  /** Others that it calls the class. */
  wrong: z.number().int(),
  /** Of the photos called the class, the share that is; null where none is called it. */
  precision: z.number().nullable(),
  precisionInterval: interval,
  /** Of the photos of the class, the share that is found; null where there is none. */
  recall: z.number().nullable(),
  recallInterval: interval,
  cost: z.number(),
});
export type Rule = z.infer<typeof ruleSchema>;

const photos = z.object({
  total: z.number().int(),
  /** Ids of some of them, the most probable first. */
  images: z.array(z.number().int()),
});

export const thresholdEffectSchema = z.object({
  class: z.number().int(),
  threshold: z.number(),
  /** The most probable class is the answer. */
  now: ruleSchema,
  /** Every photo with at least the threshold is called the class. */
  then: ruleSchema,
  gained: z.object({ right: photos, wrong: photos }),
  lost: z.object({ right: photos, wrong: photos }),
  /** The threshold with the least cost, and that cost. */
  cheapest: z.object({ threshold: z.number(), cost: z.number() }),
});
export type ThresholdEffect = z.infer<typeof thresholdEffectSchema>;

const measured = { run: z.string(), split: splitSchema.default('test') };
const ofClass = { ...measured, class: z.number().int().nonnegative() };
const cost = z.number().min(0).max(1e9);

export const curvesContract = {
  /** Figures of every class, and the reliability diagram; null where the split is to be measured again first. */
  overview: oc.input(z.object(measured)).output(splitCurvesSchema.nullable()),
  /** The curves of one class, with intervals. */
  class: oc.input(z.object(ofClass)).output(classCurveSchema.nullable()),
  /** What another threshold for one class would change, and what it would cost. */
  threshold: oc
    .input(
      z.object({
        ...ofClass,
        threshold: z.number().min(0).max(1),
        /** Of a photo of the class that is missed, and of another that is called it. */
        missCost: cost.default(1),
        alarmCost: cost.default(1),
      }),
    )
    .output(thresholdEffectSchema.nullable()),
};
