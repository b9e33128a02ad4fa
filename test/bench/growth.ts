/** How time and memory grow with the number of images and with the batch size. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, type Result, lensletProgram } from './compare.ts';
import { runImport } from './import-run.ts';
import { manyPictures } from './support/photos.ts';
import { Side } from './support/side.ts';
import { median } from './support/statistics.ts';

const imageCounts = { short: [1_000, 4_000], long: [1_000, 4_000, 16_000, 64_000] };
const batchSizes = { short: [8, 32, 128], long: [8, 16, 32, 64, 128] };

/** Import, and the start of a training epoch, of more and more small pictures. */
export async function growthByImages(bench: Bench): Promise<Result> {
  const rows = [
    ['images', 'import', 'images/s', 'peak memory', 'to the first step of a run', 'engine’s peak memory'],
  ];
  for (const images of imageCounts[bench.long ? 'long' : 'short']) {
    const folder = join(bench.folder, `many-${images}`);
    bench.say(`  ${images} images`);
    await manyPictures(folder, images);
    const { seconds, perSecond, peakMegabytes } = await runImport(folder);
    const side = await Side.start('Lenslet', lensletProgram(), {
      work: 'run-start',
      folder,
      recipe: 'scratch',
    });
    const [firstStep] = await side.round(1);
    side.end();
    rmSync(folder, { recursive: true, force: true });
    rows.push([
      images.toLocaleString('en'),
      `${seconds.toFixed(1)} s`,
      perSecond.toFixed(0),
      `${peakMegabytes.toFixed(0)} MB`,
      `${(firstStep / 1000).toFixed(2)} s`,
      `${Number(side.facts.enginePeakMegabytes).toFixed(0)} MB`,
    ]);
  }
  return { table: rows, note: 'pictures of 200×200 pixels' };
}

/** A training step with larger and larger batches, each in a process of its own. */
export async function growthByBatch(bench: Bench): Promise<Result> {
  const rows = [['batch', 'step', 'images/s', 'peak memory']];
  for (const batch of batchSizes[bench.long ? 'long' : 'short']) {
    const side = await Side.start('Lenslet', lensletProgram(), { work: 'step', recipe: 'scratch', batch });
    const step = median(await side.round(bench.long ? 10 : 5));
    side.end();
    const memory = Number(side.facts.peakMegabytes);
    rows.push([
      String(batch),
      `${step.toFixed(0)} ms`,
      ((batch * 1000) / step).toFixed(0),
      memory > 0 ? `${memory.toFixed(0)} MB` : '–',
    ]);
  }
  return { table: rows };
}
