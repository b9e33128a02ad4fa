/** Lenslet's side of the benchmarks: reads one JSON object a line and answers with one. See `test/bench/support/side.ts`. */
import { createInterface } from 'node:readline';
import type { Facts, Work } from '../support/side.ts';
import { startRun, trainEpochs } from './epochs.ts';
import { patterns } from './patterns.ts';
import { networkForward, trainingStep } from './steps.ts';

/** A work that is prepared. */
export interface Prepared {
  /** Does it so many times. @returns milliseconds each */
  run(times: number): Promise<number[]> | number[];
  facts?: Facts;
  close?(): Promise<void>;
}

const works: Record<string, (work: Work) => Promise<Prepared>> = {
  step: trainingStep,
  forward: networkForward,
  patterns,
  epoch: trainEpochs,
  'run-start': startRun,
};

let prepared: Prepared | null = null;
for await (const line of createInterface(process.stdin)) {
  const question = JSON.parse(line) as Work | { times: number };
  let answer: object;
  try {
    if ('work' in question) {
      prepared = await works[question.work](question);
      answer = { facts: prepared.facts };
    } else {
      answer = { values: await prepared!.run(question.times), facts: prepared!.facts };
    }
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await prepared?.close?.();
