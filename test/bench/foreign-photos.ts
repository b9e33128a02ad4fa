/**
 * "I don't know" of photos of other things, beside the own photos that are refused: `node test/bench/foreign-photos.ts
 * RUN-FOLDER OWN-FOLDER FOREIGN-FOLDER…`. The own folder holds test photos in folders named like the classes. Writes a
 * Markdown table.
 */
import { basename, dirname, join } from 'node:path';
import { calibrationSchema } from '../../src-main/contract/shared/calibration.ts';
import { wilsonInterval } from '../../src-main/core/statistics/statistics.ts';
import { createNodeCore } from '../../src-main/hosts/node/node-core.ts';
import { readFileSync } from 'node:fs';

const [run, own, ...foreign] = process.argv.slice(2);
if (run === undefined || own === undefined) {
  process.stderr.write('usage: node test/bench/foreign-photos.ts RUN-FOLDER OWN-FOLDER FOREIGN-FOLDER…\n');
  process.exit(2);
}

const core = createNodeCore('cli');
const record = readFileSync(join(run, 'model', 'calibration', 'calibration.json'), 'utf8');
const { refusal } = calibrationSchema.parse(JSON.parse(record));
const { classes } = await core.training.models.describe({ path: run });
const limits = new Map(refusal!.classes.map((one, index) => [classes[index], one]));

interface Counts {
  photos: number;
  probability: number;
  distance: number;
  refused: number;
}
const nothing = (): Counts => ({ photos: 0, probability: 0, distance: 0, refused: 0 });

function line(kind: string, { photos, ...counts }: Counts): string {
  const share = (refused: number): string => {
    const [low, high] = (wilsonInterval(refused, photos) ?? [0, 0]).map((end) => (100 * end).toFixed(1));
    return `${((100 * refused) / photos).toFixed(1)}% (${low}–${high})`;
  };
  const { probability, distance, refused } = counts;
  return `| ${kind} | ${photos} | ${share(probability)} | ${share(distance)} | ${share(refused)} |\n`;
}

process.stdout.write(
  '| photos | how many | by probability | by distance | refused |\n|---|---|---|---|---|\n',
);
for (const folder of [own, ...foreign]) {
  const kinds = new Map<string, Counts>();
  for await (const found of core.training.models.predict({ path: run }, [folder])) {
    if (found.error !== null || found.label === null) continue;
    const isRight = found.label === basename(dirname(found.image));
    const kind =
      folder !== own ? basename(folder) : isRight ? 'own, answered rightly' : 'own, answered wrongly';
    const counts = kinds.get(kind) ?? nothing();
    kinds.set(kind, counts);
    const { probability, distance } = limits.get(found.label)!;
    counts.photos++;
    if (found.probability! < probability) counts.probability++;
    if (distance !== null && found.distance! > distance) counts.distance++;
    if (found.unknown !== false) counts.refused++;
  }
  for (const [kind, counts] of kinds) process.stdout.write(line(kind, counts));
}
await core.close();
