/**
 * Labels flipped on purpose, and how many of them the check puts first: `LENSLET_BACKBONES=FOLDER node
 * test/bench/label-errors.ts FOLDER [SHARE] [SEED]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { packRanges, unpackIds } from '../../src-main/contract/shared/id-ranges.ts';
import { permutation, createRandom } from '../../src-main/core/random/random.ts';
import { createNodeCore } from '../../src-main/hosts/node/node-core.ts';

/** How often a flipped label is scored above another one; ties count half. */
function areaUnderCurve(scored: readonly (readonly [score: number, flipped: boolean])[]): number {
  const flipped = scored.filter(([, is]) => is);
  const others = scored.filter(([, is]) => !is);
  let above = 0;
  for (const [own] of flipped)
    for (const [score] of others) above += own > score ? 1 : own === score ? 0.5 : 0;
  return above / (flipped.length * others.length);
}

const [folder, share = '0.05', seed = '7'] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node test/bench/label-errors.ts FOLDER [SHARE] [SEED]\n');
  process.exit(2);
}

const home = mkdtempSync(join(tmpdir(), 'lenslet-label-errors-'));
process.env.LENSLET_HOME = home;
const core = createNodeCore('cli');
const client = createRouterClient(core.router, { context: {} });
try {
  await core.projects.openFolder(join(home, 'project'), { name: 'Flipped' });
  await core.imports.importPaths([folder]);
  const { classes } = await client.datasets.summary();
  const ids = [...unpackIds((await client.labels.list({})).ids)];
  const order = permutation(ids.length, createRandom(Number(seed))).subarray(
    0,
    Math.round(ids.length * Number(share)),
  );
  const chosen = Array.from(order, (at) => ids[at]);
  const flipped = new Set(chosen);
  for (const [place, { id }] of classes.entries()) {
    const rows: number[] = [];
    for (let start = 0; start < chosen.length; start += 1000) {
      const images = await client.datasets.getImages({ ids: chosen.slice(start, start + 1000) });
      rows.push(...images.filter(({ classId }) => classId === id).map((image) => image.id));
    }
    // Each is flipped once: those flipped before are of the next class now.
    const own = rows.filter((one) => flipped.has(one));
    own.forEach((one) => flipped.delete(one));
    const next = classes[(place + 1) % classes.length].id;
    await client.labels.apply({ kind: 'label', images: packRanges(own), classId: next });
  }
  for (let pass = 1; pass <= 2; pass++) {
    const began = performance.now();
    const run = await core.checks.runToEnd(['label-errors']);
    const seconds = (performance.now() - began) / 1000;
    const { total, findings } = await client.checks.findings({ check: 'label-errors', limit: 1000 });
    if (total > findings.length) throw new Error(`${total} suspects, of which ${findings.length} came`);
    const suspects = findings.map(({ sample }) => sample[0]);
    const wrong = new Set(chosen);
    const tenth = suspects.slice(0, Math.round(ids.length / 10));
    const caught = tenth.filter((id) => wrong.has(id)).length;
    const sure = findings.filter(({ severity }) => severity === 'warning');
    const right = sure.filter(({ sample }) => wrong.has(sample[0])).length;
    const scores = new Map(findings.map(({ sample, score }) => [sample[0], score]));
    const area = areaUnderCurve(ids.map((id) => [scores.get(id) ?? 0, wrong.has(id)]));
    process.stdout.write(
      `seed ${seed}, pass ${pass}: ${run.status}${run.error === null ? '' : ` ${run.error.code}`} in ${seconds.toFixed(1)} s; ${ids.length} photos, ` +
        `${wrong.size} labels flipped, ${total} suspects; ${caught} (${((100 * caught) / wrong.size).toFixed(1)}%) of the flipped ` +
        `among the first tenth; AUROC ${area.toFixed(4)} (photos that are no suspects tie at the end); ${sure.length} clear ones, ${right} of them flipped\n`,
    );
  }
} finally {
  await core.close();
  rmSync(home, { recursive: true, force: true });
}
