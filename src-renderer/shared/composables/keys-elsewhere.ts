/** Where keys and pasting have another meaning, so that those of the screen must not act. */

/** Where one types. */
const fields = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';
const layers = ['listbox', 'menu', 'dialog'];
/** Choosing in lists, menus and dialogs; one that fades out, with the focus still in it, is no longer meant. */
const places = [fields, ...layers.map((role) => `[role="${role}"]:not([data-state="closed"])`)].join(', ');

/** What is open in front of the screen; what fades out is no longer. */
const inFront = layers.map((role) => `[role="${role}"][data-state="open"]`).join(', ');

/**
 * True while one types, or while a list, a menu or a dialog is open: also when the focus has got lost behind it, what is
 * pressed or pasted is not meant for the screen.
 */
export function isMeantElsewhere({ target }: Event): boolean {
  if (target instanceof Element && target.closest(places) !== null) return true;
  return document.querySelector(inFront) !== null;
}
