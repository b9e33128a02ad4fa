/**
 * `npm run test:faults [-- --rounds N --only NAME,NAME --seed N --list]`: kills Lenslet, fills its disk, takes its
 * folders away and flips its bytes, again and again, and counts what that cost. Ends with 1 when anything was lost, left
 * over, or not carried to its right end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom, hash32 } from '../../src-main/core/random/random.ts';
import type { Campaign, Round } from './campaign.ts';
import { campaigns } from './campaigns/index.ts';
import { type Tally, addRound, emptyTally, isClean, tallyLine } from './tally.ts';

/** Findings of one campaign that are printed in full. */
const maxPrinted = 10;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
  },
});

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} takes a whole number from 1 on`);
  return number;
}

function chosenCampaigns(): readonly Campaign[] {
  if (values.only === undefined) return campaigns;
  const asked = values.only.split(',');
  const unknown = asked.filter((id) => !campaigns.some((campaign) => campaign.id === id));
  if (unknown.length > 0) throw new Error(`no campaign ${unknown.join(', ')}; see --list`);
  return campaigns.filter(({ id }) => asked.includes(id));
}

function failedRound(thrown: unknown): Round {
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { acknowledged: 0, lost: 0, resumed: 0, leftOver: [], problems: [text] };
}

async function run(campaign: Campaign, rounds: number, seed: number): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), `lenslet-faults-${campaign.id}-`));
  const random = createRandom(hash32(`${seed}/${campaign.id}`));
  let tally = emptyTally;
  try {
    const running = await campaign.start({ folder, random });
    try {
      for (let number = 0; number < rounds; number++) {
        tally = addRound(tally, await running.round(number).catch(failedRound));
      }
    } finally {
      await running.end();
    }
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function main(): Promise<number> {
  if (values.list) {
    for (const { id, about } of campaigns) console.log(`${id.padEnd(16)}${about}`);
    return 0;
  }
  const rounds = wholeNumber('rounds', values.rounds);
  const seed = wholeNumber('seed', values.seed);
  let clean = true;
  for (const campaign of chosenCampaigns()) {
    const reason = campaign.unavailable();
    if (reason !== null) {
      console.log(`${campaign.id.padEnd(16)}skipped: ${reason}`);
      continue;
    }
    const started = performance.now();
    const tally = await run(campaign, rounds, seed);
    console.log(tallyLine(campaign.id, tally, (performance.now() - started) / 1000));
    for (const text of [...tally.leftOver, ...tally.problems].slice(0, maxPrinted)) console.log(`  ${text}`);
    clean &&= isClean(tally);
  }
  return clean ? 0 : 1;
}

process.exitCode = await main();
