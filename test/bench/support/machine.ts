/** What a benchmark ran on, and whether anything else ran there. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { availableCores } from '../../../src-main/backends/available-cores.ts';

/** Instruction sets that decide how fast TensorFlow computes. */
const telling = ['avx', 'avx2', 'fma', 'avx512f', 'avx512_bf16', 'avx512_vnni', 'amx_bf16', 'amx_int8'];

/** A machine, for whoever reads the numbers later. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly instructions: readonly string[];
  readonly gpu: string | null;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  const flags = new Set((/^flags\s*:(.*)$/m.exec(readOr('/proc/cpuinfo', ''))?.[1] ?? '').split(' '));
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableCores(),
    instructions: telling.filter((flag) => flags.has(flag)),
    gpu: nvidiaGpu(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

function nvidiaGpu(): string | null {
  try {
    const command = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
    return execFileSync('nvidia-smi', command, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

/** How busy the machine is. */
export interface Busyness {
  /** Processes that want to run, over the last minute. */
  readonly load: number;
  /** Share of the processors' time that was used during the last second, ours not running; null where it cannot be told. */
  readonly used: number | null;
}

/** Looks at the machine for a second. */
export async function lookAtLoad(): Promise<Busyness> {
  const before = cpuTimes();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const after = cpuTimes();
  const used = after.all === before.all ? null : 1 - (after.idle - before.idle) / (after.all - before.all);
  return { load: loadavg()[0], used };
}

function cpuTimes(): { idle: number; all: number } {
  const times = cpus().map(({ times: of }) => of);
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    idle: sum(times.map(({ idle }) => idle)),
    all: sum(times.map((of) => sum(Object.values(of)))),
  };
}

/** True when others use so much that the numbers are worth little. The load also remembers our own last minute. */
export function isBusy({ used, load }: Busyness, cores: number): boolean {
  return used === null ? load > cores * 0.5 : used > 0.1;
}
