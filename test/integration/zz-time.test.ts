import { join } from 'node:path';
import { it } from 'vitest';
import { importInto, trainingCore } from '../fixtures/training-core.ts';
import { presets } from '../../src-main/augmentations/presets.ts';
it('times', async () => {
  const here = await trainingCore();
  await importInto(here, '/work/shared/data/cats_and_dogs_original');
  const settings = presets[1].settings;
  const time = async (name: string, n: number, f: (i: number) => Promise<unknown>) => {
    const t: number[] = [];
    for (let i = 0; i < n; i++) { const a = performance.now(); await f(i); t.push(performance.now() - a); }
    console.log(name, t.map((x) => x.toFixed(0)).join(' '));
  };
  await time('photo', 15, (i) => here.client.augmentation.photo({ settings, count: 15, seed: i }));
  await time('photo+media', 10, async (i) => {
    const p = await here.client.augmentation.photo({ settings, count: 15, seed: i });
    await (await here.core.media(new Request(`http://x/${p!.sheet.address}`))).arrayBuffer();
  });
  await time('plan', 5, () => here.client.training.plan({}));
  await time('ping', 8, () => here.core.context.engine.ask((e) => e.describe()));
  await here.client.training.start({ recipe: 'scratch', settings: { epochs: 100 } });
  await here.until(({ status }) => status === 'training');
  await time('training: photo', 12, (i) => here.client.augmentation.photo({ settings, count: 15, seed: i }));
  await here.close();
}, 180000);
