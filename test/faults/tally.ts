/** Adding up rounds, and the line that is printed of them. */
import type { Round } from './campaign.ts';

/** The sum of a campaign's rounds. */
export interface Tally {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly resumed: number;
  readonly leftOver: readonly string[];
  readonly problems: readonly string[];
}

export const emptyTally: Tally = {
  rounds: 0,
  acknowledged: 0,
  lost: 0,
  resumed: 0,
  leftOver: [],
  problems: [],
};

/** The tally with one more round in it. Findings carry the round's number. */
export function addRound(tally: Tally, round: Round): Tally {
  const numbered = (found: readonly string[]): string[] =>
    found.map((text) => `round ${tally.rounds}: ${text}`);
  return {
    rounds: tally.rounds + 1,
    acknowledged: tally.acknowledged + round.acknowledged,
    lost: tally.lost + round.lost,
    resumed: tally.resumed + round.resumed,
    leftOver: [...tally.leftOver, ...numbered(round.leftOver)],
    problems: [...tally.problems, ...numbered(round.problems)],
  };
}

/** True when nothing was lost, left over or otherwise wrong, and every round came to its right end. */
export function isClean(tally: Tally): boolean {
  const { rounds, lost, resumed, leftOver, problems } = tally;
  return rounds > 0 && lost === 0 && resumed === rounds && leftOver.length === 0 && problems.length === 0;
}

/** One line: what was counted. @param seconds that the campaign took */
export function tallyLine(id: string, tally: Tally, seconds: number): string {
  return [
    id.padEnd(16),
    `rounds ${tally.rounds}`,
    `acknowledged ${tally.acknowledged}`,
    `lost ${tally.lost}`,
    `resumed ${tally.resumed}`,
    `left over ${tally.leftOver.length}`,
    `problems ${tally.problems.length}`,
    `${Math.round(seconds)} s`,
  ].join('  ');
}
