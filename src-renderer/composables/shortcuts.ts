/** Keyboard shortcuts: each is registered with the words that the list behind `?` shows. */
import { defineShortcuts } from '@nuxt/ui/composables';
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

/** Makes shortcuts work, and lists them, while the calling component lives. They rest while one types. */
export function useShortcuts(name: string, shortcuts: readonly Shortcut[]): void {
  const group = { name, shortcuts };
  shortcutGroups.add(group);
  onScopeDispose(() => shortcutGroups.delete(group));
  const handlers = shortcuts.flatMap(({ keys, run }) => (run ? [[keys.join('-'), run] as const] : []));
  defineShortcuts(Object.fromEntries(handlers));
}
