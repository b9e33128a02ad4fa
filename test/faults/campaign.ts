/** What a fault campaign is: a way to break Lenslet again and again, and to count what that cost. */
import type { Random } from '../../src-main/core/random/random.ts';

/** What one round found. */
export interface Round {
  /** Things that Lenslet had said are saved, or finished, before the fault. */
  readonly acknowledged: number;
  /** Those of them that were gone or wrong afterwards. */
  readonly lost: number;
  /** 1 when the interrupted work was carried to its right end afterwards. */
  readonly resumed: number;
  /** Files and processes that Lenslet should have cleaned up, and did not. */
  readonly leftOver: readonly string[];
  /** Anything else that is wrong, in a sentence. */
  readonly problems: readonly string[];
}

/** Where a campaign works and the chances it takes. */
export interface Workspace {
  /** An empty folder of this campaign, removed at the end. */
  readonly folder: string;
  readonly random: Random;
}

/** A campaign that is ready to begin. */
export interface RunningCampaign {
  /** Breaks once and looks. @param number of the round, from 0 */
  round(number: number): Promise<Round>;
  /** Ends what is still running. */
  end(): Promise<void>;
}

/** One way to break Lenslet. */
export interface Campaign {
  readonly id: string;
  /** What is broken, in a few words. */
  readonly about: string;
  /** Why it cannot run on this machine; null when it can. */
  readonly unavailable: () => string | null;
  /** Prepares it, such as a project to work on. */
  readonly start: (workspace: Workspace) => Promise<RunningCampaign>;
}

/** For `unavailable` of a campaign that runs everywhere. */
export const everywhere = (): null => null;

/** A whole number of milliseconds in [from, to). */
export function milliseconds(random: Random, from: number, to: number): number {
  return from + random.integer(Math.max(1, Math.round(to - from)));
}
