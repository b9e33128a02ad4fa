/** The latest suggestions. */
import type { SuggestedClasses } from '../../analysis/checks/mathematics/suggest-labels.ts';
import type { Suggestion } from '../../contract/app/suggestions.ts';
import { placeIn } from './photo-set.ts';

/** What was learned, and from what. */
export interface LearnedSuggestions extends SuggestedClasses {
  /** Ascending. */
  readonly ids: Int32Array;
  /** The labels it was learned from: class ids; −1 without. */
  readonly labels: Int32Array;
  readonly classIds: Int32Array;
}

/** Looks up and orders suggestions. */
export class Suggested {
  /** False where there were too few labels: only the order of the queue is known. */
  readonly isLearnt: boolean;
  readonly learntFrom: number;
  /** Photos without a label that have a suggestion. */
  readonly count: number;
  readonly #learned: LearnedSuggestions;

  constructor(learned: LearnedSuggestions) {
    this.#learned = learned;
    const { labels, classes, classIds } = learned;
    this.isLearnt = classIds.length >= 2;
    const known = new Set(this.isLearnt ? classIds : []);
    this.learntFrom = labels.reduce((sum, label) => sum + Number(known.has(label)), 0);
    this.count = labels.reduce((sum, label, place) => sum + Number(label < 0 && classes[place] >= 0), 0);
  }

  /** The suggestion of a photo, or null. */
  of(id: number): Suggestion | null {
    const { ids, classes, labels, probabilities } = this.#learned;
    const place = placeIn(ids, id);
    if (place < 0 || classes[place] < 0) return null;
    const learntAs = labels[place] < 0 ? null : labels[place];
    return { id, classId: classes[place], probability: probabilities[place], learntAs };
  }

  /** The class that was suggested before the photo had a label; null when it had one already. */
  unseen(id: number): number | null {
    const found = this.of(id);
    return found === null || found.learntAs !== null ? null : found.classId;
  }

  /** Puts ids in the order in which they are best labelled: the queue, then the least certain first. */
  queueFirst(ids: readonly number[]): number[] {
    const { ids: all, queue } = this.#learned;
    const wanted = new Set(ids);
    const first = Array.from(queue, (place) => all[place]).filter((id) => wanted.delete(id));
    return [...first, ...this.order([...wanted], false)];
  }

  /** Puts ids in order: the least certain first, or last; those without a suggestion after them as they came. */
  order(ids: readonly number[], descending: boolean): number[] {
    const certainty = new Map(ids.map((id) => [id, this.of(id)?.probability ?? Infinity]));
    const known = ids.filter((id) => certainty.get(id) !== Infinity);
    const others = ids.filter((id) => certainty.get(id) === Infinity);
    const way = descending ? -1 : 1;
    known.sort((a, b) => way * (certainty.get(a)! - certainty.get(b)!) || a - b);
    return [...known, ...others];
  }
}
