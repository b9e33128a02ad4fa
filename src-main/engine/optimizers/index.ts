/** The optimizers Lenslet can train with. */
export { type Optimizer, createSlots } from './optimizer.ts';
export { rmsprop } from './rmsprop.ts';
