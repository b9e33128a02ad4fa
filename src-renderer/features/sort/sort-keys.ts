/** The keys of a review. They rest while one types, and while a list or a dialog is open. */
import { useEventListener } from '@vueuse/core';
import { isMeantElsewhere } from '../../shared/composables/keys-elsewhere.ts';
import { useShortcuts } from '../../shared/composables/shortcuts.ts';
import { keysText as text } from './text.ts';

/** Classes that have a digit as their key. */
export const keyedClasses = 9;

/** What the keys do. */
interface ReviewKeys {
  /** The classes that digits stand for. */
  classes(): readonly string[];
  say(verdict: string): void;
  find(): void;
  undo(): void;
  train(): void;
}

/** Makes the keys work, and lists them, while the calling component lives. */
export function useReviewKeys(does: ReviewKeys): void {
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.repeat || isMeantElsewhere(event)) return;
    const name = /^[1-9]$/.test(event.key) ? does.classes()[Number(event.key) - 1] : undefined;
    if (name === undefined) return;
    event.preventDefault();
    does.say(name);
  });
  useShortcuts(text.group, [
    { keys: ['1–9'], what: text.digit },
    { keys: ['enter'], what: text.accept },
    { keys: ['t'], what: text.find, run: () => does.find() },
    { keys: ['u'], what: text.unknown, run: () => does.say('') },
    { keys: ['z'], what: text.undo, run: () => does.undo() },
    { keys: ['a'], what: text.train, run: () => does.train() },
  ]);
}
