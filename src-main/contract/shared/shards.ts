/** What travels to a cluster and back: the record of a set of shards, its manifest, and the results of a job. */
import { z } from 'zod';
import { splitSchema } from './vocabulary.ts';

/** The version of the form; another one is refused. */
export const shardsVersion = 1;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** The network that a job runs: an ONNX file that takes uint8 pixels `[batch, size, size, channels]`. */
export const shardModelSchema = z.object({
  /** Says which network and weights it is; each result names it. */
  id: z.string(),
  /** Features of a pretrained network, or the probabilities of a run. */
  kind: z.enum(['features', 'probabilities']),
  file: z.string(),
  sha256: sha256Schema,
  input: z.string(),
  output: z.string(),
  imageSize: z.number().int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Numbers of one result. */
  length: z.number().int().positive(),
  /** Of a run, in the order of its probabilities. */
  classes: z.array(z.string()).nullable(),
});
export type ShardModelRecord = z.infer<typeof shardModelSchema>;

/** `shards.json`: written last, so that whoever finds it finds all that it names. */
export const shardsRecordSchema = z.object({
  lensletShards: z.literal(shardsVersion),
  /** Name and version of the program. */
  lenslet: z.string(),
  project: z.string(),
  /** Of labels, in the order of `.cls`. */
  classes: z.array(z.string()),
  model: shardModelSchema,
  /** Photos with what the model says of them on the machine that wrote the shards. */
  golden: z.object({ file: z.string(), photos: z.number().int(), tolerance: z.number() }),
  /** Different contents in the archives. */
  photos: z.number().int(),
  shards: z.array(
    z.object({ file: z.string(), photos: z.number().int(), bytes: z.number().int(), sha256: sha256Schema }),
  ),
  manifest: z.object({ file: z.string(), lines: z.number().int(), sha256: sha256Schema }),
});
export type ShardsRecord = z.infer<typeof shardsRecordSchema>;

/** A line of `manifest.jsonl`: a photo of the project. Photos of one content share a hash. */
export const manifestLineSchema = z.object({
  /** SHA-256 of the photo's file. */
  hash: sha256Schema,
  label: z.string().nullable(),
  split: splitSchema.nullable(),
  /** Photos of one number stay in one split. */
  group: z.number().int(),
  /** The archive that holds it. */
  shard: z.string(),
});
export type ManifestLine = z.infer<typeof manifestLineSchema>;

/** A line of `results.jsonl`: what a model says of a content, or why it says nothing. */
export const resultLineSchema = z.union([
  z.object({
    hash: sha256Schema,
    model: z.string().max(400),
    /** Base64 of float32, little-endian; or the numbers. */
    values: z.union([z.base64(), z.array(z.number())]),
  }),
  z.object({ hash: sha256Schema, model: z.string().max(400), error: z.string() }),
]);
export type ResultLine = z.infer<typeof resultLineSchema>;
