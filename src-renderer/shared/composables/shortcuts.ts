/** Keyboard shortcuts: each is registered with the words that the list behind `?` shows. */
import { defineShortcuts } from '@nuxt/ui/composables';
import { useEventListener } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowReactive } from 'vue';
import { isMeantElsewhere } from './keys-elsewhere.ts';

export interface Shortcut {
  /** Pressed one after the other, e.g. `['g', 'i']`; those pressed together are one, e.g. `meta_z`. */
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
const none = { key: '', at: 0 };
let before = none;
let last = none;
/** Whether the key that is being pressed is meant for something else. */
const resting = ref(false);
useEventListener(
  'keydown',
  (event: KeyboardEvent) => {
    resting.value = isMeantElsewhere(event);
    before = last;
    last = resting.value ? none : { key: event.key, at: event.timeStamp };
  },
  { capture: true },
);

/** True for a key after `g`: it goes to a screen, and means nothing else. */
export function followsPrefix(): boolean {
  return before.key === 'g' && last.at - before.at < prefixDelay;
}

/**
 * Makes shortcuts work, and lists them, while the calling component lives. They rest while one types, and while a list, a
 * menu or a dialog is open.
 */
export function useShortcuts(name: string, shortcuts: readonly Shortcut[]): void {
  const group = { name, shortcuts };
  shortcutGroups.add(group);
  onScopeDispose(() => shortcutGroups.delete(group));
  const handlers = shortcuts.flatMap(({ keys, run }) => {
    if (run === undefined) return [];
    const act = (): void => {
      // All chains begin with g; one that began in a menu is none.
      if (followsPrefix() === keys.length > 1) run();
    };
    return [[keys.join('-'), act] as const];
  });
  const config = Object.fromEntries(handlers);
  defineShortcuts(computed(() => (resting.value ? {} : config)));
}
