/** Results of explaining, kept so that their pictures can be requested. */
import { createId } from '../../core/text/ids.ts';
import type { Drawing } from './drawing.ts';

/** One result with its pictures by the rest of their address. */
export interface Result {
  /** Bytes it holds in memory, about. */
  readonly bytes: number;
  /** The drawing below an address (`[]` for the result itself), or null. */
  find(path: readonly string[]): Drawing | null;
}

/** How much is kept. */
const maxBytes = 256 * 2 ** 20;
const maxResults = 2000;

/** Keeps results until too many newer ones have come. */
export class ExplainResults {
  readonly #results = new Map<string, Result>();
  #bytes = 0;

  /** Keeps a result and returns its id. */
  add(result: Result): string {
    const id = createId('look');
    this.#results.set(id, result);
    this.#bytes += result.bytes;
    for (const [oldest, { bytes }] of this.#results) {
      const fits = this.#bytes <= maxBytes && this.#results.size <= maxResults;
      if (fits || oldest === id) break;
      this.#results.delete(oldest);
      this.#bytes -= bytes;
    }
    return id;
  }

  /** The drawing of a picture, or null when it is not there (any more). */
  find(id: string, path: readonly string[]): Drawing | null {
    return this.#results.get(id)?.find(path) ?? null;
  }

  /** Forgets all. */
  clear(): void {
    this.#results.clear();
    this.#bytes = 0;
  }
}
