/** Requests about backbones: which there are, where their weights are, getting and removing them. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorDataSchema } from '../shared/vocabulary.ts';

/** A file with a backbone's weights on this machine. */
export const backboneFileSchema = z.object({
  /** Known to this session only. */
  id: z.string(),
  /** For people: the file's or its folder's name. */
  name: z.string(),
  /** The folder it lies in, for people. */
  folder: z.string(),
  bytes: z.number().int(),
  /** Only what lies in Lenslet's own folder can be removed. */
  removable: z.boolean(),
  /** Why it cannot be used, for example a missing part. */
  problem: errorDataSchema.nullable(),
});
export type BackboneFile = z.infer<typeof backboneFileSchema>;

/** A download that is running, or that failed. */
export const backboneDownloadSchema = z.object({
  status: z.enum(['running', 'failed', 'cancelled']),
  received: z.number().int(),
  /** Null while the size is not known. */
  total: z.number().int().nullable(),
  secondsLeft: z.number().nullable(),
  error: errorDataSchema.nullable(),
});
export type BackboneDownload = z.infer<typeof backboneDownloadSchema>;

export const backboneInfoSchema = z.object({
  /** What `--backbone` and a run's settings take: an id of the registry, or one for a file of a user's own network. */
  reference: z.string(),
  label: z.string(),
  description: z.string(),
  /** True for the networks of the registry, false for a file of another network. */
  known: z.boolean(),
  parameters: z.number().int().nullable(),
  defaultImageSize: z.number().int(),
  minimumImageSize: z.number().int(),
  /** The weights that are used; null when they are not on this machine. */
  file: backboneFileSchema.nullable(),
  /** Further files of the same network. */
  otherFiles: z.array(backboneFileSchema),
  /** SPDX name of the licence of the published weights; null where none is stated. */
  licence: z.string().nullable(),
  /** The published weights; null when nobody publishes them. */
  official: z
    .object({
      /** Null for a Python package, which comes from the index that this computer is set up for. */
      address: z.string().nullable(),
      /** Name and version of the Python package that carries them. */
      package: z.string().nullable(),
      fileName: z.string(),
      bytes: z.number().int().nullable(),
      /** SHA-256 of the file; null where no source gives it. */
      sha256: z.string().nullable(),
      /** What a download is compared with, the strongest that is published; its layers are looked at in any case. */
      checkedBy: z.enum(['sha256', 'md5', 'size']),
    })
    .nullable(),
  download: backboneDownloadSchema.nullable(),
});
export type BackboneInfo = z.infer<typeof backboneInfoSchema>;

/** What verifying a file has found. */
export const backboneVerificationSchema = z.object({
  /** SHA-256 of the weights in hexadecimal. */
  sha256: z.string(),
  /** What it was compared with: the published hash, the one noted on this machine, or nothing yet. */
  known: z.enum(['published', 'noted', 'first']),
  /** The network computes what the registry says that it must. */
  proved: z.boolean(),
});
export type BackboneVerification = z.infer<typeof backboneVerificationSchema>;

const listSchema = z.array(backboneInfoSchema);

export const backbonesContract = {
  /** All backbones: those of the registry in its order, then files of other networks. Looks at the disk anew. */
  list: oc.output(listSchema),
  /** Copies picked or uploaded files (or folders) into Lenslet's own folder. */
  add: oc
    .input(z.object({ picks: z.array(z.string()).default([]), uploads: z.array(z.string()).default([]) }))
    .output(listSchema),
  /** Removes a file from Lenslet's own folder. */
  remove: oc.input(z.object({ file: z.string() })).output(listSchema),
  /**
   * Compares a file's SHA-256 with the published one, or the one noted when it came; where the registry knows what the
   * network computes, the engine computes it. Fails with BACKBONE_CHANGED or BACKBONE_PROOF_WRONG.
   */
  verify: oc.input(z.object({ file: z.string() })).output(backboneVerificationSchema),
  /** Begins to download the weights from the official address, or goes on with it. Progress comes as events. */
  download: oc.input(z.object({ reference: z.string() })).output(z.void()),
  /** Stops a download; what has arrived is kept, to go on from. */
  cancelDownload: oc.input(z.object({ reference: z.string() })).output(z.void()),
};
