import type * as tfjs from '@tensorflow/tfjs';
import type { ProgramSet, ProgramSpec, Tf } from './backend.ts';

/**
 * Programs run operation by operation: right on every backend, slower than a graph. The `tf.Variable`s are the
 * state, so reading and writing them costs nothing.
 */
export function prepareEagerly<Name extends string>(
  tf: Tf,
  programs: Record<Name, ProgramSpec>,
  whyEager: string,
): ProgramSet<Name> {
  return {
    mode: 'eager',
    whyEager,
    precision: 'float32',
    run: (name: Name, inputs: tfjs.Tensor[]) => tf.tidy(() => programs[name].program(inputs)),
    readVariables: () => undefined,
    writeVariables: () => undefined,
    dispose: () => undefined,
  };
}
