/** The optimizers Lenslet can train with. */
import type { OptimizerId } from '../../contract/shared/training-settings.ts';
import { adam, adamWithDecay, adamw } from './adam.ts';
import type { Optimizer } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export { type Optimizer, createSlots } from './optimizer.ts';
export { adam, adamWithDecay, adamw, rmsprop, sgd };

/** All optimizers by id. */
export const optimizers: Readonly<Record<OptimizerId, Optimizer>> = { rmsprop, adam, adamw, sgd };
