/**
 * Labelling with suggestions, as somebody who knows the answers: how soon suggestions follow a label, how often they are
 * right after how many labels, and how long other requests wait meanwhile.
 * `LENSLET_BACKBONES=FOLDER node test/bench/suggestions.ts FOLDER [LABELS]`; FOLDER holds a folder per class.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRouterClient } from '@orpc/server';
import { packRanges, unpackIds } from '../../src-main/contract/shared/id-ranges.ts';
import type { SuggestionsState } from '../../src-main/contract/app/suggestions.ts';
import { createNodeCore } from '../../src-main/hosts/node/node-core.ts';

const [folder, wanted = '60'] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node test/bench/suggestions.ts FOLDER [LABELS]\n');
  process.exit(2);
}
const home = mkdtempSync(join(tmpdir(), 'lenslet-suggestions-'));
process.env.LENSLET_HOME = home;
const core = createNodeCore('cli');
const client = createRouterClient(core.router, { context: {} });
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const at = (values: number[], share: number): string =>
  [...values]
    .sort((a, b) => a - b)
    [Math.min(values.length - 1, Math.floor(values.length * share))].toFixed(0);

async function fresh(): Promise<SuggestionsState> {
  await core.suggestions.idle();
  return client.suggestions.state();
}
const queue = async (): Promise<number[]> => [
  ...unpackIds((await client.labels.list({ filter: { unlabelled: true }, sort: { by: 'uncertainty' } })).ids),
];

try {
  await core.projects.openFolder(join(home, 'project'), { name: 'Suggestions' });
  await core.imports.importPaths([folder]);
  const ids = [...unpackIds((await client.labels.list({})).ids)];
  const truth = new Map<number, number>();
  for (let start = 0; start < ids.length; start += 2000) {
    const images = await client.datasets.getImages({ ids: ids.slice(start, start + 2000) });
    for (const { id, classId } of images) truth.set(id, classId!);
  }
  await client.labels.apply({ kind: 'label', images: packRanges(ids), classId: null });
  const begun = performance.now();
  await client.suggestions.switch({ on: true });
  await fresh();
  say(`${ids.length} photos looked at in ${((performance.now() - begun) / 1000).toFixed(1)} s`);

  const waits: number[] = [];
  let isOver = false;
  const others = (async () => {
    while (!isOver) {
      const asked = performance.now();
      await client.datasets.getImages({ ids: ids.slice(0, 200) });
      waits.push(performance.now() - asked);
      await wait(20);
    }
  })();
  const label = (id: number) =>
    client.labels.apply({ kind: 'label', images: String(id), classId: truth.get(id)! });
  const classes = [...new Set(truth.values())];
  for (const classId of classes) {
    for (const id of ids.filter((one) => truth.get(one) === classId).slice(0, 3)) await label(id);
  }
  const delays: number[] = [];
  let labels = 3 * classes.length;
  while (labels < Number(wanted)) {
    await fresh();
    if (labels % 10 < 1 || labels === 3 * classes.length) {
      const rest = await queue();
      let right = 0;
      for (let start = 0; start < rest.length; start += 5000) {
        const { suggestions } = await client.suggestions.of({ ids: rest.slice(start, start + 5000) });
        right += suggestions.filter(({ id, classId }) => truth.get(id) === classId).length;
      }
      say(
        `${labels} labels: ${((100 * right) / rest.length).toFixed(1)}% of ${rest.length} suggestions right`,
      );
    }
    const [next] = await queue();
    const pressed = performance.now();
    await label(next);
    await fresh();
    delays.push(performance.now() - pressed);
    labels++;
  }
  isOver = true;
  await others;
  const { agreement } = await client.suggestions.state();
  say(`agreed with ${agreement.agreed} of the last ${agreement.asked}, the most uncertain first`);
  say(`from a label to new suggestions: median ${at(delays, 0.5)} ms, 95% ${at(delays, 0.95)} ms`);
  say(
    `other requests meanwhile: median ${at(waits, 0.5)} ms, 95% ${at(waits, 0.95)} ms, longest ${at(waits, 1)} ms`,
  );
} finally {
  await core.close();
  rmSync(home, { recursive: true, force: true });
}
