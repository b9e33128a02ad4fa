/** Puts arithmetic that follows a convolution or a dense layer into its weights: less to compute, and to round. */
import type { LoweredNetwork, Operation, Value, Work } from './operations.ts';

type WithKernel = Extract<Work, { kind: 'convolution' | 'depthwise' | 'dense' }>;
type Affine = Extract<Work, { kind: 'affine' }>;

function hasKernel({ work }: Operation): boolean {
  return work.kind === 'convolution' || work.kind === 'depthwise' || work.kind === 'dense';
}

/** The same network with fewer operations. Layers whose own output is no longer computed are left out of its list. */
export function fold(network: LoweredNetwork): LoweredNetwork {
  const { features } = network;
  const uses = new Map<Value, number>([[network.output, 1]]);
  if (features !== null) uses.set(features, 1);
  for (const { inputs } of network.operations)
    for (const input of inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  const replaced = new Map<Operation, Operation>();
  const gone = new Set<Operation>();
  const now = (value: Value): Value => (value === 'image' ? value : (replaced.get(value) ?? value));
  const operations: Operation[] = [];
  for (const operation of network.operations) {
    const inputs = operation.inputs.map(now);
    const [before] = inputs;
    const [own] = operation.inputs;
    const alone = before !== 'image' && hasKernel(before) && uses.get(own) === 1;
    if (operation.work.kind === 'affine' && before !== 'image' && alone) {
      const work = folded(before.work as WithKernel, operation.work);
      const joined = { ...before, name: operation.name, work };
      operations[operations.indexOf(before)] = joined;
      replaced.set(operation, joined);
      if (own !== 'image') gone.add(own);
      continue;
    }
    const moved = { ...operation, inputs };
    operations.push(moved);
    replaced.set(operation, moved);
  }
  return {
    ...network,
    operations,
    output: replaced.get(network.output)!,
    features: features && now(features),
    layers: network.layers.flatMap(({ name, operation }) =>
      gone.has(operation) ? [] : [{ name, operation: replaced.get(operation)! }],
    ),
  };
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
