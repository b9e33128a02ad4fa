import type { Tf } from '../../../engine/base/backend.ts';
import { runOperation, typeAttribute, type NodeBackend } from '../native-binding.ts';
import { replaceKernel } from './replace-kernel.ts';

/** Gives the backend `tf.image.transform`, which tfjs-node lacks, with all interpolations and fill modes. */
export function registerTransform(tf: Tf, backend: NodeBackend): void {
  const { binding } = backend;
  const text = (name: string, value: unknown) => ({
    name,
    type: binding.TF_ATTR_STRING,
    value: String(value).toUpperCase(),
  });
  replaceKernel(
    tf,
    'Transform',
    ({ image, transforms }, { interpolation, fillMode, fillValue, outputShape }) =>
      tf.tidy(() => {
        const size = (outputShape as [number, number] | null) ?? [image.shape[1], image.shape[2]];
        const inputs = [image, transforms, tf.tensor1d(size, 'int32'), tf.scalar(Number(fillValue))];
        const type = typeAttribute(binding, 'dtype', backend.getDTypeInteger(image.dtype));
        const attributes = [type, text('interpolation', interpolation), text('fill_mode', fillMode)];
        return runOperation(backend, 'ImageProjectiveTransformV3', attributes, inputs)[0];
      }),
  );
}
