/**
 * Class activation heatmap as in the lesson: each channel of the last convolution counts as much as, on average, the
 * class's probability depends on it.
 * @see Selvaraju et al.: Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization, ICCV 2017
 */
import type { GradientMethod } from '../../engine/interpretation/heatmaps/heatmap-method.ts';

export const gradCam: GradientMethod = {
  id: 'grad-cam',
  kind: 'gradient',
  label: 'Class activation heatmap',
  description:
    'Where in the photo the last convolution found what speaks for the class: every channel is weighted by how much ' +
    'the probability of the class depends on it (Grad-CAM).',
  derives: 'probability',
  map(tf, outputs, gradients) {
    const weights = tf.mean(gradients, [1, 2], true);
    return tf.mean(tf.mul(outputs, weights), 3);
  },
};
