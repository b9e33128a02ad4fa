/** What a batch goes through: each stage draws some numbers per image and computes with them in the graph. */
import type * as tfjs from '@tensorflow/tfjs';
import type { AugmentationSettings } from '../../contract/shared/augmentation.ts';
import { type Random, stream } from '../../core/random/random.ts';
import type { Tf } from '../base/backend.ts';
import type {
  Augmentation,
  ColourAugmentation,
  ColourChange,
  GeometricAugmentation,
  PixelAugmentation,
} from './augmentation.ts';
import { type Matrix3, aboutPoint, identityMatrix, multiply } from './matrix.ts';
import type { SwitchedOn } from './switched-on.ts';
import { transformImages } from './transform-images.ts';

export interface Stage {
  /** Numbers per image. */
  readonly values: number;
  draw(seed: number, key: number, imageSize: number): ArrayLike<number>;
  /** @param drawn `[batch, values]` */
  apply(tf: Tf, images: tfjs.Tensor4D, drawn: tfjs.Tensor2D): tfjs.Tensor4D;
}

function randomOf({ id }: Augmentation, seed: number, key: number): Random {
  return stream(seed, 'augment', id, key);
}

/**
 * The eight numbers of `tf.image.transform` for maps that are multiplied in their order, about the centre of the
 * picture, which is in Keras the middle of the pixel grid: (size − 1) / 2.
 */
export function projection(matrices: readonly Matrix3[], size: number): number[] {
  const centre = (size - 1) / 2;
  return aboutPoint(matrices.reduce(multiply, identityMatrix), centre, centre).slice(0, 8);
}

/** All geometric augmentations as one projective transform. */
export function geometricStage(
  on: readonly SwitchedOn<GeometricAugmentation>[],
  settings: Pick<AugmentationSettings, 'fillMode' | 'fillValue'>,
): Stage {
  return {
    values: 8,
    draw(seed, key, size) {
      const matrices = on.map(({ augmentation, params }) =>
        augmentation.draw(params, randomOf(augmentation, seed, key), size),
      );
      return projection(matrices, size);
    },
    apply: (tf, images, drawn) => transformImages(tf, images, drawn, settings),
  };
}

/**
 * All colour augmentations as one linear map per image, clipped to 0–255 once at its end. Fed: the 3×3 matrix, then
 * the factor of the mean.
 */
export function colourStage(on: readonly SwitchedOn<ColourAugmentation>[]): Stage {
  const needs = (what: ColourAugmentation['needs']): boolean =>
    on.some(({ augmentation }) => augmentation.needs === what);
  const [mixing, usesMean] = [needs('mixing'), needs('mean')];
  return {
    values: 10,
    draw(seed, key) {
      const { matrix, meanFactor } = on
        .map(({ augmentation, params }) => augmentation.draw(params, randomOf(augmentation, seed, key)))
        .reduce(andThen, { matrix: identityMatrix, meanFactor: 0 });
      return [...matrix, meanFactor];
    },
    apply(tf, images, drawn) {
      const [batch, height, width, channels] = images.shape;
      const flat = tf.reshape(images, [batch, height * width * channels]);
      const scaled =
        mixing && channels === 3
          ? mixed(tf, images, drawn)
          : // What colours do to a grey picture: every row of the matrix has the same sum.
            tf.mul(flat, tf.sum(tf.slice(drawn, [0, 0], [batch, 3]), 1, true));
      const withMean = (): tfjs.Tensor =>
        tf.add(scaled, tf.mul(tf.mean(flat, 1, true), tf.slice(drawn, [0, 9], [batch, 1])));
      return tf.reshape(tf.clipByValue(usesMean ? withMean() : scaled, 0, 255), images.shape);
    },
  };
}

/** Each pixel times its picture's matrix; flat. */
function mixed(tf: Tf, images: tfjs.Tensor4D, drawn: tfjs.Tensor2D): tfjs.Tensor2D {
  const [batch, height, width] = images.shape;
  const matrices = tf.reshape(tf.slice(drawn, [0, 0], [batch, 9]), [batch, 3, 3]);
  const pixels = tf.reshape(images, [batch, height * width, 3]);
  return tf.reshape(tf.matMul(pixels, matrices, false, true), [batch, height * width * 3]);
}

/**
 * First `before`, then `after`. Exact when `before` scales all channels alike or `after` has no part of the mean,
 * which the order of the registry sees to: brightness and contrast come before saturation and hue.
 */
function andThen(before: ColourChange, after: ColourChange): ColourChange {
  const sumOf = ([a, b, c]: Matrix3): number => a + b + c;
  const meanBefore = sumOf(before.matrix) + before.meanFactor;
  return {
    matrix: multiply(after.matrix, before.matrix),
    meanFactor: sumOf(after.matrix) * before.meanFactor + after.meanFactor * meanBefore,
  };
}

/** One augmentation that is neither geometric nor of colours. */
export function pixelStage(
  { augmentation, params }: SwitchedOn<PixelAugmentation>,
  { fillValue }: Pick<AugmentationSettings, 'fillValue'>,
): Stage {
  return {
    values: augmentation.values,
    draw: (seed, key, size) => augmentation.draw(params, randomOf(augmentation, seed, key), size),
    apply: (tf, images, drawn) => augmentation.apply(tf, images, drawn, fillValue),
  };
}
