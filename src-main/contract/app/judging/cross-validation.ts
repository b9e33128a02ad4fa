/** Cross-validation of a linear head on cached features: what to expect of a project without touching its test photos. */
import { z } from 'zod';
import { progressEventSchema } from '../../shared/vocabulary.ts';
import { evaluationSchema } from '../runs.ts';

const interval = evaluationSchema.shape.interval.unwrap();

export const crossValidationSchema = z.object({
  /** The pretrained network whose features were used. */
  backbone: z.string(),
  /** Training and validation photos; none of the test. */
  images: z.number().int(),
  folds: z.array(z.object({ images: z.number().int(), accuracy: z.number() })),
  /** Over all photos, each predicted by a head that did not learn from it. */
  accuracy: z.number(),
  /** Wilson, 95%. */
  interval,
  /** Standard deviation of the folds' accuracies. */
  deviation: z.number(),
  classes: z.array(
    z.object({
      name: z.string(),
      /** Null where no photo was called it. */
      precision: z.number().nullable(),
      precisionInterval: interval,
      /** Null for a class without photos: not measured. */
      recall: z.number().nullable(),
      recallInterval: interval,
      support: z.number().int(),
    }),
  ),
  /** Rows: true class, columns: predicted class. */
  confusionMatrix: z.array(z.array(z.number().int())),
  /** Whether near-duplicates were kept in one fold: they are known once Check has looked for them. */
  grouped: z.boolean(),
  seconds: z.number(),
});
export type CrossValidation = z.infer<typeof crossValidationSchema>;

export const crossValidateEventSchema = z.discriminatedUnion('type', [
  progressEventSchema,
  z.object({ type: z.literal('done'), result: crossValidationSchema }),
]);
export type CrossValidateEvent = z.infer<typeof crossValidateEventSchema>;
