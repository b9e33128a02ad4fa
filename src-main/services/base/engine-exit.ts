/** Why an engine process ended, in words. */
import { readFileSync } from 'node:fs';
import { AppError } from '../../contract/shared/errors.ts';
import { tellsOfMemory } from '../../engine/base/out-of-memory.ts';
import type { EngineExit } from './engine-child.ts';

/** How often this machine, or the container we are in, has killed a process for want of memory; null when unknown. */
export function countMemoryKills(): number | null {
  const counts = ['/sys/fs/cgroup/memory.events', '/proc/vmstat'].flatMap((path) => {
    try {
      const count = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
      return count === undefined ? [] : [Number(count)];
    } catch {
      return [];
    }
  });
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

const signalWords: Record<string, string> = {
  SIGKILL: 'it was killed from outside',
  SIGSEGV: 'it read memory that is not its own',
  SIGABRT: 'it gave up',
  SIGILL: 'this processor lacks an instruction it needs',
  SIGBUS: 'a file it reads was cut off',
  SIGTERM: 'it was told to end',
};

/** The last line of stderr that is not blank. */
function lastWords(stderr: string): string | null {
  const lines = stderr.split('\n').map((line) => line.trim());
  const meaningful = lines.filter((line) => line !== '' && !/^at |^node:|^Node\.js v/.test(line));
  return meaningful.at(-1)?.slice(0, 300) ?? null;
}

/** True when the process died of memory: its output names it, or the system counted one more such kill. */
export function diedOfMemory(exit: EngineExit, killsBefore: number | null): boolean {
  if (tellsOfMemory(exit.stderr)) return true;
  const killed = exit.signal === 'SIGKILL' || exit.code === 137;
  const kills = countMemoryKills();
  return killed && kills !== null && killsBefore !== null && kills > killsBefore;
}

/** The exit as an error without what only the task knows (its batch size). */
export function explainExit(exit: EngineExit): AppError {
  const { signal, code } = exit;
  const words = lastWords(exit.stderr);
  const how =
    signal === null ? `exit code ${code ?? 'unknown'}` : `${signalWords[signal] ?? 'signal'} (${signal})`;
  // A killed process could say nothing; whatever is on stderr is older.
  const reason = words === null || signal === 'SIGKILL' ? how : `${how}: ${words}`;
  return new AppError('BACKEND_CRASHED', { reason });
}

/** An engine that died while it worked; the error depends on what it worked on. */
export class EngineDied extends Error {
  readonly exit: EngineExit;
  readonly ofMemory: boolean;

  constructor(exit: EngineExit, ofMemory: boolean) {
    super('The engine process died.');
    this.name = 'EngineDied';
    this.exit = exit;
    this.ofMemory = ofMemory;
  }

  /**
   * @param batchSizes the one that failed and one that should fit, where a batch was to blame
   * @param wasScarce the work needed more memory than there is: TensorFlow does not survive every failed allocation,
   *   and dies of some without a word
   */
  toAppError(batchSizes?: { batchSize: number; suggestedBatchSize: number }, wasScarce = false): AppError {
    const crashed = this.exit.signal === 'SIGSEGV' || this.exit.signal === 'SIGABRT';
    if (!this.ofMemory && !(crashed && wasScarce)) return explainExit(this.exit);
    if (batchSizes !== undefined) return new AppError('BACKEND_OUT_OF_MEMORY', batchSizes);
    return new AppError('BACKEND_CRASHED', { reason: 'it ran out of memory' });
  }
}
