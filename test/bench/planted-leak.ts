/**
 * A leak planted on purpose, found, mended by one click, and the accuracy before and after: a few photos of each class,
 * each with frames as a burst takes them, dealt out over the splits frame by frame.
 * `node test/bench/planted-leak.ts FOLDER [SCENES] [FRAMES] [EPOCHS]`; FOLDER holds a folder per class.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import sharp from 'sharp';
import { permutation, stream } from '../../src-main/core/random/random.ts';
import { packRanges, unpackIds } from '../../src-main/contract/shared/id-ranges.ts';
import { splitNames } from '../../src-main/contract/shared/vocabulary.ts';
import type { Run } from '../../src-main/contract/app/runs.ts';
import { createNodeCore } from '../../src-main/hosts/node/node-core.ts';

const [folder, scenes = '40', frames = '6', epochs = '15'] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node test/bench/planted-leak.ts FOLDER [SCENES] [FRAMES] [EPOCHS]\n');
  process.exit(2);
}
const home = mkdtempSync(join(tmpdir(), 'lenslet-leak-'));
process.env.LENSLET_HOME = home;

/** One frame of a burst: a little moved, a little brighter or darker, saved anew. */
async function writeFrame(path: string, to: string, frame: number): Promise<void> {
  const random = stream(5, path, frame);
  const { width, height } = await sharp(path).metadata();
  const part = 0.95;
  const [w, h] = [Math.round(width * part), Math.round(height * part)];
  const left = random.integer(Math.max(1, width - w));
  const top = random.integer(Math.max(1, height - h));
  const picture = sharp(path).extract({ left, top, width: w, height: h });
  await picture
    .modulate({ brightness: 0.92 + 0.16 * (random.integer(1000) / 1000) })
    .jpeg({ quality: 85 })
    .toFile(to);
}

async function drawBursts(to: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    mkdirSync(join(to, name), { recursive: true });
    for (const file of readdirSync(join(folder, name)).slice(0, Number(scenes))) {
      for (let frame = 0; frame < Number(frames); frame++) {
        const target = join(to, name, `${file.replace(/\.\w+$/, '')} frame ${frame}.jpg`);
        await writeFrame(join(folder, name, file), target, frame);
      }
    }
  }
}

const core = createNodeCore('cli');
const client = createRouterClient(core.router, { context: {} });
function finish(id: string): Promise<Run> {
  return new Promise((resolve) => {
    const stop = core.context.events.on((event) => {
      if (event.type !== 'run' || event.run.id !== id || !['done', 'failed'].includes(event.run.status))
        return;
      stop();
      resolve(event.run);
    });
  });
}
async function train(): Promise<Run> {
  const settings = { imageSize: 48, batchSize: 32, learningRate: 1e-3, epochs: Number(epochs), seed: 1 };
  const run = await finish((await client.training.start({ recipe: 'scratch', settings })).id);
  // Another may begin only when this one is wholly over.
  await new Promise((resolve) => setTimeout(resolve, 500));
  return run;
}
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const accuracy = ({ test }: Run): string =>
  `${(100 * test!.accuracy).toFixed(1)}% (${test!.interval!.map((end) => (100 * end).toFixed(1)).join('–')})`;

try {
  const photos = join(home, 'photos');
  await drawBursts(photos);
  await core.projects.openFolder(join(home, 'project'), { name: 'Bursts' });
  await core.imports.importPaths([photos]);
  const ids = [...unpackIds((await client.labels.list({})).ids)];
  const order = permutation(ids.length, stream(1, 'leak'));
  const ends = [0, 0.6, 0.8, 1].map((share) => Math.round(share * ids.length));
  for (const [at, split] of splitNames.entries()) {
    const some = Array.from(order.subarray(ends[at], ends[at + 1]), (place) => ids[place]);
    await client.labels.apply({ kind: 'split', images: packRanges(some), split });
  }
  say(`${ids.length} frames of ${ids.length / Number(frames)} scenes, dealt out frame by frame`);
  const before = await train();
  say(`before: test accuracy ${accuracy(before)}`);
  await core.checks.runToEnd(['split-leakage']);
  const { total } = await client.checks.findings({ check: 'split-leakage' });
  say(`check: ${total} scenes found in more than one split`);
  const fixed = await client.checks.applyFix({ check: 'split-leakage' });
  await core.checks.idle();
  const left = await client.checks.findings({ check: 'split-leakage' });
  say(`one click: ${fixed.entry?.sentence} ${left.total} left.`);
  const clicked = await train();
  say(`after the click: test accuracy ${accuracy(clicked)}`);
  say(JSON.stringify(await client.training.cleaning({ run: clicked.id })));
  // Most scenes had most of their frames in training: a new split gives the test scenes enough of its own.
  await client.labels.makeSplit({ fractions: { train: 0.6, validation: 0.2, test: 0.2 }, seed: 1 });
  const after = await train();
  say(`after a new split that keeps scenes together: test accuracy ${accuracy(after)}`);
  say(JSON.stringify(await client.training.cleaning({ run: after.id })));
} finally {
  await core.close();
  rmSync(home, { recursive: true, force: true });
}
