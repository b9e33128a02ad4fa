/** Fast mathematics: convolutions and matrix products in bfloat16, at the cost of results in the third digit. */
import { readFileSync } from 'node:fs';

/**
 * Instructions that gain, as Linux calls them. Not `avx512_bf16`: with those alone, the oneDNN of TensorFlow 2.18 was
 * seen to compute the same numbers in the same time, setting or not (`test/bench/fast-math.ts`).
 */
const INSTRUCTIONS = ['amx_bf16'];

/**
 * What the engine's process needs in its environment for fast mathematics. oneDNN, which computes TensorFlow's
 * convolutions on processors, reads it when it is loaded; it does nothing on a processor that cannot do it, on a GPU,
 * or on other engines.
 */
export const fastMathEnvironment: Readonly<Record<string, string>> = { ONEDNN_DEFAULT_FPMATH_MODE: 'BF16' };

/** The opposite: without it a variable of the user's own environment would count. */
export const exactMathEnvironment: Readonly<Record<string, string>> = {
  ONEDNN_DEFAULT_FPMATH_MODE: 'STRICT',
};

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
