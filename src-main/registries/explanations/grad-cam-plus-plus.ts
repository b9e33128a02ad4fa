/**
 * Grad-CAM++: as Grad-CAM, but only places where the gradient is positive count, and those of a channel weigh more
 * where it is small elsewhere, so that several objects of a class all show.
 *
 * With S the class's score before softmax and its exponential as what is derived, the second and third derivatives
 * are powers of the first (g): α = g² / (2 g² + Σ A · g³), weight = Σ α · relu(g).
 * @see Chattopadhay et al.: Grad-CAM++, WACV 2018, eq. 11 and 19
 */
import type { GradientMethod } from '../../engine/interpretation/heatmaps/heatmap-method.ts';

export const gradCamPlusPlus: GradientMethod = {
  id: 'grad-cam-plus-plus',
  kind: 'gradient',
  label: 'Grad-CAM++',
  description: 'Like the class activation heatmap, but better at several objects of the class in one photo.',
  derives: 'score',
  map(tf, outputs, gradients) {
    // α does not change with the size of g as long as A·g is unchanged; scaled, cubes stay within float32.
    const scale = tf.add(tf.max(tf.abs(gradients), [1, 2, 3], true), 1e-30);
    const g = tf.div(gradients, scale);
    const squares = tf.square(g);
    const sums = tf.mul(tf.sum(tf.mul(outputs, tf.mul(squares, g)), [1, 2], true), scale);
    const denominator = tf.add(tf.mul(squares, 2), sums);
    const safe = tf.where(tf.notEqual(denominator, 0), denominator, tf.onesLike(denominator));
    const alpha = tf.div(squares, safe);
    const weights = tf.sum(tf.mul(alpha, tf.relu(g)), [1, 2], true);
    return tf.mean(tf.mul(outputs, weights), 3);
  },
};
