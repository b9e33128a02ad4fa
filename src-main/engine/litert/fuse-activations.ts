/** Puts ReLUs into the operations before them: LiteRT's can limit what they give by themselves. */
import { mergeFollowing } from '../lowering/merge.ts';
import type { FusedFunction, LoweredNetwork, Work } from '../lowering/operations.ts';

const canLimit = new Set<Work['kind']>(['convolution', 'depthwise', 'dense', 'affine']);

function limitOf(work: Work): FusedFunction | null {
  return work.kind === 'function' && (work.function === 'relu' || work.function === 'relu6')
    ? work.function
    : null;
}

/** The same network with fewer operations. */
export function fuseActivations(network: LoweredNetwork): LoweredNetwork {
  return mergeFollowing(network, (before, { name, work }) => {
    const limit = limitOf(work);
    const able = canLimit.has(before.work.kind) && before.fused === undefined;
    return limit !== null && able ? { ...before, name, fused: limit } : null;
  });
}
