import type { Check } from '../check.ts';
import { keepFirst } from '../fixes.ts';
import { fileName, leadingFirst } from '../leading-photo.ts';

export const exactDuplicates: Check = {
  id: 'exact-duplicates',
  label: 'Exact duplicates',
  severity: 'warning',
  explanation:
    'The same file several times, byte for byte. It counts more than it should, and in two splits it makes the test too easy.',
  find: ({ photos }) => {
    const copies = [...Map.groupBy(photos, ({ hash }) => hash).values()].filter(({ length }) => length > 1);
    return Promise.resolve(
      copies.map((members) => {
        const ordered = leadingFirst(members);
        return {
          message: `${fileName(ordered[0])} is there ${members.length} times.`,
          score: Math.min(1, 0.5 + members.length / 20),
          photos: ordered,
        };
      }),
    );
  },
  fix: keepFirst,
};
