/** From pixel values 0–255 to what a network was trained on. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Preprocessing } from '../../contract/shared/preprocessing.ts';
import type { Tf } from '../base/backend.ts';

/**
 * Channel means of ImageNet in BGR order, as `preprocess_input(mode="caffe")` of Keras (VGG16, ResNet50) uses them.
 * @see https://github.com/keras-team/keras/blob/master/keras/src/applications/imagenet_utils.py
 */
export const imagenetMeansBgr = [103.939, 116.779, 123.68];

/**
 * Preprocesses a batch. Part of a traced program: tensors in, tensor out.
 * @param pixels `[batch, height, width, channels]`, values 0–255, any number type
 * @returns float32 of the same shape
 */
export function preprocess(tf: Tf, pixels: tfjs.Tensor, mode: Preprocessing): tfjs.Tensor4D {
  const values = tf.cast(pixels, 'float32') as tfjs.Tensor4D;
  switch (mode) {
    case 'none':
      return values;
    case '0-1':
      return tf.div(values, 255);
    case '-1-1':
      return tf.sub(tf.div(values, 127.5), 1);
    case 'imagenet':
      return values.shape[3] === 3
        ? tf.sub(tf.reverse(values, 3), tf.tensor1d(imagenetMeansBgr))
        : tf.sub(values, 116.779);
  }
}
