import type { EngineStatus } from '../contract/app/app.ts';
import type { Backend } from '../engine/base/backend.ts';

/** A candidate that could not be used, for the doctor and the status line. */
export type RejectedEngine = EngineStatus['rejected'][number];

/** One way to compute. The ladder takes the first that loads. */
export interface BackendCandidate {
  /** What `LENSLET_ENGINE` and the doctor call it. */
  readonly id: string;
  readonly label: string;
  /**
   * Loads it and proves that it computes.
   * @throws CandidateRejection when it cannot be used here
   */
  load(): Promise<Backend>;
}

/** Why a candidate cannot be used on this machine. */
export class CandidateRejection extends Error {
  readonly reason: string;
  readonly remedy: string;

  /**
   * @param reason one sentence
   * @param remedy what would make it work
   */
  constructor(reason: string, remedy: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'CandidateRejection';
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Any thrown value as a rejection. */
  static from(thrown: unknown, remedy: string): CandidateRejection {
    if (thrown instanceof CandidateRejection) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const line = message.split('\n').find((part) => part.trim() !== '') ?? 'it gave no reason';
    return new CandidateRejection(line.trim(), remedy, thrown);
  }
}
