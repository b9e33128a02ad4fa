/** Puts arithmetic that follows a convolution or a dense layer into its weights: less to compute, and to round. */
import { mergeFollowing } from './merge.ts';
import type { LoweredNetwork, Operation, Work } from './operations.ts';

type WithKernel = Extract<Work, { kind: 'convolution' | 'depthwise' | 'dense' }>;
type Affine = Extract<Work, { kind: 'affine' }>;

function hasKernel({ work }: Operation): boolean {
  return work.kind === 'convolution' || work.kind === 'depthwise' || work.kind === 'dense';
}

/** The same network with fewer operations. @see mergeFollowing */
export function fold(network: LoweredNetwork): LoweredNetwork {
  return mergeFollowing(network, (before, { name, work }) =>
    work.kind === 'affine' && hasKernel(before)
      ? { ...before, name, work: folded(before.work as WithKernel, work) }
      : null,
  );
}

/** (x · kernel + bias) · scale + offset = x · (kernel · scale) + (bias · scale + offset) */
function folded<Kind extends WithKernel>(work: Kind, { scale, offset }: Affine): Kind {
  const { kernel, bias } = work;
  const outputs = work.kind === 'depthwise' ? kernel.shape[2] * kernel.shape[3] : kernel.shape.at(-1)!;
  const at = (values: Float32Array, place: number): number => values[values.length === 1 ? 0 : place];
  const values = kernel.values.map((value, index) => value * at(scale, index % outputs));
  const moved = Float32Array.from(
    { length: outputs },
    (_, place) => (bias?.[place] ?? 0) * at(scale, place) + at(offset, place),
  );
  return { ...work, kernel: { shape: kernel.shape, values }, bias: moved };
}
