/** Makes one operation of two that follow each other. */
import type { LoweredNetwork, Operation, Value } from './operations.ts';

/**
 * Joins operations with the one before them, where that one's result is used by nothing else.
 * @param join gives what both do together; null leaves them as they are
 * @returns the same network with fewer operations; layers whose own output is no longer computed are not in its list
 */
export function mergeFollowing(
  network: LoweredNetwork,
  join: (before: Operation, following: Operation) => Operation | null,
): LoweredNetwork {
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
    const joined = before !== 'image' && uses.get(own) === 1 ? join(before, operation) : null;
    if (before !== 'image' && joined !== null) {
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
