/** Augmentation: which random changes training makes to its pictures. */
import { z } from 'zod';

/**
 * How places beyond the picture's edge are filled, with Keras' names. Of a row `abcd`: `constant` kkkk|abcd|kkkk,
 * `nearest` aaaa|abcd|dddd, `reflect` dcba|abcd|dcba, `wrap` abcd|abcd|abcd.
 */
export const fillModes = ['constant', 'nearest', 'reflect', 'wrap'] as const;
export const fillModeSchema = z.enum(fillModes);
export type FillMode = z.infer<typeof fillModeSchema>;

/** One parameter: a number, or the smallest and largest of a range. */
export const augmentationValueSchema = z.union([z.number(), z.tuple([z.number(), z.number()])]);
export type AugmentationValue = z.infer<typeof augmentationValueSchema>;

/**
 * What training does to its pictures. The transforms' own parameters are checked against the registry
 * (`src-main/registries/augmentations`), which knows names, meanings and limits.
 */
export const augmentationSettingsSchema = z.object({
  /**
   * The transforms that are switched on, by id, each with its parameters under Keras' names where Keras has them,
   * e.g. `{ rotation: { rotation_range: 40 }, 'horizontal-flip': {} }`. A missing parameter has its default.
   */
  transforms: z.record(z.string(), z.record(z.string(), augmentationValueSchema)).default({}),
  fillMode: fillModeSchema.default('nearest'),
  /** What `constant` fills with, and cut-out covers with: 0 (black) to 255. Keras calls it `cval`. */
  fillValue: z.number().min(0).max(255).default(0),
});
export type AugmentationSettings = z.infer<typeof augmentationSettingsSchema>;

/** Nothing is changed. */
export const augmentationOff: AugmentationSettings = { transforms: {}, fillMode: 'nearest', fillValue: 0 };
