/** What `--help` lists. Written out, as `recipe-ids.ts` is; a test compares them with the checks. */
export const checkIds: readonly string[] = [
  'split-leakage',
  'conflicting-labels',
  'label-errors',
  'exact-duplicates',
  'near-duplicates',
  'too-few-photos',
  'class-imbalance',
  'shortcut',
  'unreadable',
  'blur',
  'dark',
  'overexposed',
  'tiny',
  'odd-aspect',
  'grey-among-colour',
  'outliers',
];
