/** Stale answers: which of the answers on their way are still wanted. */
import { getCurrentScope, onScopeDispose } from 'vue';

/** Questions of one kind, of which only the latest is of interest. */
export interface Latest {
  /**
   * Begins a new question: the answers to all earlier ones are stale.
   * @returns the new question's signal, aborted as soon as its answer is stale; give it to the request to cancel that too
   */
  begin(): AbortSignal;
  /** The latest question's signal, for work that belongs to it and makes nothing stale. */
  readonly signal: AbortSignal;
  /** Makes all answers on their way stale, as when another project is opened. Later questions are not affected. */
  cancel(): void;
}

/**
 * Keeps track of the latest question. Works in stores and plain modules too; in a component, or any other effect scope,
 * all answers are stale once it is gone.
 * @example
 * const signal = latest.begin();
 * const found = await api.explain.overview({ model });
 * if (!signal.aborted) overview.value = found;
 */
export function useLatest(): Latest {
  let current = new AbortController();
  function begin(): AbortSignal {
    const before = current;
    current = new AbortController();
    before.abort();
    return current.signal;
  }
  const cancel = (): void => void begin();
  if (getCurrentScope() !== undefined) onScopeDispose(cancel);
  return {
    begin,
    cancel,
    get signal() {
      return current.signal;
    },
  };
}
