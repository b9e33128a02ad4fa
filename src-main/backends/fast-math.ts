/** Fast mathematics: convolutions and matrix products in bfloat16, at the cost of results in the third digit. */
import { readFileSync } from 'node:fs';
import type { Precision } from '../engine/base/backend.ts';

/** Instructions that gain, as Linux calls them. */
const INSTRUCTIONS = ['avx512_bf16', 'amx_bf16'];

/**
 * What the engine's process needs in its environment for fast mathematics. oneDNN, which computes TensorFlow's
 * convolutions on processors, reads it when it is loaded, and on a processor with `amx_bf16` converts by itself. With
 * `avx512_bf16` alone it does not, but gains as much from graphs that are written so: see `fastPrecision`. On other
 * processors, on a GPU, or on other engines nothing changes.
 */
export const fastMathEnvironment: Readonly<Record<string, string>> = { ONEDNN_DEFAULT_FPMATH_MODE: 'BF16' };

/** The opposite: without it a variable of the user's own environment would count. */
export const exactMathEnvironment: Readonly<Record<string, string>> = {
  ONEDNN_DEFAULT_FPMATH_MODE: 'STRICT',
};

/** What this process computes convolutions in by its environment, where the processor gains from it. */
export function fastPrecision(): Precision {
  const requested = process.env.ONEDNN_DEFAULT_FPMATH_MODE === fastMathEnvironment.ONEDNN_DEFAULT_FPMATH_MODE;
  return requested && (fastMathInstructions() ?? []).length > 0 ? 'bfloat16' : 'float32';
}

/**
 * The instructions of this processor that fast mathematics uses; none where it gains nothing. Null where that cannot
 * be told (not Linux).
 */
export function fastMathInstructions(): string[] | null {
  if (process.platform !== 'linux') return null;
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    const has = new Set(flags.split(' '));
    return INSTRUCTIONS.filter((instruction) => has.has(instruction));
  } catch {
    return null;
  }
}
