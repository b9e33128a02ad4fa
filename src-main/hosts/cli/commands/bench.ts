import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../contract/shared/errors.ts';
import { programRoot } from '../../node/places.ts';
import type { Output } from '../output.ts';

/** Flags of `lenslet bench`. */
export interface BenchFlags {
  readonly peer: 'keras' | 'none';
  readonly only?: string;
  readonly rounds?: number;
  readonly long?: boolean;
  readonly list?: boolean;
}

/**
 * `lenslet bench`: the benchmarks of the source code, in a process of their own with nothing beside them; the report in
 * `docs` stays as it is.
 * @throws AppError BENCH_UNAVAILABLE outside a checkout; BENCH_FAILED; CANCELLED
 */
export async function bench(output: Output, { peer, only, rounds, long, list }: BenchFlags): Promise<void> {
  const script = join(programRoot, 'test', 'bench', 'bench.ts');
  if (!existsSync(script)) throw new AppError('BENCH_UNAVAILABLE', { folder: programRoot });
  const args = [
    ...['--no-write', '--peer', peer],
    ...(only === undefined ? [] : ['--only', only]),
    ...(rounds === undefined ? [] : ['--rounds', String(rounds)]),
    ...(long ? ['--long'] : []),
    ...(list ? ['--list'] : []),
    ...(output.json ? ['--json'] : []),
  ];
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  // Ctrl-C reaches it by itself; ours is to wait until it has cleaned up.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  const outcome = await new Promise<string | number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? code ?? 1));
  }).finally(() => process.off('SIGINT', ignore));
  if (outcome === 'SIGINT' || outcome === 130) throw new AppError('CANCELLED');
  if (outcome !== 0) {
    throw new AppError('BENCH_FAILED', {
      outcome: typeof outcome === 'number' ? `code ${outcome}` : outcome,
    });
  }
}
