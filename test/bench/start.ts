/** From the wish to train to the first step done, of the compiled program alone: an engine that is running already. */
import { type Bench, type Result, lensletProgram } from './compare.ts';
import { Side } from './support/side.ts';
import { spreadOf } from './support/statistics.ts';

/** Build, compile and first step of the scratch recipe, each time in a fresh process. */
export async function measureStart({ rounds }: Bench): Promise<Result> {
  const seconds: number[] = [];
  const parts: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const side = await Side.start('Lenslet', lensletProgram(), {
      work: 'step',
      recipe: 'scratch',
      batch: 20,
    });
    side.end();
    const {
      buildMilliseconds: build,
      prepareMilliseconds: prepare,
      firstStepMilliseconds: first,
    } = side.facts;
    seconds.push((Number(build) + Number(prepare) + Number(first)) / 1000);
    parts.push([build, prepare, first].map((part) => `${(Number(part) / 1000).toFixed(2)}`).join(' + '));
  }
  return {
    ours: { ...spreadOf(seconds), unit: 's' },
    note: `network + graph + first step: ${parts.join('; ')} s`,
  };
}
