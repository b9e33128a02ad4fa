/** What `--on` does for every command that has it. */
import type { ClusterResult } from '../../../../services/clusters/clusters.ts';
import type { WantedModel } from '../../../../services/shards/shards.ts';
import type { Output } from '../../output.ts';
import type { Session } from '../../session.ts';
import { count } from '../../text.ts';

/** The flags of `onClusterFlags`. */
export interface OnCluster {
  readonly on?: string;
  readonly cpus?: number;
  readonly gpus?: number;
  readonly install?: boolean;
}

/** Photos sent with a job: some 360 MB, which the head of a cluster holds in memory. */
const perJob = 3000;

/** Half a core for each network leaves as much for reading. */
const usualCpus = 0.5;

/** Computes what the open project lacks. @throws AppError CLUSTER_…, SHARD_…, CANCELLED */
export function computeOnCluster(
  { core, signal }: Session,
  output: Output,
  wanted: WantedModel,
  { on, cpus = usualCpus, gpus = 0, install = false }: OnCluster & { readonly on: string },
): Promise<ClusterResult> {
  const choice = { address: on, resources: { cpus, gpus, actors: 0 }, install, perJob };
  const emit = ({ phase, done, total }: { phase: string; done: number; total: number | null }): void =>
    output.progress(total === null ? Number.NaN : done / total, phase);
  return core.clusters.compute(wanted, choice, { emit, signal });
}

/** The same in a sentence. */
export function clusterText(result: ClusterResult): string {
  const { imported, there, missing, jobs, address, largestDifference } = result;
  if (jobs === 0) return `Nothing to compute: all ${count(there)} photos have their results.`;
  const left = missing === 0 ? '' : ` ${count(missing)} photos have none: run the command again to try them.`;
  return `${count(imported)} photos computed on ${address} in ${count(jobs)} jobs, ${count(there)} had results; largest difference of those compared: ${largestDifference.toExponential(1)}.${left}`;
}
