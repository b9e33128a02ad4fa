/** What a job says in its log: lines that begin with `lenslet-`. The rest is for people. */

/** What the lines hold, one after another. */
export interface JobLogEvents {
  /** A line of results, as it is. */
  onResult(line: string): void;
  onProgress(done: number): void;
  onGolden(difference: number, allowed: number): void;
  onMissing(packages: readonly string[]): void;
}

/** Cuts a log that arrives in pieces into lines. */
export class JobLogReader {
  readonly #events: JobLogEvents;
  #rest = '';

  constructor(events: JobLogEvents) {
    this.#events = events;
  }

  /** Takes a piece. */
  take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#read(line);
  }

  #read(line: string): void {
    const [, kind, json] = /^lenslet-(result|progress|golden|missing) (.*)$/.exec(line) ?? [];
    if (kind === undefined) return;
    if (kind === 'result') {
      this.#events.onResult(json);
      return;
    }
    const value = parse(json);
    if (kind === 'progress') this.#events.onProgress(Number(value.done) || 0);
    else if (kind === 'golden') this.#events.onGolden(Number(value.difference), Number(value.allowed));
    else if (Array.isArray(value)) this.#events.onMissing(value.map(String));
  }
}

function parse(json: string): Record<string, unknown> {
  try {
    return (JSON.parse(json) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
