/** Keyboard shortcuts: each is registered with the words that the list behind `?` shows. */
import { defineShortcuts } from '@nuxt/ui/composables';
import { useEventListener } from '@vueuse/core';
import { onScopeDispose, shallowReactive } from 'vue';

export interface Shortcut {
  /** Pressed one after the other, e.g. `['g', 'i']`. */
  readonly keys: readonly string[];
  readonly what: string;
  /** Missing: the keys are handled where the focus is, and only listed here. */
  readonly run?: () => void;
}

interface ShortcutGroup {
  readonly name: string;
  readonly shortcuts: readonly Shortcut[];
}

/** What works now, in the order of registration. */
export const shortcutGroups = shallowReactive(new Set<ShortcutGroup>());

/** Milliseconds after `g` in which a letter names a screen; as long as `defineShortcuts` waits. */
const prefixDelay = 800;
let before = { key: '', at: 0 };
let last = before;
useEventListener(
  'keydown',
  ({ key, timeStamp }: KeyboardEvent) => {
    before = last;
    last = { key, at: timeStamp };
  },
  { capture: true },
);

/** True for a key after `g`: it goes to a screen, and means nothing else. */
export function followsPrefix(): boolean {
  return before.key === 'g' && last.at - before.at < prefixDelay;
}

/** Makes shortcuts work, and lists them, while the calling component lives. They rest while one types. */
export function useShortcuts(name: string, shortcuts: readonly Shortcut[]): void {
  const group = { name, shortcuts };
  shortcutGroups.add(group);
  onScopeDispose(() => shortcutGroups.delete(group));
  const handlers = shortcuts.flatMap(({ keys, run }) => {
    if (run === undefined) return [];
    const alone = (): void => {
      if (!followsPrefix()) run();
    };
    return [[keys.join('-'), keys.length === 1 ? alone : run] as const];
  });
  defineShortcuts(Object.fromEntries(handlers));
}
