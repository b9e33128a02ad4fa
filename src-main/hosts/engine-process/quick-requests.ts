import { setImmediate as afterMessages } from 'node:timers/promises';

/** Milliseconds between two steps that quick requests may take together. */
const patience = 1000;

/** Turns of the event loop after which a message that has come is a request being answered. */
const arrival = 4;

/**
 * Requests that are answered between two training steps, as a whole: each wait for a file would otherwise cost one
 * more step. They must not yield themselves.
 */
export class QuickRequests {
  #open = 0;

  /** Does the work of one request. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#open++;
    try {
      return await work();
    } finally {
      this.#open--;
    }
  }

  /** Resolves after waiting messages have been handled and the quick requests among them are answered. */
  async letOthers(): Promise<void> {
    const begun = performance.now();
    for (let turn = 0; turn < arrival; turn++) await afterMessages();
    while (this.#open > 0 && performance.now() - begun < patience) await afterMessages();
  }
}
