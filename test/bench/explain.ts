/**
 * Seconds from request to picture when looking inside, with the model already loaded: heatmaps of both MobileNets on
 * the lesson's elephants, and the activations of all eight layers of the scratch model for one cat.
 *
 *   node test/bench/explain.ts DATA     (DATA holds backbones/, elephant/ and cats_and_dogs_small/)
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ExplainModel, ExplainPhoto } from '../../src-main/contract/app/explain/network.ts';
import { findRecipe } from '../../src-main/registries/recipes/index.ts';
import { createTensorflowCandidate } from '../../src-main/backends/tensorflow.ts';
import { writeModelFile } from '../fixtures/models/formula-network.ts';
import { trainingCore } from '../fixtures/training-core.ts';

const data = resolve(process.argv[2] ?? '../shared/data');
const rounds = 5;
const here = await trainingCore();
const folder = mkdtempSync(join(tmpdir(), 'lenslet-explain-bench-'));
const pick = (path: string): string => here.core.context.pickedPaths.add(path);
const ofFile = (path: string): ExplainPhoto => ({ kind: 'pick', pick: pick(path) });

/** Median and first of some rounds, the picture drawn each time. */
async function time(name: string, model: ExplainModel, ask: () => Promise<string>): Promise<void> {
  await here.client.explain.overview({ model });
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const address = await ask();
    const response = await here.core.media(new Request(`http://here/${address}`));
    await response.arrayBuffer();
    seconds.push((performance.now() - start) / 1000);
  }
  const [first] = seconds;
  const median = seconds.sort((a, b) => a - b)[Math.floor(rounds / 2)];
  console.log(JSON.stringify({ name, first, median }));
}

const elephant = ofFile(join(data, 'elephant/creative_commons_elephant.jpg'));
for (const name of ['mobilenet_v2_1.0_224', 'mobilenet_v1_0.75_192']) {
  const model: ExplainModel = { kind: 'pick', pick: pick(join(data, 'backbones', name, 'model.json')) };
  await time(`heatmap ${name}`, model, async () => {
    for await (const event of await here.client.explain.heatmap({ model, photo: elephant })) {
      if (event.type === 'done') return event.picture;
    }
    return '';
  });
}

const { tf } = await createTensorflowCandidate().load();
const recipe = findRecipe('scratch');
const network = recipe.build(tf, { inputShape: [150, 150, 3], classes: 2, seed: 1 });
const path = await writeModelFile(tf, network, join(folder, 'scratch'));
const scratch: ExplainModel = { kind: 'pick', pick: pick(path) };
const cats = join(data, 'cats_and_dogs_small/test');
const [cat] = readdirSync(join(cats, 'cats'));
const photo = ofFile(join(cats, 'cats', cat));
await time('activations of all layers, scratch', scratch, async () => {
  for await (const event of await here.client.explain.activations({ model: scratch, photo })) {
    if (event.type === 'done') return event.picture;
  }
  return '';
});
await here.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
