/** Parameters of augmentations: a slider with one handle, or with two. */
import { z } from 'zod';

/** What a slider needs to know besides its limits. */
interface ParamAbout {
  readonly title: string;
  /** Written behind the value, e.g. `°`. Fractions of 1 are shown as per cent. */
  readonly unit: '°' | '%' | '×';
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A number between two limits. */
export function amount({ min, max, ...about }: ParamAbout, initial: number): z.ZodDefault<z.ZodNumber> {
  return z
    .number()
    .min(min)
    .max(max)
    .meta({ ...about, min, max })
    .default(initial);
}

/** A smallest and a largest value between two limits, as `brightness_range` in Keras. */
export function range(
  { min, max, ...about }: ParamAbout,
  initial: readonly [number, number],
): z.ZodDefault<z.ZodTuple<[z.ZodNumber, z.ZodNumber], null>> {
  const limited = z.number().min(min).max(max);
  return z
    .tuple([limited, limited])
    .refine(([least, most]) => least <= most, 'the first must not be larger than the second')
    .meta({ ...about, min, max })
    .default([...initial]);
}
