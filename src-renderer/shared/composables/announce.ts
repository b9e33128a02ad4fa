/** Tells screen readers what changed without moving the focus. */
import { ref } from 'vue';

/** The sentence in the live region. */
export const announcement = ref('');

/** Speaks politely. The same sentence twice in a row is spoken once. */
export function announce(sentence: string): void {
  announcement.value = sentence;
}
