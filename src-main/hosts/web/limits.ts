/** How long and how much the web server waits for others. */

/** At least `bytes` in each `milliseconds` of waiting. */
export interface Pace {
  readonly bytes: number;
  readonly milliseconds: number;
}

export interface Limits {
  /** Connections of whoever has not shown the cookie yet; one more ends the oldest. */
  readonly strangers: number;
  /** Milliseconds in which the headers of a request have to arrive. */
  readonly headers: number;
  /** Milliseconds that a refused stranger has to take the refusal. */
  readonly refusal: number;
  /** How fast an upload has to arrive. Its total time has no limit: 256 MB over a slow network take long. */
  readonly upload: Pace;
  /** Milliseconds in which a reader has to take something of an answer. */
  readonly reader: number;
  /** Milliseconds that answers under way have to end when the server closes. */
  readonly closing: number;
}

/** The limits of every server; a test may give shorter ones. */
export const usualLimits: Limits = {
  strangers: 64,
  headers: 10_000,
  refusal: 1000,
  upload: { bytes: 16 * 1024, milliseconds: 30_000 },
  reader: 60_000,
  closing: 1000,
};
