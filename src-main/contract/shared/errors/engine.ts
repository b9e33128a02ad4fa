/** The engine and its backends. */
import type { CatalogueEntry } from './catalogue-entry.ts';

/** Error codes and their words. */
export const engineErrors = {
  BACKEND_UNAVAILABLE: {
    message: 'No engine could be started: {reason}.',
    remedy: 'Run `npm run setup` and look at `lenslet doctor`.',
  },
  BACKEND_CRASHED: {
    message: 'The training engine stopped unexpectedly ({reason}).',
    remedy: 'It has been restarted; choose Resume to continue from the last finished epoch.',
  },
  BACKEND_OUT_OF_MEMORY: {
    message: 'The engine ran out of memory at batch size {batchSize}.',
    remedy: 'Use a batch size of {suggestedBatchSize} or smaller images.',
  },
  BACKEND_BUSY: {
    message: 'The engine is busy with {task}.',
    remedy: 'Wait for it to finish, or stop it first.',
  },
  BACKEND_CANNOT_TRAIN: {
    message: 'The engine {engine} cannot train this model: {reason}.',
    remedy: 'Run `lenslet doctor` to see how to get the TensorFlow engine.',
  },
  ENGINE_ONNX_RUNTIME_UNFIT: {
    message: 'ONNX Runtime cannot compute this network here: {reason}.',
    remedy: 'Leave `--engine` out: what it cannot compute is left to TensorFlow.',
  },
  ENGINE_PRECISION_MISSING: {
    message: '{precision} cannot be had here: {reason}.',
    remedy: 'Leave `--precision` out to compute in float32.',
  },
} as const satisfies Record<string, CatalogueEntry>;
