// @ts-check
import { join } from 'node:path';
import { cacheFolder } from './paths.mjs';
import { StepFailure } from './step-failure.mjs';

/**
 * Where Node keeps compiled sources, for everything that a script starts: TypeScript is stripped and JavaScript compiled
 * once, which takes a third off the start of server and engine.
 */
process.env.NODE_COMPILE_CACHE ??= join(cacheFolder(), 'compiled');

/**
 * Runs a script's body; a failure of set-up is told in two lines (a step has told its own already), anything else
 * as it is.
 * @param {() => Promise<number>} body gives the exit code
 */
export async function main(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    if (!error.told)
      process.stderr.write(
        `${error.reason[0].toUpperCase()}${error.reason.slice(1)}.\n  → ${error.remedy}\n`,
      );
    process.exitCode = 1;
  }
}
