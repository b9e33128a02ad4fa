import type { Tf } from '../../../engine/base/backend.ts';
import { runOperation, typeAttribute, type NativeAttribute, type NodeBackend } from '../native-binding.ts';
import { replaceKernel } from './replace-kernel.ts';

/** Gives the backend `tf.image.transform`, which tfjs-node lacks, with all interpolations and fill modes. */
export function registerTransform(tf: Tf): void {
  const text = ({ binding }: NodeBackend, name: string, value: unknown): NativeAttribute => ({
    name,
    type: binding.TF_ATTR_STRING,
    value: String(value).toUpperCase(),
  });
  replaceKernel(
    tf,
    'Transform',
    (backend, { image, transforms }, { interpolation, fillMode, fillValue, outputShape }) =>
      tf.tidy(() => {
        const size = (outputShape as [number, number] | null) ?? [image.shape[1], image.shape[2]];
        const inputs = [image, transforms, tf.tensor1d(size, 'int32'), tf.scalar(Number(fillValue))];
        const attributes = [
          typeAttribute(backend.binding, 'dtype', backend.getDTypeInteger(image.dtype)),
          text(backend, 'interpolation', interpolation),
          text(backend, 'fill_mode', fillMode),
        ];
        return runOperation(backend, 'ImageProjectiveTransformV3', attributes, inputs)[0];
      }),
  );
}
