/** How often the user gave a photo the class that had been suggested: the only fair test of suggestions. */
import type { SuggestionsState } from '../../contract/app/suggestions.ts';

/** Photos that are counted. */
const maxCounted = 50;

/** Counts the last photos that were labelled after they had been suggested a class. */
export class Agreement {
  readonly #photos = new Map<number, { readonly suggested: number; readonly given: number }>();

  /**
   * Notes a label. Corrected ones count as corrected, those taken away do not count.
   * @param suggested the class suggested before it had a label; null when there was none
   * @param given −1 when the label was taken away
   */
  note(id: number, suggested: number | null, given: number): void {
    const before = this.#photos.get(id);
    if (given < 0) this.#photos.delete(id);
    else if (before !== undefined) this.#photos.set(id, { suggested: before.suggested, given });
    else if (suggested !== null) this.#photos.set(id, { suggested, given });
  }

  /** Of the last photos, how many agreed. */
  read(): SuggestionsState['agreement'] {
    const last = [...this.#photos.values()].slice(-maxCounted);
    return { asked: last.length, agreed: last.filter(({ suggested, given }) => suggested === given).length };
  }
}
