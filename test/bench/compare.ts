/** Lenslet and Keras in turn on the same work: other load on the machine falls on both. */
import { join } from 'node:path';
import { availableCores } from '../../src-main/backends/available-cores.ts';
import { type KerasPeer, kerasProgram } from './keras-peer.ts';
import type { Photos } from './support/photos.ts';
import { type Program, Side } from './support/side.ts';
import { type Rounds, type Spread, ratioOf, spreadOf } from './support/statistics.ts';

/** What a work is given. */
export interface Bench {
  readonly long: boolean;
  readonly rounds: number;
  readonly peer: KerasPeer | null;
  /** A folder to work in; gone at the end. */
  readonly folder: string;
  /** The original-size photos; made at the first call. */
  photos(): Promise<Photos>;
  say(text: string): void;
}

/** What came out of a work. */
export type Result =
  | { readonly skipped: string }
  | {
      /** How many times as fast as the peer. */
      readonly ratio?: Spread;
      readonly ours?: Spread & { readonly unit: string };
      readonly theirs?: Spread & { readonly unit: string };
      /** A sentence about what was measured. */
      readonly note?: string;
      /** First row: headings. */
      readonly table?: readonly (readonly string[])[];
    };

/** How to compare two sides. */
export interface Comparison {
  /** The work's name on both sides, unless a side's own settings name another. */
  readonly work?: string;
  readonly ours: Readonly<Record<string, unknown>>;
  readonly theirs: Readonly<Record<string, unknown>>;
  /** Environment of our side. */
  readonly env?: Readonly<Record<string, string>>;
  /** How often the work is done in a round: in a short run, in a long one. */
  readonly times: readonly [short: number, long: number];
  readonly unit: string;
}

/** Our side, run by this Node. */
export function lensletProgram(env: Readonly<Record<string, string>> = {}): Program {
  const script = join(import.meta.dirname, 'sides', 'lenslet-side.ts');
  return { command: process.execPath, args: [script], env };
}

/** Lets both sides do the work in turn; without a peer only ours. */
export async function compareSides(bench: Bench, comparison: Comparison): Promise<Result> {
  const { work = '', ours, theirs, env, times, unit } = comparison;
  const each = times[bench.long ? 1 : 0];
  const cores = availableCores();
  const sides: Side[] = [];
  try {
    sides.push(await Side.start('Lenslet', lensletProgram(env), { work, ...ours }));
    if (bench.peer !== null) {
      sides.push(await Side.start('Keras', kerasProgram(bench.peer), { work, ...theirs, cores }));
    }
    const rounds = { ours: [] as number[][], theirs: [] as number[][] };
    for (let round = 0; round < bench.rounds; round++) {
      // Who begins changes: a load that comes and goes must not always meet the same one.
      const order = round % 2 === 0 ? sides : [...sides].reverse();
      for (const side of order)
        (side === sides[0] ? rounds.ours : rounds.theirs).push(await side.round(each));
    }
    return summarise(rounds, unit);
  } finally {
    for (const side of sides) side.end();
  }
}

/** Both sides' spread, and the ratio where there are two. */
export function summarise(rounds: Rounds, unit: string): Result {
  const ours = { ...spreadOf(rounds.ours.flat()), unit };
  if (rounds.theirs.length === 0) return { ours };
  return { ratio: ratioOf(rounds), ours, theirs: { ...spreadOf(rounds.theirs.flat()), unit } };
}
