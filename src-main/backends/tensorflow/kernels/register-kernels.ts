import type { Tf } from '../../../engine/base/backend.ts';
import { registerActivationGradients } from './activation-gradients.ts';
import { registerBatchNormalization } from './batch-normalization.ts';
import { registerBias } from './bias.ts';
import { registerCast } from './bytes.ts';
import { registerConvolutionCheck } from './transposed-convolution.ts';
import { registerTransform } from './image-transform.ts';

const registered = new WeakSet<Tf>();

/**
 * Gives the tensorflow backend of tfjs native operations where tfjs has long detours or nothing. Once per tfjs; other
 * backends of the same tfjs compute as before.
 */
export function registerKernels(tf: Tf): void {
  if (registered.has(tf)) return;
  registered.add(tf);
  registerActivationGradients(tf);
  registerBatchNormalization(tf);
  registerBias(tf);
  registerCast(tf);
  registerConvolutionCheck(tf);
  registerTransform(tf);
}
