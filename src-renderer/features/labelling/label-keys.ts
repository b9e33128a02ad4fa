/** The keys that label: which class has which, and listening for them. */
import { useEventListener } from '@vueuse/core';
import { isMeantElsewhere } from '../../shared/composables/keys-elsewhere.ts';

/** The keys that can be given to classes. */
export const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Keys chosen by the user: class id by key; null for a key without a class. */
export type ChosenKeys = Readonly<Record<string, number | null>>;

/** The key of each class: the chosen ones, then the free keys in the order of the classes that were given none. */
export function keysOf(
  classes: readonly { readonly id: number }[],
  chosen: ChosenKeys,
): ReadonlyMap<number, string> {
  const there = new Set(classes.map(({ id }) => id));
  const keys = new Map<number, string>();
  for (const key of digits) {
    const id = chosen[key];
    if (id != null && there.has(id)) keys.set(id, key);
  }
  const taken = new Set(keys.values());
  const free = digits.filter((key) => !taken.has(key) && chosen[key] !== null);
  for (const { id } of classes) {
    if (keys.has(id)) continue;
    const key = free.shift();
    if (key === undefined) break;
    keys.set(id, key);
  }
  return keys;
}

/** The choice after a class was given a key: the class that had it gets the old key of this one. */
export function giveKey(
  keys: ReadonlyMap<number, string>,
  classId: number,
  key: string,
): Record<string, number | null> {
  const next = Object.fromEntries([...keys].map(([id, one]) => [one, id as number | null]));
  const [old, owner] = [keys.get(classId), next[key] ?? null];
  next[key] = classId;
  if (old !== undefined && old !== key) next[old] = owner;
  return next;
}

interface LabelKeys {
  digit(key: string): void;
  remove(): void;
  same(): void;
  /** Lets the class be typed. @returns false when the key means something else now */
  byName(): boolean;
  /** Leaves the photos out of training and tests. */
  exclude(): void;
  /** Takes the suggested label. @returns false when the key means something else now */
  accept(): boolean;
  undo(): void;
  redo(): void;
}

/** The key that takes the suggested label. */
export const acceptKey = 'a';

/** The key that lets one type the class. */
export const finderKey = 't';

/** Listens for the keys of labelling while the calling component lives. Held keys count once. */
export function useLabelKeys(does: LabelKeys): void {
  useEventListener(window, 'keydown', (event) => {
    if (event.altKey || event.repeat || event.defaultPrevented || isMeantElsewhere(event)) return;
    const meant = event.ctrlKey || event.metaKey ? onCommand(event, does) : onPlainKey(event.key, does);
    if (meant) event.preventDefault();
  });
}

/** @returns whether the key meant something */
function onCommand({ key, shiftKey }: KeyboardEvent, does: LabelKeys): boolean {
  const letter = key.toLowerCase();
  if (letter === 'z' && !shiftKey) does.undo();
  else if ((letter === 'z' && shiftKey) || letter === 'y') does.redo();
  else return false;
  return true;
}

function onPlainKey(key: string, does: LabelKeys): boolean {
  if ((digits as readonly string[]).includes(key)) does.digit(key);
  else if (key === '0' || key === 'Backspace') does.remove();
  else if (key === '.') does.same();
  else if (key === acceptKey) return does.accept();
  else if (key === finderKey) return does.byName();
  else if (key === 'Delete') does.exclude();
  else return false;
  return true;
}
