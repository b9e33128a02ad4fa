/**
 * What fast mathematics (bfloat16 products) gives and takes: milliseconds per training step with and without it, and
 * how far the losses are apart. The engine reads the setting when it starts, so each side is a process of its own;
 * they take turns.
 *
 *   node test/bench/fast-math.ts [--rounds 3] [options of training-step.ts]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fastMathEnvironment, fastMathInstructions } from '../../src-main/backends/fast-math.ts';

const script = fileURLToPath(new URL('./training-step.ts', import.meta.url));
const given = process.argv.slice(2);
const place = given.indexOf('--rounds');
const rounds = place < 0 ? 3 : Number(given.splice(place, 2)[1]);

interface Result {
  readonly median: number;
  readonly losses: readonly number[];
}

function measure(environment: Readonly<Record<string, string>>): Result {
  const child = spawnSync(process.execPath, [script, '--only', 'fused', '--json', ...given], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return (JSON.parse(child.stdout) as { results: Result[] }).results[0];
}

const sides = { exact: [] as Result[], fast: [] as Result[] };
for (let round = 0; round < rounds; round++) {
  sides.exact.push(measure({ ONEDNN_DEFAULT_FPMATH_MODE: 'STRICT' }));
  sides.fast.push(measure(fastMathEnvironment));
}

const ratios = sides.exact
  .map(({ median }, round) => median / sides.fast[round].median)
  .sort((a, b) => a - b);
const milliseconds = (results: Result[]) => results.map(({ median }) => median.toFixed(1)).join(', ');
const [exact, fast] = [sides.exact[0].losses, sides.fast[0].losses];
const firstApart = Math.abs(fast[0] / exact[0] - 1);
console.log(`processor: ${fastMathInstructions()?.join(', ') || 'no instructions that gain from it'}`);
console.log(`exact: ${milliseconds(sides.exact)} ms a step; fast: ${milliseconds(sides.fast)} ms`);
console.log(
  `${ratios[Math.floor(rounds / 2)].toFixed(2)}× as fast (${ratios[0].toFixed(2)}–${ratios[rounds - 1].toFixed(2)})`,
);
console.log(
  `first loss ${(firstApart * 100).toFixed(3)}% apart; last ${exact.at(-1)?.toFixed(4)} and ${fast.at(-1)?.toFixed(4)}`,
);
