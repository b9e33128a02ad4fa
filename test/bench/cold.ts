/** The whole way from a folder to the test figure, as whole programs: start, import, ten epochs, test. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { availableCores } from '../../src-main/backends/available-cores.ts';
import { type Bench, type Result, summarise } from './compare.ts';
import { kerasProgram } from './keras-peer.ts';
import type { Program } from './support/side.ts';

const epochs = 10;
const cli = join(import.meta.dirname, '..', '..', 'src-main', 'hosts', 'cli.ts');

/** Runs a program. @returns what it wrote to stdout */
async function runProgram({ command, args, env }: Program): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error = (error + chunk.toString()).slice(-2000)));
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} ended with ${code}: ${error}`);
  return out;
}

/** Wall time of both, in turn. Every round begins with nothing. */
export async function compareCold(bench: Bench): Promise<Result> {
  const { folder, what } = await bench.photos();
  const rounds = { ours: [] as number[][], theirs: [] as number[][] };
  const accuracies: Record<'Lenslet' | 'Keras', number[]> = { Lenslet: [], Keras: [] };
  for (let round = 0; round < (bench.long ? bench.rounds : 1); round++) {
    let begun = performance.now();
    accuracies.Lenslet.push(await lenslet(bench, folder));
    rounds.ours.push([(performance.now() - begun) / 1000]);
    if (bench.peer === null) continue;
    begun = performance.now();
    const options = JSON.stringify({ folder, epochs, cores: availableCores() });
    const answer = await runProgram(kerasProgram(bench.peer, 'cold', options));
    accuracies.Keras.push((JSON.parse(answer.trim().split('\n').at(-1)!) as { accuracy: number }).accuracy);
    rounds.theirs.push([(performance.now() - begun) / 1000]);
  }
  const tested = Object.entries(accuracies).map(
    ([name, values]) => `${name} ${values.map((value) => `${(value * 100).toFixed(0)}%`).join(', ')}`,
  );
  return { ...summarise(rounds, 's'), note: `${what}; on the test photos: ${tested.join('; ')}` };
}

async function lenslet({ folder: parent }: Bench, photos: string): Promise<number> {
  const home = mkdtempSync(join(parent, 'cold-'));
  const command = (...args: string[]): Promise<string> =>
    runProgram({
      command: process.execPath,
      args: [cli, ...args, '--project', join(home, 'project'), '--json'],
      env: { LENSLET_HOME: home },
    });
  try {
    await command('import', photos);
    const lines = (
      await command('train', '--recipe', 'scratch', '--epochs', String(epochs), '--seed', '1')
    ).trim();
    const found = lines.split('\n').map((line) => JSON.parse(line) as { test?: { accuracy: number } | null });
    return found.findLast(({ test }) => test != null)?.test?.accuracy ?? NaN;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
