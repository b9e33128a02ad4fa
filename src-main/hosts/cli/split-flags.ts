/** The flags of `split`. */
import { InvalidArgumentError } from 'commander';
import type { SplitFractions } from '../../contract/app/datasets.ts';

/** Ways to keep photos in one part, as one says them on the command line. */
export const splitGroups = {
  group: ['near-duplicates', 'burst'],
  folder: ['near-duplicates', 'burst', 'folder'],
  time: ['near-duplicates', 'burst', 'capture-time'],
} as const;

/** Parses `70/15/15`. @throws InvalidArgumentError for parts that do not add up to 100 */
export function parseFractions(text: string): SplitFractions {
  const parts = text.split('/').map((part) => (/^\d+(\.\d+)?$/.test(part.trim()) ? Number(part) : NaN));
  const [train, validation, test] = parts;
  const isWhole = parts.length === 3 && Math.abs(train + validation + test - 100) < 1e-6 && train > 0;
  if (!isWhole)
    throw new InvalidArgumentError(
      'Give percent of training, validation and test that add up to 100: 70/15/15.',
    );
  return { train: train / 100, validation: validation / 100, test: test / 100 };
}
