/** Photos and networks that travel to a cluster, and results that come back. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const shardErrors = {
  SHARD_STORAGE_INVALID: {
    message: 'The storage address {address} cannot be used: {reason}.',
    remedy:
      'Write s3://BUCKET/PREFIX, and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION; AWS_ENDPOINT_URL for storage elsewhere than at AWS.',
  },
  SHARD_STORAGE_DENIED: {
    message: 'The storage at {address} refused access ({reason}).',
    remedy: 'Check the key, its secret, and what the key may do with this bucket.',
  },
  SHARD_STORAGE_FAILED: {
    message: 'The storage at {address} did not do what was asked: {reason}.',
    remedy: 'Check the address and the connection, then run the same command again.',
  },
  SHARD_NO_PHOTOS: {
    message: 'No photo of the project can be read.',
    remedy: 'Connect the drive with the photos, or import some, then try again.',
  },
  SHARD_RESULTS_MISSING: {
    message: 'There are no results at {path}.',
    remedy: 'Name a results.jsonl, or a folder with files named results*.jsonl.',
  },
  SHARD_RESULTS_EMPTY: {
    message:
      'No line of the results can be used: {damaged} are damaged or of another length, {unknown} are of photos that are not in the project, {failed} report a failure.',
    remedy: 'Check that the results belong to this project, and look into the log of the job.',
  },
  SHARD_RESULTS_OTHER_MODEL: {
    message: 'The results are from {found}. Expected: {expected}.',
    remedy:
      'Name the network with which the shards were made (--backbone, --image-size, --run), or make new shards.',
  },
  SHARD_RESULTS_DISAGREE: {
    message:
      'The results differ from what this computer computes: by {difference} for the photo {path}, where at most {tolerance} is allowed. Nothing was imported.',
    remedy: 'Check the versions of ONNX Runtime on the machines that computed them, then run the job again.',
  },
} as const satisfies Record<string, CatalogueEntry>;
