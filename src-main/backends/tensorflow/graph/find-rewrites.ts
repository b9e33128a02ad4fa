import { foldBatchNormalization } from './fold-batch-normalization.ts';
import { poolFirst } from './pool-first.ts';
import type { Rewrite, Uses } from './rewrite.ts';
import type { Operation, Value } from './trace.ts';

/**
 * What is better written in another way than it was recorded; the results are the same.
 * @param operations those that are needed, in the order in which they ran
 * @param others values that are used besides the operations' inputs
 */
export function findRewrites(
  operations: readonly Operation[],
  others: readonly Value[],
): ReadonlyMap<Operation, Rewrite> {
  const uses = findUses(operations, others);
  return new Map([...foldBatchNormalization(uses), ...poolFirst(uses)]);
}

function findUses(operations: readonly Operation[], others: readonly Value[]): Uses {
  const users = new Map<Operation, (Operation | null)[]>(operations.map((operation) => [operation, []]));
  const use = (value: Value, user: Operation | null): void => {
    if (value.kind === 'output') users.get(value.operation)?.push(user);
  };
  for (const operation of operations) for (const value of operation.inputs) use(value, operation);
  for (const value of others) use(value, null);
  return { operations, of: (operation) => users.get(operation) ?? [] };
}
