/** Requests about the embedding map: photos that look alike to a network lie close together. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorDataSchema, progressSchema } from '../shared/vocabulary.ts';

/** What likeness is made of. */
export const mapFeaturesSchema = z.object({
  /** `backbone`: what a pretrained network sees; `signals`: only where colours and shapes are. */
  kind: z.enum(['backbone', 'signals']),
  /** The network's name, e.g. `MobileNetV2`; `colours and shapes`. */
  label: z.string(),
});
export type MapFeatures = z.infer<typeof mapFeaturesSchema>;

export const mapRunSchema = z.object({
  id: z.string(),
  status: z.enum(['running', 'done', 'cancelled', 'failed']),
  progress: progressSchema,
  error: errorDataSchema.nullable(),
});
export type MapRun = z.infer<typeof mapRunSchema>;

export const mapStateSchema = z.object({
  /** The running or the last computation of this session. */
  run: mapRunSchema.nullable(),
  /** There is no map; it shows the photos as they are now; photos came or changed since. */
  status: z.enum(['none', 'fresh', 'stale']),
  /** Photos of the project that have no place on the map. */
  missing: z.number().int(),
  /** Photos of the project, those left out not counted. */
  photos: z.number().int(),
  /** What a map computed now would be made of. */
  available: mapFeaturesSchema,
  /** Names the map that `get` gives; null without one. */
  version: z.string().nullable(),
});
export type MapState = z.infer<typeof mapStateSchema>;

export const embeddingMapSchema = z.object({
  version: z.string(),
  features: mapFeaturesSchema,
  seed: z.number().int(),
  madeAt: z.string(),
  /** Image ids, ascending: `unpackIds`. */
  ids: z.string(),
  /** A place per image, `x << 16 | y`, each from 0 to 65,535: `unpackIds`. */
  positions: z.string(),
  /** Photos that UMAP laid out; the others were placed beside the ones they are most like. */
  fitted: z.number().int(),
});
export type EmbeddingMap = z.infer<typeof embeddingMapSchema>;

/** Bits of `flags`. */
export const photoFlags = { excluded: 1, gone: 2 } as const;

/** What is known of each photo of the map, in the order of its ids; lists as `packIds` makes them. */
export const mapMarksSchema = z.object({
  version: z.string(),
  revision: z.number().int(),
  /** Class ids; −1 without a label. */
  classes: z.string(),
  /** Places in `splitNames`; −1 in none. */
  splits: z.string(),
  /** Class ids that the newest run with predictions said; −1 without one. */
  predictions: z.string(),
  /** Bit k: a finding of the k-th of `checks` that was not dismissed. */
  findings: z.string(),
  /** Bits: `photoFlags`. */
  flags: z.string(),
  /** The checks with findings among the photos, at most 31. */
  checks: z.array(z.object({ id: z.string(), label: z.string() })),
  /** The run whose predictions these are. */
  run: z.object({ id: z.string(), name: z.string() }).nullable(),
});
export type MapMarks = z.infer<typeof mapMarksSchema>;

export const mapContract = {
  state: oc.output(mapStateSchema),
  /** The map as it was computed last, from the cache; null when there is none. */
  get: oc.output(embeddingMapSchema.nullable()),
  marks: oc.output(mapMarksSchema.nullable()),
  /** Computes the map in the background; progress comes as `map` events. */
  compute: oc
    .input(
      z.object({
        seed: z.number().int().min(0).max(0x7fffffff).default(1),
        /** `best`: what `state` calls available. */
        features: z.enum(['best', 'signals']).default('best'),
      }),
    )
    .output(mapRunSchema),
  cancel: oc.output(z.void()),
};
