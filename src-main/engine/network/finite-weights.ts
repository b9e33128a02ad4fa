/** Weights must be numbers: one NaN in a file, and a network says something about every photo that means nothing. */
import type * as tfjs from '@tensorflow/tfjs';
import { AppError } from '../../contract/shared/errors.ts';
import type { Tf } from '../base/backend.ts';

/**
 * Looks through the weights of a model for NaN and infinite values. Each tensor is summed where it lies, as a sum is
 * finite only when all its terms are; so only one number a tensor is read back.
 * @param path the model's file, for messages
 * @throws AppError MODEL_WEIGHTS_NOT_FINITE
 */
export async function checkFinite(tf: Tf, model: tfjs.LayersModel, path: string): Promise<void> {
  if (model.weights.length === 0) return;
  const sums = tf.tidy(() =>
    tf.stack(model.weights.map((weight) => tf.sum(tf.cast(weight.read(), 'float32')))),
  );
  const values = await sums.data();
  sums.dispose();
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const layer = model.weights[wrong].originalName.replace(/\/[^/]*$/, '');
  throw new AppError('MODEL_WEIGHTS_NOT_FINITE', { path, layer });
}
