import { readdir } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { samplePictures } from '../../../../src-main/datasets/samples/sample-scenes.ts';
import { openTestCore } from '../../../fixtures/core-without-engine.ts';

test('"Try with sample images" makes a project of three classes that is ready to train', async () => {
  const { core, client, close } = await openTestCore({ project: false });
  const phases = new Set<string>();
  core.context.events.on((event) => {
    if (event.type === 'import') phases.add(event.import.progress.phase);
  });
  const { project, importId } = await client.projects.createSample();
  expect(project.name).toBe('Sample images');
  await core.imports.idle();
  expect(await client.datasets.importState()).toMatchObject({
    id: importId,
    status: 'done',
    added: 300,
    quarantined: 0,
    error: null,
  });
  expect([...phases]).toEqual(expect.arrayContaining(['drawing', 'reading']));
  expect(await client.datasets.summary()).toMatchObject({
    images: 300,
    splits: {
      train: { cups: 70, keys: 70, leaves: 70 },
      validation: { cups: 15, keys: 15, leaves: 15 },
      test: { cups: 15, keys: 15, leaves: 15 },
    },
    splitOrigin: 'seeded',
  });
  expect(await readdir(join(project.location, 'samples'))).toEqual(['cups', 'keys', 'leaves']);
  await close();
});

test('the same seed draws the same pictures, another seed others, no two alike', async () => {
  const hashes = async (seed: number): Promise<string[]> => {
    const drawn = await Promise.all(samplePictures(seed, 4).map((picture) => picture.draw()));
    return drawn.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  };
  const first = await hashes(7);
  expect(await hashes(7)).toEqual(first);
  expect(new Set([...first, ...(await hashes(8))]).size).toBe(24);
});

test('colours alone do not tell the classes apart', async () => {
  const means: Record<string, number[][]> = {};
  for (const picture of samplePictures(7, 40)) {
    const { channels } = await sharp(await picture.draw()).stats();
    (means[picture.path.split('/')[0]] ??= []).push(channels.map(({ mean }) => mean));
  }
  // Nearest class mean in colour, learned on one half and tried on the other: little better than one in three.
  const centre = (points: number[][]): number[] =>
    [0, 1, 2].map((channel) => points.reduce((sum, point) => sum + point[channel], 0) / points.length);
  const centres = Object.entries(means).map(([name, points]) => ({ name, at: centre(points.slice(0, 20)) }));
  let right = 0;
  for (const [name, points] of Object.entries(means)) {
    for (const point of points.slice(20)) {
      const distance = (at: number[]): number =>
        at.reduce((sum, value, i) => sum + (value - point[i]) ** 2, 0);
      const nearest = centres.reduce((best, one) => (distance(one.at) < distance(best.at) ? one : best));
      if (nearest.name === name) right++;
    }
  }
  expect(right / 60).toBeLessThan(0.6);
});
