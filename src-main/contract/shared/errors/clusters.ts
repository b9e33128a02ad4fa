/** Clusters that Lenslet sends work to. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const clusterErrors = {
  CLUSTER_ADDRESS_INVALID: {
    message: '“{address}” is not the address of a cluster.',
    remedy: 'Give the address of Ray’s dashboard, for example http://127.0.0.1:8265.',
  },
  CLUSTER_UNKNOWN: {
    message: 'There is no cluster {address} in the list.',
    remedy: 'Add it with lenslet cluster add {address}.',
  },
  CLUSTER_UNREACHABLE: {
    message: 'The cluster at {address} does not answer: {reason}.',
    remedy: 'Check that Ray runs there and that its dashboard can be reached from this computer.',
  },
  CLUSTER_REFUSED: {
    message: 'The cluster at {address} refused the request: {reason}.',
    remedy: 'Check its log, and RAY_AUTH_TOKEN where the cluster wants a token.',
  },
  CLUSTER_TOO_OLD: {
    message: 'The cluster at {address} runs Ray {version}. Expected: {expected} or newer.',
    remedy: 'Update Ray on the cluster.',
  },
  CLUSTER_JOB_FAILED: {
    message: 'The job {job} on {address} failed: {reason}.',
    remedy:
      'Look into its log in Ray’s dashboard. What was computed before is kept: run the same command again.',
  },
  CLUSTER_PACKAGES_MISSING: {
    message: 'The machines of {address} lack Python packages: {packages}.',
    remedy: 'Install them there, or repeat the command with --install to have Ray install them for the job.',
  },
  CLUSTER_RECIPE_UNSUITED: {
    message:
      'Only averaged features of a frozen network are computed on a cluster, and {recipe} uses others.',
    remedy: 'Train without --on, or choose the recipe linear-probe.',
  },
} as const satisfies Record<string, CatalogueEntry>;
