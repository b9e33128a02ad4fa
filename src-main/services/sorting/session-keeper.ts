/** The sorting that is open: one at a time, as each is locked for one process. */
import type { SortSession } from '../../project/sorting/session-database.ts';
import { openSession } from '../../project/sorting/session-folders.ts';

/** Keeps the sorting that was asked for last open. */
export class SessionKeeper {
  #open: { readonly base: string; readonly session: SortSession } | null = null;

  /** The sorting, if it is the open one. */
  peek(base: string, id: string): SortSession | null {
    return this.#open?.base === base && this.#open.session.about.id === id ? this.#open.session : null;
  }

  /** Opens a sorting; the one before is closed. @throws AppError NOT_FOUND, SORT_LOCKED, SORT_DAMAGED */
  get(base: string, id: string): SortSession {
    const known = this.peek(base, id);
    if (known !== null) return known;
    const session = openSession(base, id);
    this.take(base, session);
    return session;
  }

  /** Keeps a sorting that was just made. */
  take(base: string, session: SortSession): void {
    this.close();
    this.#open = { base, session };
  }

  close(): void {
    this.#open?.session.close();
    this.#open = null;
  }
}
