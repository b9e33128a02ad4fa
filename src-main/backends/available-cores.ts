/** How many processor cores this process may really use, the limits of containers included. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Where Linux lists control groups. */
export interface ControlGroupPlaces {
  readonly membership: string;
  readonly mount: string;
}

const places: ControlGroupPlaces = { membership: '/proc/self/cgroup', mount: '/sys/fs/cgroup' };

/**
 * Whole cores to compute with. Node counts those that the process is bound to, and not in every kind of container the
 * share of time it is given: more threads than that only wait for each other.
 * @param cores as Node counts them
 */
export function availableCores(
  cores: number = availableParallelism(),
  from: ControlGroupPlaces = places,
): number {
  const share = process.platform === 'linux' ? timeShare(from) : Infinity;
  return Math.max(1, Math.min(cores, Math.ceil(share)));
}

/**
 * The processor time that this process's control groups may use, in cores: the least of its own group's and of those
 * around it. Infinity where there is no limit.
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
 * @see https://docs.kernel.org/scheduler/sched-bwc.html
 */
function timeShare({ membership, mount }: ControlGroupPlaces): number {
  const shares = (read(membership) ?? '').split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers === '')
      return [mount, join(mount, 'unified')].flatMap((at) => sharesAlong(at, path, quota2));
    if (!controllers.split(',').includes('cpu')) return [];
    // The controllers of version 1 are mounted together or each by itself.
    return [controllers, 'cpu'].flatMap((name) => sharesAlong(join(mount, name), path, quota1));
  });
  return Math.min(Infinity, ...shares);
}

/** The shares of a group and all around it. In a container its path may be the one outside; then only the root is there. */
function sharesAlong(mount: string, path: string, quota: (folder: string) => number | null): number[] {
  const parts = path.split('/').filter((part) => part !== '');
  const folders = Array.from({ length: parts.length + 1 }, (_, depth) =>
    join(mount, ...parts.slice(0, depth)),
  );
  return folders.flatMap((folder) => quota(folder) ?? []);
}

/** Version 2: `cpu.max` is "quota period", or "max period" without a limit. */
function quota2(folder: string): number | null {
  const [quota, period] = (read(join(folder, 'cpu.max')) ?? '').trim().split(' ').map(Number);
  return quota > 0 && period > 0 ? quota / period : null;
}

/** Version 1: a quota of −1 means no limit. */
function quota1(folder: string): number | null {
  const quota = Number(read(join(folder, 'cpu.cfs_quota_us')) ?? NaN);
  const period = Number(read(join(folder, 'cpu.cfs_period_us')) ?? NaN);
  return quota > 0 && period > 0 ? quota / period : null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
