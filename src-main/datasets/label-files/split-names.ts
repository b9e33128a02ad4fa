/** What the names of folders, and words in lists, say of splits. */
import type { Split } from '../../contract/shared/vocabulary.ts';

const certain: Readonly<Record<Split, readonly string[]>> = {
  train: words('train training trn learn learning fit entrenamiento entrainement apprentissage'),
  validation: words(
    'val valid validate validation validating validierung validacion dev devel development tune tuning',
  ),
  test: words('test testing tst prueba'),
};
/** Test where nothing else is called so, validation beside a test. */
const eitherOr = words('eval evaluate evaluation holdout heldout');
/** Beside the word itself, and with it in one. */
const fillers = new Set(
  words(
    'set sets split splits data dataset image images img imgs photo photos pic pics picture pictures file files folder seg',
  ),
);

function words(list: string): readonly string[] {
  return list.split(' ');
}

/** The word for a split in a name: `Training_Set`, `val2017`, `seg_test` and `hold-out images` hold one; '' without. */
function splitWordOf(name: string): string {
  const parts = name
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) =>
      part.replace(/^(\p{L}+)(\d|\d{4})$/u, '$1').replace(/^(.+?)(sets?|data|images?|imgs?)$/, '$1'),
    )
    .filter((part) => part !== '' && !fillers.has(part));
  return parts.join('');
}

function certainSplit(word: string): Split | null {
  for (const split of ['train', 'validation', 'test'] as const)
    if (certain[split].includes(word)) return split;
  return null;
}

/**
 * The splits that names beside each other stand for; names that stand for none are left out.
 * @param names of folders, of sources, or of what a column of a list holds
 */
export function splitsOfNames(names: Iterable<string>): Map<string, Split> {
  const found = new Map<string, Split>();
  const open: string[] = [];
  for (const name of names) {
    const word = splitWordOf(name);
    const split = certainSplit(word);
    if (split !== null) found.set(name, split);
    else if (eitherOr.includes(word)) open.push(name);
  }
  const present = new Set(found.values());
  const rest = present.has('test') && !present.has('validation') ? 'validation' : 'test';
  for (const name of open) found.set(name, rest);
  return found;
}

/** The split that a name by itself stands for, in any letter case, or null. */
export function splitOfName(name: string): Split | null {
  return splitsOfNames([name]).get(name) ?? null;
}
